"""How fast feedsync is, against a row-by-row pipeline and a hand-written kernel measured in the same run."""
