"""Emoji to be compared by whoever runs the bot, while it runs: shown by one process, answered from another.

Each is a small file in a folder that only its owner can read. `wgbot run` puts it there and waits for what is said;
`wgbot matrix verify` reads it to somebody and notes their answer. What verification is, is `adapters.matrix.verifying`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Final

import aiohttp

from adapters.matrix.errors import MatrixError
from adapters.matrix.kept import keep
from adapters.matrix.verifying import LIFE_SECONDS, Comparison
from adapters.shared.sending import SendError

log = logging.getLogger(__name__)

FOLDER: Final = "comparing"
LOOK_SECONDS: Final = 1.0


class Board:
    """The comparisons of one account, in its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def clear(self) -> None:
        """What an earlier process showed is over: verifications do not outlive it."""
        for each in self._folder.glob("*"):
            each.unlink(missing_ok=True)

    def show(self, comparison: Comparison) -> None:
        """Have something compared."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep(self._file(comparison.id), json.dumps(asdict(comparison), ensure_ascii=False))
        log.warning("%s verifies the bot: compare with them by `wgbot matrix verify`", comparison.user)

    def shown(self) -> list[Comparison]:
        """What is to be compared, and was not answered; the oldest first."""
        found = sorted(each for each in map(_fresh, self._folder.glob("*.json")) if each is not None)
        return [_read(text) for _, text in found]

    def answer(self, comparison: Comparison, *, match: bool) -> bool:
        """Note what somebody says who compared. False: it is over, and nobody waits for it."""
        file = self._file(comparison.id)
        if not file.exists():
            return False
        keep(file.with_suffix(".answer"), json.dumps({"id": comparison.id, "match": match}))
        file.unlink(missing_ok=True)
        return True

    async def pass_on(self, confirm: Callable[[str, bool], Awaitable[object]]) -> None:
        """Tell what was answered, as it comes, until cancelled."""
        while True:
            for each in self._folder.glob("*.answer"):
                said = json.loads(each.read_text())
                each.unlink()
                try:
                    await confirm(said["id"], said["match"])
                except (SendError, MatrixError, aiohttp.ClientError, TimeoutError, OSError) as error:
                    log.warning("what was compared could not be said (%s); they can ask again", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    def _file(self, name: str) -> Path:
        """The name is the other side's choice: nothing of it is in the file's."""
        return self._folder / f"{sha256(name.encode(errors='replace')).hexdigest()[:32]}.json"


def _fresh(file: Path) -> tuple[float, str] | None:
    """When something was shown (Unix time) and what; None once the verification is over."""
    with suppress(FileNotFoundError):
        shown_at = file.stat().st_mtime
        if time.time() - shown_at < LIFE_SECONDS:
            return shown_at, file.read_text()
        file.unlink()
    return None


def _read(text: str) -> Comparison:
    said = json.loads(text)
    emoji = tuple((symbol, name) for symbol, name in said["emoji"])
    return Comparison(said["id"], said["user"], said["device"], emoji)
