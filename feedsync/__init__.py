"""feedsync: one product catalog, every sales channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedsync.version import __version__

if TYPE_CHECKING:
    from feedsync.api import CheckResult, Explanation, ExportResult, PreviewResult, Project, load_project
    from feedsync.errors import FeedsyncError, Refused
    from feedsync.plugins.declare import function

__all__ = [
    "CheckResult",
    "Explanation",
    "ExportResult",
    "FeedsyncError",
    "PreviewResult",
    "Project",
    "Refused",
    "__version__",
    "function",
    "load_project",
]
_HOMES = {
    "FeedsyncError": "feedsync.errors",
    "Refused": "feedsync.errors",
    "function": "feedsync.plugins.declare",
}


def __getattr__(name: str) -> Any:
    """The public names, loaded when first asked for: `import feedsync` alone loads neither Polars nor pydantic."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES.get(name, "feedsync.api")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
