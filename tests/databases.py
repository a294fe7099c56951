"""Both kinds of database for the journal: a SQLite file, and a real PostgreSQL where the machine has one."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bot.playground.processes import Processes, free_ports

USER = "timonier"


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    port: int

    def create(self, name: str) -> str:
        """An empty database; its URL."""
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self._url(name)

    def cut(self, name: str) -> None:
        """Ends all connections to a database, as a restart of the server would."""
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    def _url(self, name: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"


@contextmanager
def serving(folder: Path) -> Iterator[PostgreSQL]:
    """A server on files in ``folder``; skips where PostgreSQL is not installed."""
    initdb, postgres = _program("initdb"), _program("postgres")
    as_other: list[str] = []
    if os.geteuid() == 0:  # it refuses to be run by root
        shutil.chown(folder, "postgres")
        # A change of user takes the tether off: the signal is asked for again.
        as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=QUIT", "--"]
    data = folder / "data"
    made = [initdb, f"--pgdata={data}", f"--username={USER}", "--auth=trust", "--no-sync", "--encoding=UTF8"]
    subprocess.run([*as_other, *made], check=True, capture_output=True, cwd="/")
    (port,) = free_ports(1)
    options = ("-h", "127.0.0.1", "-p", str(port), "-k", "", "-c", "fsync=off", "-c", "timezone=Europe/Paris")
    with Processes(folder) as processes:
        processes.start("postgres", *as_other, postgres, "-D", data, *options, cwd=Path("/"))
        server = PostgreSQL(port)
        _wait(server, processes)
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with tempfile.TemporaryDirectory(prefix="timonier-postgresql-") as folder, serving(Path(folder)) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database, as DATABASE_URL names it once it was read."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.create(tmp_path.name).replace("postgresql://", "postgresql+psycopg://")


def _program(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(installed[-1]) if installed else None)
    if found is None:
        pytest.skip("no PostgreSQL on this machine (on Debian: apt install postgresql)")
    return found


def _wait(server: PostgreSQL, processes: Processes) -> None:
    while True:
        processes.check()
        try:
            psycopg.connect(server._url("postgres")).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
