"""The oracle's url filters."""

from __future__ import annotations

import re
from urllib.parse import quote

from declare import oracle_filter
from oracle_values import BLANKS, MISSING, is_missing

SAFE = "%:/?#[]@!$&'()*+,;=-._~"


@oracle_filter()
def url_encode(text: str) -> str:
    encoded = quote(text.strip(BLANKS), safe=SAFE)
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded)


@oracle_filter()
def with_base(text: str, base: str) -> str:
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", text):
        return text
    if text.startswith("//"):
        return str(base).partition(":")[0] + ":" + text
    if text.startswith("/"):
        base = "/".join(str(base).split("/")[:3])
    return str(base).rstrip("/") + "/" + text.lstrip("/")


@oracle_filter(sees_missing=True)
def utm(text: str, source: str = "", medium: str = "", campaign: str = "", term: str = "", content: str = "") -> object:
    if is_missing(text):
        return MISSING
    head, mark, fragment = text.partition("#")
    query = head.partition("?")[2]
    there = {pair.partition("=")[0] for pair in query.split("&")}
    given = {"source": source, "medium": medium, "campaign": campaign, "term": term, "content": content}
    for name, value in given.items():
        if not is_missing(value) and f"utm_{name}" not in there:
            joint = "" if head.endswith(("?", "&")) else "&" if "?" in head else "?"
            head += f"{joint}utm_{name}={quote(str(value), safe='-._~')}"
    return head + mark + fragment
