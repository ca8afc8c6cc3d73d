"""The layers: who may import whom, and which library has one home."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sources import ROOT


def test_the_import_contract_holds() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_package_alone_loads_no_engine() -> None:
    code = "import sys, feedsync; print(sorted({'polars', 'pandas', 'pydantic', 'lxml', 'sqlalchemy', 'rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
