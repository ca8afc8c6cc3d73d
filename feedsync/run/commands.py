"""The jobs a user asks for. The command line and the Python API call these and nothing deeper."""

from feedsync.run.explain import explain
from feedsync.run.export import check, export
from feedsync.run.preview import preview
from feedsync.run.session import Job
from feedsync.run.taxonomy import chosen_taxonomy, coverage

__all__ = ["Job", "check", "chosen_taxonomy", "coverage", "explain", "export", "preview"]
