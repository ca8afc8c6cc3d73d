"""The oracle's text filters: one plain function each, on str."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from typing import Any

from declare import oracle_filter, oracle_test
from jinja2 import Undefined
from oracle_values import BLANKS, MISSING, Fail, Run, is_missing, settled, text_of

BLANK_RUN = re.compile(f"[{BLANKS}]+")
SMALL_WORDS = frozenset(
    ["de", "del", "la", "las", "el", "los", "y", "e", "o", "u", "con", "en", "para", "por", "a", "of", "and", "the"]
)
TAG = re.compile(r"<[a-zA-Z/!][^>]*>")


def collapsed(text: str) -> str:
    return BLANK_RUN.sub(" ", text).strip(BLANKS)


@oracle_filter()
def lower(text: str) -> str:
    return text.lower()


@oracle_filter()
def upper(text: str) -> str:
    return text.upper()


@oracle_filter()
def trim(text: str) -> str:
    return text.strip(BLANKS)


@oracle_filter()
def capitalize(text: str) -> str:
    return text[:1].upper() + text[1:].lower()


@oracle_filter()
def replace(text: str, old: str, new: str) -> str:
    return text.replace(str(old), str(new))


@oracle_filter(run=True)
def string(run: Run, value: Any) -> str:
    return text_of(value, run.zone)


@oracle_filter()
def wordcount(text: str) -> int:
    return len(collapsed(text).split(" "))


@oracle_filter()
def truncate_chars(text: str, n: int) -> str:
    return text[:n]


@oracle_filter()
def truncate_words(text: str, n: int) -> str:
    if len(text) <= n:
        return text
    head = text[:n]
    if text[n] not in BLANKS and any(character in BLANKS for character in head):
        while head and head[-1] not in BLANKS:
            head = head[:-1]
    return head.rstrip(BLANKS)


@oracle_filter()
def truncate_bytes(text: str, n: int) -> str:
    return text.encode()[:n].decode(errors="ignore")


@oracle_filter()
def pad_left(text: str, n: int, fill: str = "0") -> str:
    return str(fill) * (n - len(text)) + text


@oracle_filter()
def collapse_spaces(text: str) -> str:
    return collapsed(text)


@oracle_filter(sees_missing=True, run=True)
def join_present(run: Run, values: list[Any], separator: str = " ") -> object:
    if is_missing(values) or separator is MISSING or separator is None:
        return MISSING
    return str(separator).join(text_of(value, run.zone) for value in values if not is_missing(value))


@oracle_filter(sees_missing=True, run=True)
def append_present(run: Run, text: object, more: object, sep: str = "") -> object:
    if is_missing(text) or is_missing(more):
        return text
    return text_of(text, run.zone) + str(sep) + text_of(more, run.zone)


def dollars(replacement: str) -> str:
    """`$1` is a group, `$$` a dollar; as a template of Python's re."""

    def put(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        if match[0][0] == "$":
            return rf"\g<{match[1]}>"
        return "\\\\"

    return re.sub(r"\$\$|\$(\d+)|\\", put, replacement)


@oracle_filter()
def regex_replace(text: str, pattern: str, replacement: str = "") -> str:
    return re.sub(str(pattern), dollars(str(replacement)), text)


@oracle_filter()
def regex_extract(text: str, pattern: str, group: int = 1) -> object:
    found = re.search(str(pattern), text)
    if not found:
        return MISSING
    return found[group if found.re.groups >= group else 0] or MISSING


@oracle_filter(run=True)
def replace_many(run: Run, text: str, table: Any) -> str:
    pairs = table.items() if isinstance(table, dict) else ((k[0], v) for k, v in run.tables[str(table)].rows.items())
    for old, new in pairs:
        text = text.replace(str(old), str(new))
    return text


@oracle_filter()
def sentence_case(text: str, keep: Any = ()) -> str:
    return kept(text[:1].upper() + text[1:].lower(), keep)


def kept(text: str, keep: Any) -> str:
    """Whole words that the list holds, in the list's spelling."""
    for word in keep:
        text = re.sub(rf"(?<!\w){re.escape(str(word))}(?!\w)", str(word), text, flags=re.IGNORECASE)
    return text


@oracle_filter()
def title(text: str, keep: Any = ()) -> str:
    words = re.split(f"([{BLANKS}]+)", text.lower())
    first = True
    for at, word in enumerate(words):
        if not word.strip(BLANKS):
            continue
        if first or word not in SMALL_WORDS:
            words[at] = word[:1].upper() + word[1:]
            words[at] = re.sub(r"^([A-Z]['’])(\w)", lambda m: m[1] + m[2].upper(), words[at])
        first = False
    return kept("".join(words), keep)


@oracle_filter()
def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@oracle_filter()
def decode_entities(text: str) -> str:
    return html.unescape(text)


def without_markup(text: str) -> str:
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style)\b[^>]*>.*?</\1\s*>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    text = re.sub(r"\[/\w+\]|\[\w+(\s+\w+=\"[^\"]*\")+\s*/?\]", " ", text)
    return TAG.sub(" ", text)


@oracle_filter()
def html_to_text(text: str) -> str:
    return collapsed(html.unescape(without_markup(text)))


@oracle_filter()
def keep_tags(text: str, tags: Any) -> str:
    wanted = {str(tag).lower() for tag in tags}
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style)\b[^>]*>.*?</\1\s*>", "", text, flags=re.DOTALL | re.IGNORECASE)

    def one(match: re.Match[str]) -> str:
        name = re.match(r"</?\s*([a-zA-Z0-9]+)", match[0])
        if not name or name[1].lower() not in wanted:
            return ""
        return f"</{name[1].lower()}>" if match[0].startswith("</") else f"<{name[1].lower()}>"

    return TAG.sub(one, text)


@oracle_filter()
def drop_brackets(text: str) -> str:
    return collapsed(re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}", "", text))


@oracle_filter()
def drop_words(text: str, words: Any) -> str:
    for word in words:
        text = re.sub(rf"(?<!\w){re.escape(str(word))}(?!\w)", " ", text, flags=re.IGNORECASE)
    return collapsed(text)


@oracle_filter()
def dedupe_words(text: str) -> str:
    seen: dict[str, str] = {}
    for word in collapsed(text).split(" "):
        seen.setdefault(word.lower(), word)
    return " ".join(seen.values())


@oracle_filter()
def drop_emoji(text: str) -> str:
    return collapsed("".join(c for c in text if not emoji(c)))


def emoji(character: str) -> bool:
    point = ord(character)
    return 0x1F000 <= point <= 0x1FAFF or 0x2600 <= point <= 0x27BF or point in (0xFE0F, 0x200D, 0x20E3)


@oracle_filter()
def strip_control(text: str) -> str:
    text = text.replace("\r\n", " ")
    return "".join(" " if c in "\n\t\r" else c for c in text if c in "\n\t\r" or not unseen(c))


def unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Co") or character in "\u200b\u200c\u200d\u2060\ufeff"


@oracle_filter()
def fix_mojibake(text: str) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return text


@oracle_filter()
def clean_text(text: str) -> str:
    for step in (fix_mojibake, strip_control, html_to_text, nfc, collapse_spaces):
        text = step(text)
    return text


SLUG = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa"}


@oracle_filter()
def slug(text: str) -> str:
    text = unicodedata.normalize("NFC", text.lower())
    text = "".join(SLUG.get(c, c) for c in text)
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@oracle_filter(name="hash")
def hash_(text: str, n: int = 8) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:n]


@oracle_filter()
def hash_bucket(text: str, n: int) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % n


@oracle_filter()
def json_path(text: str, path: str) -> object:
    import json

    try:
        found = json.loads(text)
    except ValueError as error:
        raise Fail from error
    for step in re.findall(r"\.(\w+)|\[(\d+)\]", str(path)):
        name, index = step
        if name:
            found = found.get(name) if isinstance(found, dict) else None
        else:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else None
    if found is None:
        return MISSING
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, separators=(",", ":"))


@oracle_test()
def matching(text: str, pattern: str) -> bool:
    return re.search(str(pattern), text) is not None


@oracle_test(sees_missing=True)
def missing(value: object) -> bool:
    return settled(value) is MISSING


@oracle_test(sees_missing=True)
def present(value: object) -> bool:
    return settled(value) is not MISSING


@oracle_test(sees_missing=True)
def defined(value: object) -> bool:
    """The name is known, whether or not this row has a value."""
    return not (isinstance(value, Undefined) and value._undefined_name is not None)
