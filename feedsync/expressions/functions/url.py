"""Functions on addresses."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlsplit

import polars as pl

from feedsync.expressions.functions.declare import applied, apply, grown, on_unique, refuse, text_of
from feedsync.expressions.lengths import beside
from feedsync.expressions.once import once
from feedsync.expressions.registry import Call, Example, Function, Outcome, Param
from feedsync.expressions.values import Value
from feedsync.semantics import URL

# What a URL may hold as it is (RFC 3986); a percent sign only before two hexadecimal digits.
SAFE: Final = "-._~:/?#[]@!$&'()*+,;="
UNSAFE: Final = r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]|%(?:[^0-9A-Fa-f]|[0-9A-Fa-f](?:[^0-9A-Fa-f]|$)|$)"
_LOOSE_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
UTM: Final = ("source", "medium", "campaign", "term", "content")


def encoded(url: str) -> str:
    """One address with everything unsafe percent-encoded, and what is encoded left alone."""
    return quote(_LOOSE_PERCENT.sub("%25", url), safe=SAFE + "%")


def url_encode(text: pl.Expr) -> pl.Expr:
    """The address with blanks, letters beyond ASCII and stray percent signs encoded, never twice.

    "https://shop.example/img/bild ü.jpg" -> "https://shop.example/img/bild%20%C3%BC.jpg"
    """
    return on_unique(text.str.strip_chars(), encoded, UNSAFE)


def with_base(text: pl.Expr, base: str) -> pl.Expr:
    """An address that is relative, put behind a base; others stay.

    "img/1.jpg", "https://shop.example/" -> "https://shop.example/img/1.jpg"
    """
    parts = urlsplit(base)
    scheme, origin = pl.lit(f"{parts.scheme}:"), pl.lit(f"{parts.scheme}://{parts.netloc}")
    folder = pl.lit(base if base.endswith("/") else base + "/")
    return (
        pl.when(text.str.contains("^[A-Za-z][A-Za-z0-9+.-]*:"))
        .then(text)
        .when(text.str.starts_with("//"))
        .then(scheme + text)
        .when(text.str.starts_with("/"))
        .then(origin + text)
        .otherwise(folder + text.str.replace(r"^(?:\./)+", ""))
    )


def utm(text: pl.Expr, *values: pl.Expr) -> pl.Expr:
    """The address with utm parameters (in the order of UTM, null where not wanted) that it does not have yet.

    "https://shop.example/p/1#top", "google" -> "https://shop.example/p/1?utm_source=google#top"
    """
    fragment = text.str.extract("(#.*)$", 1).fill_null("")
    page = text.str.replace("#.*$", "")
    added = [
        pl.when(~page.str.contains(f"[?&]utm_{name}=")).then(pl.lit(f"utm_{name}=") + value)
        for name, value in zip(UTM, values, strict=True)
    ]
    query = once(lambda *parameters: beside(parameters, "&"), *added)
    sign = (
        pl.when(page.str.contains("[?&]$"))
        .then(pl.lit(""))
        .when(page.str.contains("?", literal=True))
        .then(pl.lit("&"))
        .otherwise(pl.lit("?"))
    )
    return apply(
        lambda url, head, mark, tail, parameters: (
            pl.when(parameters == "")
            .then(url)
            .when(parameters.is_not_null())
            .then(beside([head, mark, parameters, tail]))
        ),
        text,
        page,
        sign,
        fragment,
        query,
    )


def _with_base(call: Call) -> pl.Expr:
    base = call.args["url"]
    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).netloc:
        raise refuse(call, "function_base_url", url=base)
    return apply(lambda text: with_base(text, base), call.input)


def _utm(call: Call) -> Outcome:
    given = [call.args[name] for name in UTM]
    if not any(isinstance(value, Value) and not value.missing for value in given):
        raise refuse(call, "function_utm_empty")
    return grown(call, apply(utm, call.input, *(_parameter(call, value) for value in given)))


def _parameter(call: Call, value: object) -> pl.Expr:
    """A parameter's value, percent-encoded as such."""
    if not isinstance(value, Value) or value.missing:
        return pl.lit(None, dtype=pl.String)
    if isinstance(value.literal, str):
        return pl.lit(quote(value.literal, safe=""))
    return on_unique(text_of(call, value), quoted, "[^A-Za-z0-9_.~-]")


def quoted(text: str) -> str:
    """A text as the value of a parameter."""
    return quote(text, safe="")


FUNCTIONS: dict[str, Function] = {
    "url_encode": Function(
        "url_encode",
        applied(url_encode),
        returns=URL,
        may_blank=True,
        python=True,
        summary="Percent-encodes what a URL may not hold; what is encoded already stays.",
        examples=(
            Example(
                "{{ image | url_encode }}",
                {"image": "https://shop.example/img/bild ü.jpg"},
                "https://shop.example/img/bild%20%C3%BC.jpg",
            ),
            Example(
                "{{ image | url_encode }}", {"image": "https://a.example/x%20y%.jpg"}, "https://a.example/x%20y%25.jpg"
            ),
        ),
    ),
    "with_base": Function(
        "with_base",
        _with_base,
        returns=URL,
        params=(Param("url", literal=True),),
        summary="Puts a base before a relative address; a whole address stays as it is.",
        examples=(
            Example(
                "{{ image | with_base('https://shop.example/') }}",
                {"image": "img/1.jpg"},
                "https://shop.example/img/1.jpg",
            ),
            Example(
                "{{ image | with_base('https://shop.example/es') }}",
                {"image": "/img/1.jpg"},
                "https://shop.example/img/1.jpg",
            ),
            Example(
                "{{ image | with_base('https://shop.example') }}",
                {"image": "//cdn.example/1.jpg"},
                "https://cdn.example/1.jpg",
            ),
        ),
    ),
    "utm": Function(
        "utm",
        _utm,
        returns=URL,
        params=tuple(Param(name, "any", None) for name in UTM),
        sees_missing=True,
        python=True,
        summary="Adds utm parameters before the fragment; those that the address has already stay, missing ones are "
        "left out.",
        examples=(
            Example(
                "{{ link | utm(source='google', medium='cpc') }}",
                {"link": "https://shop.example/p/1?size=M#top"},
                "https://shop.example/p/1?size=M&utm_source=google&utm_medium=cpc#top",
            ),
            Example(
                "{{ link | utm(source='google', campaign=sku) }}",
                {"link": "https://shop.example/p/1?utm_source=x", "sku": "A 1"},
                "https://shop.example/p/1?utm_source=x&utm_campaign=A%201",
            ),
        ),
    ),
}
