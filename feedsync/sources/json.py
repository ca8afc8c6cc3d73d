"""A JSON document with a list of records, read through a sliding window: a file of any size in bounded memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from feedsync.errors import Place, SourceError, nearest
from feedsync.sources.base import RECORD_LIMIT, ROWS_PER_BLOCK, ProvedSource, clipped
from feedsync.sources.cells import Cells
from feedsync.sources.decoding import DecodedFile
from feedsync.sources.nested import rows_of
from feedsync.sources.records import DECODER, DEPTH, Constant, RecordBlock
from feedsync.sources.stored import BLOCK, Bytes, proof_of

BLANKS: Final = re.compile(r"[ \t\n\r]*")
NEAR_END: Final = 16  # a literal, number or escape cut by the window's end fails this close to it
QUOTED: Final = 40  # characters of a broken place that a message looks at
SKIPPED_WHOLE: Final = 1 << 20  # characters of a value beside the list that is stepped over in one go
TEXT_PER_BLOCK: Final = 8 << 20  # characters of records in one frame


class JsonSource(ProvedSource):
    """A list of objects: the document itself, or the list under a dotted path; after a path that ends in a dot (`.` is
    the document itself) the one object there."""

    columns_grow = True
    typed_cells = True
    ends = ("end",)

    def __init__(
        self,
        file: Bytes,
        *,
        records: str | None = None,
        rows: str | None = None,
        encoding: str | None = None,
        block: int = BLOCK,
        limit: int = RECORD_LIMIT,
    ) -> None:
        """`records` is e.g. "data.products", `rows` the key of a list inside each record (see `nested.rows_of`); `block`
        and `limit` are bytes, for tests."""
        super().__init__(file.name)
        self._file = DecodedFile(file, encoding, block)
        self._path = tuple(part for part in records.split(".") if part) if records else ()
        self._single = records is not None and records.endswith(".")
        self._rows = rows
        self._limit = limit

    def blocks(self) -> Iterator[pl.DataFrame]:
        """See `Source.blocks`; `_row` is the record's number in the list, from 1 (with `rows`, the row's number)."""
        self._proof = None
        window = _Window(self._file, self._limit)
        count = 0
        cells = Cells()
        block = RecordBlock(cells)
        size = 0
        for value, source, place in _Walk(window, self._path, self._single).records():
            for row in rows_of(value, self._rows):
                count += 1
                block.add(row, count, place, source)
            size += len(source)
            if len(block) >= ROWS_PER_BLOCK or size > TEXT_PER_BLOCK:
                yield block.frame()
                block, size = RecordBlock(cells), 0
        if len(block):
            yield block.frame()
        if not count:
            raise SourceError("source_no_products", Place(self.name))
        self._proof = proof_of(self._file.stored, count, self.ends, stripped=cells.stripped)


class _Window:
    """The part of the document at hand: text from `at` on, with its place in the file."""

    def __init__(self, file: DecodedFile, limit: int) -> None:
        self.text = ""
        self.at = 0
        self.limit = limit
        self._file = file
        self._blocks = file.blocks()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._ended = False
        self._offset = 0  # bytes of the document before `text`
        self._line = 1
        self._counted = 0  # lines are counted up to here

    def more(self, most: int | None = None) -> bool:
        """At least double what is at hand, so that retries stay linear; offsets into `text` but `at` are stale then.

        False, and nothing changed, where the document has ended or `most` characters are at hand.
        """
        if self._ended or (most is not None and len(self.text) - self.at >= most):
            return False
        self._forget()
        parts = [self.text]
        wanted = max(1, len(self.text))
        while wanted > 0 and not self._ended:
            chunk = next(self._blocks, b"")
            self._ended = not chunk
            parts.append(self._decoder.decode(chunk, final=not chunk))
            wanted -= len(parts[-1])
        self.text = "".join(parts)
        return True

    def peek(self) -> str:
        """The next character that is no blank, or "" at the end."""
        while True:
            match = BLANKS.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def value(self, most: int | None = None) -> tuple[object, str] | None:
        """The JSON value here and its text; None where it is longer than `most` characters."""
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated string") or error.pos >= len(self.text) - NEAR_END
                if cut and len(self.text) - self.at > self.limit:
                    raise SourceError("json_long", self.place(), mebibytes=self.limit >> 20) from None
                if cut and self.more(most):
                    continue
                if cut and not self._ended:
                    return None
                raise self.cut() if self._is_cut(error) else self.broken(error.pos) from None
            except Constant as error:
                raise self.broken(self.text.find(str(error), self.at)) from None
            except RecursionError:
                raise SourceError("json_deep", self.place(), depth=DEPTH) from None
            if end >= len(self.text) - 2 and self.more(most):
                continue  # a number may go on, with ".5" or "e+5" too
            source = self.text[self.at : end]
            if len(source) > self.limit:
                raise SourceError("json_long", self.place(), mebibytes=self.limit >> 20)
            self.at = end
            return value, source

    def take(self, expected: str) -> None:
        """Step over one of the characters in `expected`."""
        found = self.peek()
        if not found:
            raise self.cut()
        if found not in expected:
            raise self.broken(self.at)
        self.at += 1

    def place(self, at: int | None = None) -> Place:
        """The line of the character at `at`, or of the one at hand; lines are counted once."""
        if at is None:
            self._count(self.at)
            return Place(self._file.name, self._line)
        return Place(self._file.name, self._line + _breaks(self.text[self._counted : at]))

    def _count(self, to: int) -> None:
        """Count the lines up to `to`; a CR at the end waits, since CR and LF are one line end."""
        passed = self.text[self._counted : to]
        passed = passed.removesuffix("\r")
        self._line += _breaks(passed)
        self._counted += len(passed)

    def broken(self, at: int) -> SourceError:
        ahead = at - self.at
        while len(self.text) - at < QUOTED and self.more():  # the message is the same for any size of blocks
            at = self.at + ahead
        offset = self._file.start + self._offset + len(self.text[:at].encode())
        return SourceError("json_broken", self.place(at), offset=offset, text=clipped(self.text[at : at + QUOTED], 30))

    def cut(self) -> SourceError:
        return SourceError("json_cut", self.place(len(self.text)))

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether nothing but the end of the document is wrong."""
        rest = self.text[error.pos :].strip()
        return not rest or error.msg.startswith("Unterminated string") or _is_part_of_literal(rest)

    def _forget(self) -> None:
        """Drop what was read."""
        self._count(self.at)
        self._offset += len(self.text[: self._counted].encode())
        self.text = self.text[self._counted :]
        self.at -= self._counted
        self._counted = 0


class _Walk:
    """The way to the list of records, and through the document around it."""

    def __init__(self, window: _Window, path: tuple[str, ...], single: bool = False) -> None:
        self._window = window
        self._path = path
        self._single = single
        self._lists: list[str] = []  # keys whose values are lists, to be named when the path is wrong

    def records(self) -> Iterator[tuple[object, str, Place]]:
        """Each record of the list with its text and place; the rest of the document is proved too."""
        if not self._window.peek():
            raise SourceError("source_empty", self._file_place())
        yield from self._enter(self._path)
        if self._window.peek():
            raise SourceError("json_rest", self._window.place())

    def _enter(self, path: tuple[str, ...]) -> Iterator[tuple[object, str, Place]]:
        window = self._window
        if path:
            yield from self._object(path)
        elif self._single:
            window.peek()
            place = window.place()
            found = window.value()
            assert found is not None, "a value without a bound is read whole"
            yield *found, place
        elif window.peek() == "[":
            yield from self._list()
        elif window.peek() == "{" and not self._path:
            place = window.place()
            self._keys()
            raise SourceError("json_no_records", place, lists=", ".join(self._lists) or "–")
        elif self._path:
            raise SourceError("json_no_list", window.place(), path=".".join(self._path))
        else:
            raise window.broken(window.at)

    def _list(self) -> Iterator[tuple[object, str, Place]]:
        window = self._window
        window.take("[")
        if window.peek() == "]":
            window.take("]")
            return
        while True:
            window.peek()
            place = window.place()
            found = window.value()
            assert found is not None, "a value without a bound is read whole"
            yield *found, place
            window.take(",]")
            if window.text[window.at - 1] == "]":
                return

    def _object(self, path: tuple[str, ...]) -> Iterator[tuple[object, str, Place]]:
        """The value under path[0], with the keys beside it stepped over."""
        window = self._window
        place = window.place()
        if window.peek() != "{":
            raise SourceError("json_no_list", place, path=".".join(self._path))
        found = False
        known: list[str] = []
        for key in self._members():
            if key in known:
                raise SourceError("json_key_twice", window.place(), key=clipped(key))
            known.append(key)
            if key == path[0]:
                found = True
                yield from self._enter(path[1:])
            else:
                self._skip(0)
        if not found:
            raise SourceError(
                "json_no_path",
                place,
                path=".".join(self._path),
                key=path[0],
                known=nearest(path[0], known) or ", ".join(clipped(k, 30) for k in known[:8]) or "–",
            )

    def _keys(self) -> None:
        """Step over an object and remember which of its keys hold lists."""
        for key in self._members():
            if self._window.peek() == "[":
                self._lists.append(clipped(key, 30))
            self._skip(0)

    def _members(self) -> Iterator[str]:
        """The keys of the object here; the caller reads or steps over each value before it asks for the next."""
        window = self._window
        window.take("{")
        if window.peek() == "}":
            window.take("}")
            return
        while True:
            if window.peek() not in ('"', ""):
                raise window.broken(window.at)
            found = window.value()
            assert found is not None, "a value without a bound is read whole"
            window.take(":")
            yield str(found[0])
            window.take(",}")
            if window.text[window.at - 1] == "}":
                return

    def _skip(self, depth: int) -> None:
        """Step over a value of any size: whole where it is small, else member by member."""
        window = self._window
        kind = window.peek()
        if window.value(most=SKIPPED_WHOLE) is not None:
            return
        if depth == DEPTH:
            raise SourceError("json_deep", window.place(), depth=DEPTH)
        if kind == "{":
            for _ in self._members():
                self._skip(depth + 1)
            return
        window.take("[")
        while True:
            self._skip(depth + 1)
            window.take(",]")
            if window.text[window.at - 1] == "]":
                return

    def _file_place(self) -> Place:
        return Place(self._window.place().file)


def _breaks(text: str) -> int:
    """Physical line ends in a text."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _is_part_of_literal(text: str) -> bool:
    return any(literal.startswith(text) for literal in ("true", "false", "null")) or text == "-"
