"""The documentation, and what makes its generated part. Developer tooling: not shipped."""
