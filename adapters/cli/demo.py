"""`wgbot demo`: a whole formation, from a real proposal to an active group, as its members see it in the chat."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from contextlib import chdir
from pathlib import Path

from adapters.cli.sample import SAMPLES
from adapters.cli.terminal import play

STORY = SAMPLES / "demo.txt"


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot demo`."""
    parser.add_argument("--data", type=Path, help="folder that keeps the data, so that a demo that was killed goes on")
    parser.set_defaults(community=None, speaker=None, room=None)


def run(chosen: argparse.Namespace) -> int:
    """Play it; 0 when everything happened as it should."""
    lines = STORY.read_text(encoding="utf-8").splitlines()
    kept = chosen.data.resolve() if chosen.data is not None else None
    with tempfile.TemporaryDirectory(prefix="wgbot-demo-") as folder, chdir(SAMPLES.parent):
        return asyncio.run(play(lines, kept or Path(folder), chosen, prefix="demo"))
