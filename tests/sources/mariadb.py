"""A MariaDB server of the tests' own, started once per process and removed at its end."""

from __future__ import annotations

import atexit
import getpass
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

import pymysql
import pytest

MISSING = "no MariaDB server here; install it: apt-get install mariadb-server"


class Server:
    """A server with a folder and a socket of its own, and no network."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mdb"))
        self.socket = str(self.folder / "s")
        data = f"--datadir={self.folder / 'data'}"
        installer, user = _program("mariadb-install-db"), f"--user={getpass.getuser()}"
        options = ["--no-defaults", data, user]
        subprocess.run(
            [installer, *options, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, capture_output=True,
        )  # fmt: skip
        settings = ["--skip-networking", f"--socket={self.socket}", f"--pid-file={self.folder / 'pid'}"]
        settings += ["--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin"]
        log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen([_program("mariadbd"), *options, *settings], stdout=log, stderr=log)
        log.close()
        self._wait()
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute("create database shop character set utf8mb4")

    @property
    def url(self) -> str:
        """Of its empty database."""
        return f"mysql://root@localhost/shop?unix_socket={self.socket}"

    def connect(self, database: str | None = None) -> pymysql.Connection:
        """A connection of the tests' own."""
        return pymysql.connect(unix_socket=self.socket, user="root", database=database, autocommit=True)

    def stop(self) -> None:
        """End it at once and remove all it wrote."""
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        for _ in range(600):
            with socket.socket(socket.AF_UNIX) as line:  # PyMySQL leaves its own open where nobody answers
                if line.connect_ex(self.socket) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text(errors="replace"))


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")
    if found is None:
        pytest.skip(MISSING)
    return found


@cache
def mariadb() -> Server:
    """The running server; a test that asks for it is skipped where none is installed."""
    server = Server()
    atexit.register(server.stop)
    return server
