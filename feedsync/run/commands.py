"""The jobs a user asks for. The command line and the Python API call these and nothing deeper."""

from feedsync.run.explain import explain
from feedsync.run.export import check, export
from feedsync.run.preview import preview
from feedsync.run.session import Job

__all__ = ["Job", "check", "explain", "export", "preview"]
