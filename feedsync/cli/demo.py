"""feedsync demo"""

from __future__ import annotations

import os
import shutil
import sys
from importlib import resources
from pathlib import Path
from typing import Annotated, Final

import typer

from feedsync.cli.options import FOLDER
from feedsync.cli.running import running
from feedsync.errors import OutputError, Place
from feedsync.texts import say

EXAMPLE: Final = "examples/quickstart"
# what a project is made of; what an export wrote into the example's own folder is not
PROJECT_FILES: Final = ("*.yaml", "*.csv", "*.md", "maps/*")
Output = Annotated[str, typer.Option("--output", "-o", metavar=FOLDER, help=say("help.demo_output"))]


def example_folder() -> Path:
    """The example shop: package data of a wheel, or the checkout's own folder. Raises OutputError where it is not."""
    package = Path(str(resources.files("feedsync")))
    for folder in (package / f"_{EXAMPLE}", package.parent / EXAMPLE):
        if (folder / "feedsync.yaml").is_file():
            return folder
    raise OutputError("demo_missing")


def demo(ctx: typer.Context, output: Output = "feedsync-demo") -> None:
    """See help.demo in the texts."""
    with running(ctx, "demo") as run:
        from feedsync.cli import output as printed
        from feedsync.reports import demo as report
        from feedsync.run import commands
        from feedsync.run.commands import Job

        example, folder = example_folder(), run.project() / output
        project = example
        if not folder.resolve().is_relative_to(example.resolve()):
            _copy(example, folder)
            project = folder
        result = commands.export(Job(project, env=os.environ, progress=run.progress), output=folder)
        run.progress.close()
        at = os.path.relpath(project, run.settings.folder)
        printed.show(report.summary(result, output, at, printed.width(), _program(run.settings.folder)))


def _program(folder: Path) -> str:
    """How this command can be called again: by its name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    if called.name != "feedsync" or shutil.which("feedsync"):
        return "feedsync"
    return os.path.relpath(called, folder.resolve() if folder.is_absolute() else Path.cwd())


def _copy(example: Path, folder: Path) -> None:
    """Copy the project's files that are not there yet: what somebody changed stays."""
    for pattern in PROJECT_FILES:
        for file in sorted(example.glob(pattern)):
            target = folder / file.relative_to(example)
            try:
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, target)
            except (OSError, RecursionError) as error:
                reason = getattr(error, "strerror", None) or str(error)
                raise OutputError("output_failed", Place(str(target)), reason=reason) from error
