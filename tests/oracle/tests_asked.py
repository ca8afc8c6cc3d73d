"""The oracle's tests: `x is name(...)`. A missing value passes none but those about being missing."""

from __future__ import annotations

import re
from typing import Any

from declare import oracle_test
from filters_choice import check_digit
from jinja2 import Undefined
from oracle_values import BLANKS, Money, is_missing, number


@oracle_test()
def matching(text: str, pattern: str) -> bool:
    return re.search(str(pattern), text) is not None


@oracle_test(sees_missing=True)
def missing(value: object) -> bool:
    return is_missing(value)


@oracle_test(sees_missing=True, name="none")
def none_(value: object) -> bool:
    return is_missing(value)


@oracle_test(sees_missing=True)
def present(value: object) -> bool:
    return not is_missing(value)


@oracle_test(sees_missing=True)
def defined(value: object) -> bool:
    """The name is known, whether or not this row has a value."""
    return not (isinstance(value, Undefined) and value._undefined_name is not None)


@oracle_test()
def starting_with(text: str, *heads: str) -> bool:
    return any(text.startswith(str(head)) for head in heads if not is_missing(head))


@oracle_test()
def ending_with(text: str, *tails: str) -> bool:
    return any(text.endswith(str(tail)) for tail in tails if not is_missing(tail))


@oracle_test()
def containing(value: Any, *parts: str) -> bool:
    held = [str(entry) for entry in value] if isinstance(value, list) else value
    return any(str(part) in held for part in parts if not is_missing(part))


@oracle_test()
def between(value: Any, low: Any, high: Any) -> bool:
    if is_missing(low) or is_missing(high):
        return False
    amount = value.amount if isinstance(value, Money) else number(value)
    return bool(number(low) <= amount <= number(high))


@oracle_test()
def gtin(text: str) -> bool:
    right = re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", text) is not None
    return right and check_digit(text[:-1]) == int(text[-1])


@oracle_test()
def restricted_gtin(text: str) -> bool:
    """GS1's prefixes of restricted circulation and coupons: 02, 04, 05, 2, 98, 99 of a GTIN-13; 0 and 2 of a GTIN-8,
    which five zeros make a GTIN-13."""
    if re.fullmatch(r"[0-9]{8}", text):
        return text[0] in "02"
    if not re.fullmatch(r"[0-9]{12,14}", text):
        return False
    return re.match(r"02|04|05|2|98|99|00000[02]", text.zfill(14)[1:]) is not None


@oracle_test()
def url(text: str) -> bool:
    return re.fullmatch(rf"(?i:https?)://[^/?#{BLANKS}][^{BLANKS}]*", text) is not None


@oracle_test()
def even(value: int) -> bool:
    return value % 2 == 0


@oracle_test()
def odd(value: int) -> bool:
    return value % 2 == 1


@oracle_test()
def divisibleby(value: int, by: int) -> bool:
    return value % by == 0
