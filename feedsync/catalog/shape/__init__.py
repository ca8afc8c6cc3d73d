"""Blocks of an export's rows -> rows of products: headers by their known names, and the steps of `feedsync.specs.shape`."""

from feedsync.catalog.shape.headers import known_headers
from feedsync.catalog.shape.shaper import Shaper

__all__ = ["Shaper", "known_headers"]
