"""Lines of a report: pieces of text with a style, put together once and printed with or without colour."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

from feedsync.reports.wording import visible

Line = list[tuple[str, str]]
"""Pieces: (text, style)."""
# codes of the terminal, written here: loading rich for eight of them takes longer than a small check's whole report
STYLES: Final = {
    "error": "1;31",  # bold red
    "warning": "33",  # yellow
    "hint": "36",  # cyan
    "blocked": "31",  # red
    "excluded": "2",  # dim
    "ready": "32",  # green
    "head": "1",  # bold
    "place": "2",  # dim
    "": "",
}
WIDEST: Final = 100  # columns; longer lines read badly, however wide the terminal is
_NO_WIDTH: Final = ("Mn", "Me", "Cf")  # marks on the letter before, joiners
_PLAINER: Final = {"\u00a0": " ", "…": "...", "→": "->", "·": "|"}


def cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0
        if unicodedata.category(character) in _NO_WIDTH
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def fitted(text: str, width: int) -> str:
    """The text cut to `width` columns, with an ellipsis where something is cut."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += cells(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def padded(text: str, width: int) -> str:
    """The text filled with blanks up to `width` columns."""
    return text + " " * (width - cells(text))


def wrapped(text: str, width: int, indent: int) -> list[str]:
    """The text in lines of at most `width` columns, each indented; a word is never broken."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and indent + cells(longer) > width:
            lines.append(" " * indent + line)
            line = word
        else:
            line = longer
    return [*lines, " " * indent + line] if line else lines


def placed(text: str, place: str, width: int, indent: int) -> list[Line]:
    """The text, wrapped, with the place behind it, or below where there is no room: a place is never broken."""
    lines: list[Line] = [[(line, "")] for line in wrapped(text, width, indent)]
    if lines and cells(lines[-1][0][0]) + 3 + cells(place) <= width:
        lines[-1] += [("   ", ""), (place, "place")]
    else:
        lines.append([(" " * indent, ""), (place, "place")])
    return lines


def columns(rows: Sequence[Sequence[str]], gap: int = 2) -> list[str]:
    """Rows of cells as aligned lines; the last column is as long as it is."""
    if not rows:
        return []
    widths = [max(cells(row[index]) for row in rows) for index in range(len(rows[0]))]
    blank = " " * gap
    return [blank.join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def as_text(lines: Iterable[Line]) -> str:
    """The lines without styles, each ended by a newline."""
    return "".join(visible("".join(text for text, _ in line)) + "\n" for line in lines)


def spelled_for(text: str, encoding: str | None) -> str:
    """The text with what the encoding cannot say replaced by something plainer."""
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        for character, plainer in _PLAINER.items():
            text = text.replace(character, plainer)
        return text.encode(encoding or "utf-8", "backslashreplace").decode(encoding or "utf-8")
    return text


def coloured(lines: Iterable[Line], stream: TextIO) -> None:
    """Print the lines to a terminal in colour."""
    for line in lines:
        pieces = ((spelled_for(visible(text), stream.encoding), STYLES[style]) for text, style in line)
        stream.write("".join(f"\x1b[{code}m{text}\x1b[0m" if code and text else text for text, code in pieces) + "\n")
