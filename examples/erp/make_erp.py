"""Builds erp.db, the database that this example reads: python make_erp.py"""

import sqlite3
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "__main__":
    target = HERE / "erp.db"
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target)
    connection.executescript((HERE / "erp.sql").read_text(encoding="utf-8"))
    connection.close()
