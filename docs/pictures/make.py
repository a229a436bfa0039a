"""Draws the pictures of the documentation from what the program really says.

`.venv/bin/python docs/pictures/make.py` plays the demo and writes `formation.svg` beside this file. Run it when words or
cards of that part of the demo change; `tests/test_docs.py` says when. The picture asks no other host for anything.
"""
# ruff: noqa: INP001 - a program to be run, no package

from __future__ import annotations

import asyncio
import re
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console

from adapters.cli.demo import STORY
from adapters.cli.house import open_house
from adapters.cli.sample import FIRST_SPEAKER, SAMPLE, found_sample
from adapters.cli.terminal import STORY_BEGINS
from adapters.terminal.screen import Screen
from adapters.terminal.script import run_script
from adapters.terminal.session import Session
from bot.engine import utc_now

PICTURE = Path(__file__).with_name("formation.svg")
TITLE = "wgbot demo"
BEGINS, ENDS = "# 8.", "# 9."
"""The part of the demo that is shown: from its narration that begins so, to before the one that begins so."""
WIDTH = 100

FONT = re.compile(r"@font-face \{.*?\n    \}\n", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)


def played() -> Console:
    """The demo, with the part that is shown recorded."""
    lines = STORY.read_text(encoding="utf-8").splitlines()
    first, last = (next(n for n, line in enumerate(lines) if line.startswith(begin)) for begin in (BEGINS, ENDS))
    with tempfile.TemporaryDirectory(prefix="wgbot-picture-") as folder:
        return asyncio.run(_played(lines[:first], lines[first:last], Path(folder)))


async def _played(before: list[str], shown: list[str], folder: Path) -> Console:
    with open_house(folder) as house:
        house.writer.call(lambda work: found_sample(work, utc_now(), frozen=STORY_BEGINS), [SAMPLE]).result()
        session = Session(house.desk, house.rooms, SAMPLE, FIRST_SPEAKER)
        await session.start()
        console = _console()
        for part, lines, paper in (("before", before, _console()), ("shown", shown, console)):
            if await run_script(lines, session, Screen(paper, session.speaker.words()), part):
                raise SystemExit("the demo did not go through")
        return console


def _console() -> Console:
    return Console(
        file=StringIO(),
        width=WIDTH,
        record=True,
        force_terminal=True,
        color_system="standard",
        markup=False,
        emoji=False,
        highlight=False,
    )


def svg(console: Console) -> str:
    """The picture, with no font or link of another host in it; a monospaced font of the reader's stands in."""
    drawn = console.export_svg(title=TITLE, unique_id="formation", clear=False)
    return "\n".join(line.rstrip() for line in COMMENT.sub("", FONT.sub("", drawn)).splitlines()) + "\n"


def words(picture: str) -> list[str]:
    """What a picture says, piece by piece: the same in two pictures that differ in drawing only."""
    return [piece for piece in (each.strip() for each in TEXT.findall(picture)) if piece]


if __name__ == "__main__":
    PICTURE.write_text(svg(played()), encoding="utf-8")
