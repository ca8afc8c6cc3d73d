"""The version, on its own so that nothing has to import the package to say it."""

__version__ = "0.1.0"
