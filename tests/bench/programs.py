"""Programs under measurement, each in a process of its own: started, asked for what they used, and ended."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.request import urlopen

T = TypeVar("T")

PATIENCE_SECONDS = 60.0


class Program:
    """A Python module that listens somewhere on 127.0.0.1, until the end of a `with`.

    It says on stderr where it listens; what it says there is kept in the file `told`.
    """

    def __init__(self, module: Sequence[str], told: Path, settings: Mapping[str, str] | None = None) -> None:
        self._told = told
        with told.open("wb") as output:
            command, environment = [sys.executable, "-m", *module], {**os.environ, **(settings or {})}
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=output, env=environment)
        try:
            self.port = int(wait_for(self._listens, f"{module[0]} to listen"))
        except BaseException:
            self._process.kill()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it as one does, and see that it ends well."""
        self._process.terminate()
        try:
            code = self._process.wait(PATIENCE_SECONDS)
        finally:
            self._process.kill()
        if code not in (0, -signal.SIGTERM):
            raise AssertionError(f"it ended with {code}:\n{self._told.read_text()}")

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def cpu(self) -> float:
        """CPU seconds it used so far."""
        after_its_name = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(after_its_name[11]) + int(after_its_name[12])) / os.sysconf("SC_CLK_TCK")

    def _listens(self) -> str | None:
        if self._process.poll() is not None:
            raise AssertionError(f"it does not run:\n{self._told.read_text()}")
        found = re.search(r"127\.0\.0\.1:(\d+)", self._told.read_text())
        return found[1] if found else None


class WebApi(Program):
    """The sink, as this process sees it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(["tests.bench.sink"], folder / "sink.log")
        self.url = f"http://127.0.0.1:{self.port}"

    def answered(self, round_: str, number: int) -> tuple[float, int]:
        """When the last of so many clicks of a round was answered, and the bytes of all answers; waits for them."""

        def all_there() -> tuple[float, int] | None:
            numbers, size, last = self._asked(f"answered/{round_}")
            return (last, size) if numbers == number else None

        return wait_for(all_there, f"{number} answers")

    def called(self) -> dict[str, int]:
        """How often each method was called."""
        return dict(self._asked("called"))

    def _asked(self, what: str) -> Any:
        with urlopen(f"{self.url}/{what}") as said:  # noqa: S310 — our own
            return json.load(said)


def wait_for(look: Callable[[], T | None], what: str) -> T:
    """What `look` finds, once it finds something. Raises `TimeoutError`, which says what was waited for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE_SECONDS:g} s for {what}")
        time.sleep(0.01)
    return found
