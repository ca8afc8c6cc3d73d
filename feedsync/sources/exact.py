"""Python values from databases and frames as exact text, and the fingerprint of text columns."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import polars as pl
import xxhash

from feedsync.errors import Place, SourceError
from feedsync.semantics import printable
from feedsync.sources.base import NUMBER_MARK, clipped
from feedsync.sources.records import DECODER, DEPTH, canonical

PLAIN = (str, type(None))


def text_of(value: object) -> str | None:
    """A value as text: decimals with their own digits and no exponent, whole floats without ".0", ISO dates.

    Decimal("19.90") -> "19.90", 8412345678905.0 -> "8412345678905", 0.1 -> "0.1", True -> "true", None and NaN ->
    None, lists and mappings canonical JSON. TypeError for a type that has no one text, UnicodeDecodeError for bytes
    that are not UTF-8.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, Decimal):
        return None if value.is_nan() else f"{value:f}"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, dt.date | dt.time):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode()
    if isinstance(value, Mapping | list | tuple):
        return _json(value)
    if isinstance(value, uuid.UUID | ipaddress.IPv4Address | ipaddress.IPv6Address):
        return str(value)
    if _is_numpy(value):
        return text_of(value.tolist())  # type: ignore[attr-defined]  # numpy's scalars and arrays have it
    raise TypeError(type(value).__name__)


def _is_numpy(value: object) -> bool:
    """A scalar or array of numpy that has plain Python values; its moments have none (`tolist` gives nanoseconds)."""
    return getattr(getattr(value, "dtype", None), "kind", "") in set("biufSU")


def _float(value: float) -> str | None:
    """The shortest digits that give the same number, never with an exponent."""
    if value != value:
        return None
    text = f"{Decimal(float.__repr__(value)):f}"  # numpy's float64 is a float with a repr of its own
    return text.removesuffix(".0")


def _json(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{encode_basestring(printable(str(k)))}:{_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_json(inner) for inner in value) + "]"
    if _is_numpy(value):
        return _json(value.tolist())  # type: ignore[attr-defined]  # as above
    if value is None or isinstance(value, bool | int | float | Decimal):
        return text_of(value) or "null"
    return encode_basestring(printable(text_of(value) or ""))


def canonical_json(text: str) -> str:
    """JSON text without blanks, its keys in order and its numbers as they are."""
    return canonical(DECODER.decode(text))


def text_column(name: str, values: Sequence[object], first: int, place: Place) -> pl.Series:
    """The values as a text column; a SourceError names the record (`first` is the number of the first one)."""
    if not all(type(value) in PLAIN for value in values):
        values = [_text_or_error(name, value, first + index, place) for index, value in enumerate(values)]
    try:
        column = pl.Series(name, values, dtype=pl.String, strict=True)
    except UnicodeEncodeError:
        raise SourceError("value_surrogate", place, column=clipped(name)) from None
    return without_nul(column, first, place)


def without_nul(column: pl.Series, first: int, place: Place) -> pl.Series:
    """The text column itself; a SourceError names the record that holds a NUL."""
    nul = column.str.contains("\0", literal=True).fill_null(value=False)
    if nul.any():
        raise SourceError("value_nul", place, column=clipped(column.name), number=first + (nul.arg_max() or 0))
    return column


def number_marks(columns: Mapping[str, Sequence[object]]) -> list[pl.Series]:
    """A mark column for each column that holds decimals or floats: true where the cell is one."""
    marks = []
    for name, values in columns.items():
        flags = [isinstance(value, (Decimal, float)) for value in values]
        if any(flags):
            marks.append(pl.Series(NUMBER_MARK + name, flags, dtype=pl.Boolean))
    return marks


def _text_or_error(name: str, value: object, number: int, place: Place) -> str | None:
    try:
        return text_of(value)
    except RecursionError:
        raise SourceError("json_deep", place, depth=DEPTH) from None
    except TypeError as error:
        raise SourceError("value_type", place, column=clipped(name), number=number, type=str(error)) from None
    except UnicodeDecodeError:
        raise SourceError("value_bytes", place, column=clipped(name), number=number) from None


def single_floats(values: np.ndarray[Any, Any]) -> Sequence[object]:
    """Floats of less than 64 bits by their own shortest digits: 19.9, where a double would say 19.899999618530273."""
    return [None if np.isnan(v) else np.format_float_positional(v, unique=True, trim="-") for v in values]


class TextFingerprint:
    """xxh3-128 over the cells of text columns, row by row; the same for any size of blocks."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._hash = xxhash.xxh3_128(json.dumps(list(columns)).encode())
        self.size = 0
        """Bytes of the canonical text so far."""

    def add(self, frame: pl.DataFrame) -> bytes:
        """Take the next rows, whose columns must be those of the header, without `_row`; the bytes they were as."""
        data = frame.write_csv(include_header=False, quote_style="always", line_terminator="\n").encode()
        self._hash.update(data)
        self.size += len(data)
        return data

    @property
    def value(self) -> str:
        return self._hash.hexdigest()
