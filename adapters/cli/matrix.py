"""`wgbot matrix`: what whoever runs the bot does about its keys: compare emoji with somebody, sign its device anew."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Final

import aiohttp

from adapters.matrix.account import NoLogin
from adapters.matrix.comparing import Board
from adapters.matrix.connection import Connection
from adapters.matrix.errors import MatrixError
from adapters.matrix.kept import FolderInUse
from adapters.matrix.keys import ForeignKeys
from adapters.matrix.service import FOLDER
from adapters.matrix.settings import MatrixSettings
from adapters.matrix.signing import Signed
from adapters.matrix.verifying import Comparison
from adapters.shared.config import Installation
from adapters.shared.environment import SettingsError

LOOK_SECONDS: Final = 0.5
YES: Final = ("y", "yes")
NO: Final = ("n", "no")


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot matrix`."""
    settings = Installation.of(os.environ)
    parser.add_argument("--data", type=Path, default=settings.data, help="folder that keeps the data (default: var)")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("verify", help="compare emoji with somebody who verifies the bot, while wgbot runs")
    acts.add_parser(
        "sign", help="make the bot's signing keys the account's, instead of another client's; stop wgbot first"
    )


def run(chosen: argparse.Namespace) -> int:
    """Do it; 1 when it did not come to what was wanted."""
    folder = chosen.data / FOLDER
    return _verify(Board(folder)) if chosen.act == "verify" else asyncio.run(_sign(folder))


def _verify(board: Board) -> int:
    sys.stdout.write("Have them verify the bot now: its profile, Verify. This waits for the emoji; Ctrl+C ends it.\n")
    sys.stdout.flush()
    while not (shown := board.shown()):
        time.sleep(LOOK_SECONDS)
    comparison = shown[-1]
    match = _asked(comparison)
    if not board.answer(comparison, match=match):
        sys.stdout.write("It is over: they cancelled, or it took too long. They can begin again.\n")
        return 1
    sys.stdout.write("Told. It is done when they confirm as well.\n" if match else "Told. Nothing is vouched for.\n")
    return int(not match)


def _asked(comparison: Comparison) -> bool:
    emoji = "\n".join(f"  {symbol}  {name}" for symbol, name in comparison.emoji)
    sys.stdout.write(f"{comparison.user} (device {comparison.device}) has to see these, in this order:\n{emoji}\n")
    while True:
        sys.stdout.write("Ask them, by a way you trust. The same? yes/no: ")
        sys.stdout.flush()
        said = sys.stdin.readline()
        if said.strip().lower() in YES:
            return True
        if not said or said.strip().lower() in NO:
            return False


async def _sign(folder: Path) -> int:
    settings = MatrixSettings.of(Installation.of(os.environ))
    if not settings.connected or settings.problem():
        raise SettingsError(settings.problem() or "WGBOT_MATRIX_HOMESERVER is not set.")
    async with aiohttp.ClientSession() as session:
        try:
            connection = await Connection.opened(session, settings.credentials, folder)
            try:
                signed = await connection.prepare(replace_signing=True)
            finally:
                connection.close()
        except FolderInUse:
            raise SettingsError("wgbot runs. Stop it first, then sign, then start it again.") from None
        except (NoLogin, ForeignKeys, MatrixError, aiohttp.ClientError, TimeoutError) as error:
            raise SettingsError(f"It could not be done: {str(error) or type(error).__name__}") from None
    if signed is not Signed.YES:
        sys.stdout.write("The homeserver wants the password for this. Set WGBOT_MATRIX_PASSWORD.\n")
        return 1
    sys.stdout.write("The bot's device is signed by its account. Whoever had verified the account verifies it anew.\n")
    return 0
