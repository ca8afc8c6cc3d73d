"""The catalog under version control: green as it is, red where somebody broke it."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from feedsync.cli.app import app

EXAMPLE = Path(__file__).parents[2] / "examples/ci"
BROKEN = {
    "a price of nothing": ('"price": "24.90"', '"price": "0.00"', 1),
    "a price that is text": ('"price": "18.50"', '"price": "a convenir"', 1),
    "two products of one number": ('"sku": "PLATO-02"', '"sku": "PLATO-01"', 1),
    "a bracket that is missing": ('{"sku": "BOTIJO-01"', '"sku": "BOTIJO-01"', 2),
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "ci"))


def test_as_it_is(shop: Path) -> None:
    result = CliRunner().invoke(app, ["-C", str(shop), "check"])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2:] == [
        "google_es  8 read = 8 ready + 0 blocked + 0 excluded",
        "meta_es  8 read = 8 ready + 0 blocked + 0 excluded",
    ]


@pytest.mark.parametrize("name", BROKEN)
def test_broken(shop: Path, name: str) -> None:
    right, wrong, code = BROKEN[name]
    catalog = shop / "catalog.jsonl"
    text = catalog.read_text(encoding="utf-8")
    assert right in text
    catalog.write_text(text.replace(right, wrong), encoding="utf-8")
    assert CliRunner().invoke(app, ["-C", str(shop), "check"]).exit_code == code
