"""How many rows the row groups of a Parquet file have, out of its footer: a reader takes a whole one into memory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

END: Final = 8  # the footer's length, and PAR1
STOP, TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 12
GROUPS: Final = 4  # FileMetaData.row_groups
ROWS: Final = 3  # RowGroup.num_rows
NESTED: Final = 20  # deeper than any footer


def largest_group(path: Path) -> int:
    """The rows of the largest row group; an IndexError or a ValueError where the footer cannot be read."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - END))
        length = int.from_bytes(file.read(4), "little")
        if file.read(4) != b"PAR1" or length + END > size:
            raise ValueError("no footer")
        file.seek(size - END - length)
        return _Footer(file.read(length)).largest()


class _Footer:
    """Thrift's compact protocol, of which everything but the rows is passed over."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def largest(self) -> int:
        """See `largest_group`."""
        largest = 0
        field = 0
        while (head := self._field(field))[1] != STOP:
            field, kind = head
            if field == GROUPS and kind == LIST:
                count, inner = self._list()
                for _ in range(count if inner == STRUCT else 0):
                    largest = max(largest, self._rows())
            else:
                self._pass(kind)
        return largest

    def _rows(self) -> int:
        rows = field = 0
        while (head := self._field(field))[1] != STOP:
            field, kind = head
            if field == ROWS:
                number = self._number()
                rows = (number >> 1) ^ -(number & 1)
            else:
                self._pass(kind)
        return rows

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _number(self) -> int:
        number = shift = 0
        while (byte := self._byte()) & 0x80:
            number |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise ValueError("a number without end")
        return number | byte << shift

    def _field(self, before: int) -> tuple[int, int]:
        """A field's number and kind."""
        head = self._byte()
        if head == STOP:
            return 0, STOP
        if head >> 4:
            return before + (head >> 4), head & 15
        number = self._number()
        return (number >> 1) ^ -(number & 1), head & 15

    def _list(self) -> tuple[int, int]:
        head = self._byte()
        return (self._number() if head >> 4 == 15 else head >> 4), head & 15

    def _pass(self, kind: int, depth: int = 0, element: bool = False) -> None:
        """Over a value; an element of a list has its truth in a byte, a field in its kind."""
        if depth > NESTED:
            raise ValueError("nested too deep")
        if kind in (TRUE, FALSE, BYTE):
            self._at += element or kind == BYTE
        elif kind < DOUBLE:
            self._number()
        elif kind == DOUBLE:
            self._at += 8
        elif kind == BINARY:
            length = self._number()
            self._at += length
        elif kind in (LIST, SET):
            count, inner = self._list()
            for _ in range(count):
                self._pass(inner, depth + 1, element=True)
                self._within()
        elif kind == STRUCT:
            field = 0
            while (head := self._field(field))[1] != STOP:
                field = head[0]
                self._pass(head[1], depth + 1)
        else:
            raise ValueError("a kind that no footer has")

    def _within(self) -> None:
        if self._at > len(self._data):
            raise IndexError("the footer ends too early")
