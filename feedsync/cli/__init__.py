"""The command line. Modules are thin: they read options, call `feedsync.run`, and print a report."""


def main() -> None:
    """The entry point of the console script: runs the command and exits with its code."""
    from feedsync.cli.app import run

    run()
