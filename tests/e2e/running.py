"""`wgbot run` as a child: started, killed without warning, started again on the same folder; and its database, to look at."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from storage.store import SqlStore
from tests.support.processes import killed_with_parent

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0


class Running:
    """The service on a folder, with settings in its environment."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.environment = {**os.environ, **settings}
        self._folder = folder
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._one = threading.Lock()

    def start(self, *, wait: bool = True) -> None:
        """Run it; to `wait` is until it says that it does."""
        before = self._said()
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "adapters.main", "run", "--data", str(self._folder)]
            self._process = subprocess.Popen(
                command,
                stderr=log,
                env=self.environment,
                cwd=ROOT,
                preexec_fn=killed_with_parent,  # noqa: PLW1509 - nothing runs between fork and exec but one system call
            )
        end = time.monotonic() + START_SECONDS
        while wait and self._said() == before:
            if time.monotonic() > end:
                raise AssertionError(f"wgbot does not run: {self._log.read_text()[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """`kill -9`."""
        with self._one:
            if self._process is not None:
                self._process.kill()
                self._process.wait()
                self._process = None

    def _said(self) -> int:
        return self._log.read_text().count("wgbot runs") if self._log.exists() else 0


@contextmanager
def opened(folder: Path) -> Iterator[SqlStore]:
    """The database, to be read while the service has it."""
    with closing(SqlStore.open(f"sqlite:///{folder / 'wgbot.db'}", read_only=True)) as store:
        yield store


def waiting(folder: Path) -> int:
    """Rows that are still to be sent."""
    with closing(sqlite3.connect(f"file:{folder / 'wgbot.db'}?mode=ro", uri=True)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM outbox WHERE state < 2").fetchone()
    return int(count)
