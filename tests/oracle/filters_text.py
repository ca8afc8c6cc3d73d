"""The oracle's text filters: one plain function each, on str."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from itertools import groupby
from typing import Any

from declare import oracle_filter
from oracle_values import BLANKS, MISSING, Fail, Run, grown, is_missing, text_of

from feedsync.expressions.functions.case import SMALL_WORDS  # which words are small is data, not computed

LOOSE = BLANKS + "\u200b\u2060\ufeff"  # what trim, split and collapse_spaces remove at the ends: also zero-width ones
BLANK_RUN = re.compile(f"[{BLANKS}]+")
TAG = re.compile(r"<[a-zA-Z/!][^>]*>")


def collapsed(text: str) -> str:
    return BLANK_RUN.sub(" ", text).strip(LOOSE)


def words_of(text: str) -> list[str]:
    return [word for word in re.split(f"[{BLANKS}]+", text) if word]


@oracle_filter()
def lower(text: str) -> str:
    return text.lower()


@oracle_filter()
def upper(text: str) -> str:
    return text.upper()


@oracle_filter()
def trim(text: str) -> str:
    return text.strip(LOOSE)


@oracle_filter()
def capitalize(text: str) -> str:
    return text[:1].upper() + text[1:].lower()


@oracle_filter()
def replace(text: str, old: str, new: str, count: int = -1) -> str:
    return grown(text.replace(str(old), str(new), count), text)


@oracle_filter(run=True)
def string(run: Run, value: Any) -> str:
    return text_of(value, run.zone)


@oracle_filter()
def wordcount(text: str) -> int:
    return len(words_of(text))


@oracle_filter()
def truncate_chars(text: str, n: int) -> str:
    return text[:n].rstrip(BLANKS)


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
    cut = text.encode()[:n].decode(errors="ignore")
    return text if cut == text else cut.rstrip(BLANKS)


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
    return grown(str(separator).join(text_of(value, run.zone) for value in values if not is_missing(value)))


@oracle_filter(sees_missing=True, run=True)
def append_present(run: Run, text: object, more: object, sep: str = "") -> object:
    if is_missing(text) or is_missing(more):
        return text
    return grown(text_of(text, run.zone) + str(sep) + text_of(more, run.zone))


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
    return grown(re.sub(str(pattern), dollars(str(replacement)), text), text)


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
        text = grown(text.replace(str(old), str(new)), text)
    return text


@oracle_filter()
def sentence_case(text: str, keep: Any = ()) -> str:
    return kept(text[:1].upper() + text[1:].lower(), keep)


def kept(cased: str, keep: Any) -> str:
    """The words of the list as the list writes them."""
    for word in keep:
        cased = re.sub(bounds(str(word)), lambda _, word=word: str(word), cased, flags=re.IGNORECASE)
    return cased


@oracle_filter()
def title(text: str, keep: Any = ()) -> str:
    """Letters, marks and digits in a row are a word; behind a single letter and an apostrophe a long one is, too."""
    pieces = ["".join(run) for _, run in groupby(text.lower(), key=lambda c: unicodedata.category(c)[0] in "LMN")]
    first = True
    for at, piece in enumerate(pieces):
        if unicodedata.category(piece[0])[0] not in "LMN":
            continue
        joined = at > 1 and pieces[at - 1] in ("'", "’")
        capital = len(pieces[at - 2]) == 1 and len(piece) > 2 if joined else True
        if first or (capital and piece not in SMALL_WORDS):
            pieces[at] = piece[:1].upper() + piece[1:]
        first = False
    return kept("".join(pieces), keep)


@oracle_filter()
def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@oracle_filter()
def decode_entities(text: str) -> str:
    return html.unescape(text)


def hidden_gone(text: str) -> str:
    """Without comments, scripts, styles and shortcodes."""
    text = re.sub(r"<!--.*?(-->|\Z)", " ", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style)\b[^>]*>.*?(</\1\s*>|\Z)", " ", text, flags=re.DOTALL | re.IGNORECASE)
    return re.sub(r"\[/\w+\]|\[\w+(\s+\w+=\"[^\"]*\")+\s*/?\]", " ", text)


def without_markup(text: str) -> str:
    text = hidden_gone(text)
    text = re.sub(r"</[a-zA-Z][a-zA-Z0-9]*\s*>(?=(</[a-zA-Z][a-zA-Z0-9]*\s*>)*[.,;:!?)])", "", text)
    return TAG.sub(" ", text)


@oracle_filter()
def html_to_text(text: str) -> str:
    """The text between two starts of items is an item; what stands before the first one belongs to it."""
    before, *items = re.split(r"<li(?:\s[^>]*)?/?>", hidden_gone(text), flags=re.IGNORECASE)
    lists = [re.search(r"<[uo]l(?:\s[^>]*)?>\s*\Z", part, re.IGNORECASE) for part in (before, *items)]
    made = collapsed(html.unescape(without_markup(before)))
    for opened, item in zip(lists, items, strict=False):
        said = collapsed(html.unescape(without_markup(item)))
        glue = " " if opened or made[-1:] in tuple(".,;:!?…") else "; "
        made = made + glue + said if made and said else made or said
    return collapsed(made)


INLINE = re.compile(
    "a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var"
)


@oracle_filter()
def keep_tags(text: str, tags: Any) -> str:
    """Listed tags stay without attributes; of the others those inside a line vanish, the rest become a blank."""
    wanted = {str(tag).lower() for tag in tags}
    text = hidden_gone(text.replace("\ue000", "").replace("\ue001", ""))

    def one(match: re.Match[str]) -> str:
        name = re.match(r"</?([a-zA-Z0-9]+)", match[0])
        if name and name[1].lower() in wanted:
            return f"</{name[1]}>" if match[0].startswith("</") else f"<{name[1]}>"
        return "" if name and INLINE.fullmatch(name[1].lower()) else " "

    return collapsed(TAG.sub(one, text))


@oracle_filter()
def drop_brackets(text: str) -> str:
    dropped = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text)
    return collapsed(text) if dropped == text else drop_brackets(dropped)


def bounds(phrase: str) -> str:
    """A pattern of the phrase as whole words: an edge that is a letter or digit must not go on."""
    middle = f"[{BLANKS}]+".join(re.escape(word) for word in words_of(phrase))
    head = r"(?<!\w)" if re.match(r"\w", phrase) else ""
    return head + middle + (r"(?!\w)" if re.search(r"\w\Z", phrase) else "")


@oracle_filter()
def drop_words(text: str, words: Any) -> str:
    for word in words:
        text = re.sub(bounds(str(word)), " ", text, flags=re.IGNORECASE)
    return collapsed(text)


@oracle_filter()
def dedupe_words(text: str) -> str:
    seen: dict[str, str] = {}
    for word in words_of(text):
        seen.setdefault(word.lower(), word)
    return " ".join(seen.values())


@oracle_filter()
def drop_emoji(text: str) -> str:
    return collapsed("".join(c for c in text if not emoji(c)))


def emoji(character: str) -> bool:
    point = ord(character)
    return 0x1F000 <= point <= 0x1FAFF or 0x2600 <= point <= 0x27BF or point in (0xFE0F, 0x200D, 0x20E3)


BREAKS = "\t\n\v\f\r\x85\u2028\u2029"


@oracle_filter()
def strip_control(text: str) -> str:
    """Line breaks and tabs in a row become one blank; what nobody sees goes."""
    text = re.sub(f"[{BREAKS}]+", " ", text)
    return "".join(character for character in text if not unseen(character))


def unseen(character: str) -> bool:
    """Control and private-use signs, soft hyphens, zero-width signs and directions of writing."""
    marks = "\xad\u200b\u200c\u200d\u200e\u200f\ufeff"
    return (
        unicodedata.category(character) in ("Cc", "Co")
        or character in marks
        or "\u202a" <= character <= "\u202e"
        or "\u2060" <= character <= "\u206f"
    )


def byte_of(character: str) -> int:
    """The byte that windows-1252 shows as this character (Latin-1 in its five holes); 0 where it shows none."""
    for encoding in ("cp1252", "latin-1"):
        try:
            (code,) = character.encode(encoding)
        except UnicodeEncodeError:
            continue
        return code
    return 0


@oracle_filter()
def fix_mojibake(text: str) -> str:
    """Read back where the bytes are one character of UTF-8, twice."""
    return read_back(read_back(text))


def read_back(text: str) -> str:
    data, made, at = [byte_of(character) for character in text], "", 0
    while at < len(text):
        length, meant = character_at(data, at)
        made += text[at] if meant is None else meant
        at += 1 if meant is None else length
    return made


def character_at(data: list[int], at: int) -> tuple[int, str | None]:
    """How many bytes are a character here, and which; None where none is meant."""
    lead = data[at]
    length = 2 if 0xC2 <= lead <= 0xC5 else {0xE2: 3, 0xEF: 3, 0xF0: 4}.get(lead, 0)
    if 0xCE <= lead <= 0xD1:  # Greek and Cyrillic, from two letters on
        while 0xCE <= data[at + length] <= 0xD1 if at + length + 1 < len(data) else False:
            if not 0x80 <= data[at + length + 1] <= 0xBF:
                break
            length += 2
        length = length if length >= 4 else 0
    try:
        meant = bytes(data[at : at + length]).decode("utf-8") if length and at + length <= len(data) else None
    except UnicodeDecodeError:
        return 1, None
    if lead == 0xE2 and meant is not None and not ("\u2000" <= meant <= "\u24ff" or "\u25a0" <= meant <= "\u2bff"):
        return 1, None
    if lead == 0xEF and meant != "\ufeff":
        return 1, None
    return length, meant.replace("\ufeff", "") if meant is not None else None


@oracle_filter()
def clean_text(text: str) -> str:
    for step in (fix_mojibake, strip_control, html_to_text, nfc, collapse_spaces):
        text = step(text)
    return text


SLUG = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "ß": "ss",
    "æ": "ae",
    "ø": "oe",
    "å": "aa",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
    "đ": "d",
    "ł": "l",
}


@oracle_filter()
def slug(text: str) -> str:
    text = unicodedata.normalize("NFC", text.lower().replace("ı", "i"))
    text = re.sub("['’]", "", text)
    text = "".join(SLUG.get(c, c) for c in text)
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@oracle_filter(name="hash")
def hash_(text: str, n: int = 8) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:n]


@oracle_filter()
def hash_bucket(text: str, n: int) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % n


class Written(float):
    """A number as it stands in the JSON text."""

    def __new__(cls, text: str) -> Written:
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __repr__(self) -> str:
        return str(self.text)


@oracle_filter()
def json_path(text: str, path: str) -> object:
    import json

    try:
        found = json.loads(text, parse_float=Written)
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
    if isinstance(found, Written):
        return repr(found)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, separators=(",", ":"))
