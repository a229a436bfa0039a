"""The process in which everybody with an Element lives: matrix-js-sdk and its rust crypto, under Node.js.

One process for all of them, in which each costs little. What it can do stands in `node/person.mjs`.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self, TypeVar

from tests.support.node import installed, node
from tests.support.processes import killed_with_parent

T = TypeVar("T")

NODE = Path(__file__).parent / "node"
PATIENCE_SECONDS = 60.0


class Impossible(Exception):
    """Element or the homeserver would not do this. `errcode` and `status` are the homeserver's, if it was asked."""

    def __init__(self, text: str, errcode: str = "", status: int = 0) -> None:
        super().__init__(text)
        self.errcode = errcode
        self.status = status


class ElementProcess:
    """The process. It ends when whoever started it does."""

    def __init__(self) -> None:
        installed(NODE)
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - open as long as the process is
        self._process = subprocess.Popen(
            [node(), NODE / "element.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={**os.environ, "NODE_ENV": "test"},
            preexec_fn=killed_with_parent,  # noqa: PLW1509 - nothing runs between fork and exec but one system call
        )
        self._ids = itertools.count()
        self._asked: dict[int, Future[Any]] = {}
        self._open: set[str] = set()
        self._changes: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._reader = threading.Thread(target=self._read, name="element", daemon=True)
        self._reader.start()

    def open(self, who: str, **what: Any) -> None:
        """Open an Element for somebody."""
        self.ask(who, "login", **what)
        self._open.add(who)

    def close(self, who: str) -> None:
        """Close somebody's Element."""
        self._open.discard(who)
        self.ask(who, "close")

    def close_all(self) -> None:
        """Close everybody's."""
        for who in list(self._open):
            self.close(who)

    def ask(self, who: str, order: str, **what: Any) -> Any:
        """Let somebody do something; raises Impossible."""
        return self.begin(who, order, **what).result(PATIENCE_SECONDS)

    def begin(self, who: str, order: str, **what: Any) -> Future[Any]:
        """The same without waiting for the answer."""
        number, answer = next(self._ids), Future[Any]()
        self._asked[number] = answer
        line = json.dumps({"id": number, "who": who, "order": order, "with": what})
        with self._writing:
            self._pipe(self._process.stdin).write(line + "\n")
            self._pipe(self._process.stdin).flush()
        return answer

    def until(self, who: str, look: Callable[[], T | None], within: float = PATIENCE_SECONDS) -> T | None:
        """What `look` finds, which looks again whenever somebody may see something new; None when it takes too long, in seconds."""
        end = time.monotonic() + within
        while True:
            before = self._changes[who]
            found = look()
            if found is not None:
                return found
            with self._changed:
                if not self._changed.wait_for(lambda: self._changes[who] != before, end - time.monotonic()):  # noqa: B023 - called within this turn
                    return None

    def stop(self) -> None:
        """End it."""
        self._pipe(self._process.stdin).close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._pipe(self._process.stdout).close()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _read(self) -> None:
        for line in self._pipe(self._process.stdout):
            self._hear(json.loads(line))
        self._log.seek(0)
        for answer in self._asked.values():
            answer.set_exception(RuntimeError(f"Element's process ended: {self._log.read()[-2000:]}"))

    def _hear(self, said: dict[str, Any]) -> None:
        match said:
            case {"changed": who}:
                with self._changed:
                    self._changes[who] += 1
                    self._changed.notify_all()
            case {"id": number, "error": error}:
                self._asked.pop(number).set_exception(Impossible(error["text"], error["errcode"], error["status"]))
            case {"id": number, "answer": answer}:
                self._asked.pop(number).set_result(answer)

    @staticmethod
    def _pipe(pipe: Any) -> Any:
        if pipe is None:
            raise RuntimeError("Element's process has no pipes")
        return pipe
