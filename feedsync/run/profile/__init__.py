"""What the columns of a source hold: counted block by block in bounded memory."""

from feedsync.run.profile.column import Column, Kind, kind_of
from feedsync.run.profile.source import Profile, profile

__all__ = ["Column", "Kind", "Profile", "kind_of", "profile"]
