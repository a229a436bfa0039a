"""A stateful Slack that no one here wrote: npm's `emulate`, as a child process on a free port of this machine.

Not a Slack that an app could talk to as it is: see `edge`.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Self

from tests.support.node import installed, node

NODE = Path(__file__).parent / "node"
MODULES = NODE / "node_modules"


class Emulator:
    """The process. It has one Slack at a time, and ends when whoever started it does."""

    def __init__(self) -> None:
        installed(NODE)
        self._process = subprocess.Popen(
            [node(), NODE / "emulator.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "NODE_ENV": "test"},
            text=True,
        )

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def begin(self, seed: dict[str, Any], url: str) -> str:
        """A new Slack filled with a seed, in place of the one before; its address. `url` is what it calls itself."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the emulator has no pipes")
        stdin.write(json.dumps({"baseUrl": url, "seed": seed}) + "\n")
        stdin.flush()
        port = stdout.readline().strip()
        if not port:
            raise RuntimeError(f"the emulator ended: {self._process.wait(5)}")
        return f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
