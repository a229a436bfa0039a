"""A sheet as PNG: resvg draws it, with our fonts and no others, so that it is the same picture on every machine.

It draws in a process of its own: `resvg_py` holds the interpreter for as long as it draws, and a picture of many rows
takes a second or two in which nobody else would be answered.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from adapters.shared.documents.typeface import file_of, unpacked
from adapters.shared.drawing import resvg
from adapters.shared.drawing.paper import Sheet

SHARPNESS: Final = 2.0
"""Dots to a pixel of the sheet: sharp on today's screens, and in print at the width of a page."""

MOST_DOTS: Final = 12_000_000
"""A long picture is drawn less sharp rather than larger than this: platforms refuse larger ones, or shrink them."""

_PATIENCE: Final = 60.0
"""Seconds."""


def rastered(sheet: Sheet) -> bytes:
    """The sheet as PNG, twice as many dots wide and high as it has pixels, or fewer. Raises what kept it from being drawn."""
    zoom = min(SHARPNESS, math.sqrt(MOST_DOTS / (sheet.width * sheet.height)))
    files = sorted({file_of(family, style) for family in sheet.families for style in ("", "B")})
    with tempfile.TemporaryDirectory(prefix="wgbot-fonts-") as folder:
        readable = [path if path.suffix == ".ttf" else _unpacked(path, Path(folder)) for path in files]
        drawing = subprocess.run(  # noqa: S603 - our own program; nothing typed is among its arguments
            [sys.executable, "-I", resvg.__file__, str(zoom), *map(str, readable)],
            input=sheet.svg(),
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
        )
    if drawing.returncode != 0:
        raise RuntimeError(f"resvg: {drawing.stderr.decode(errors='replace')[-2000:]}")
    return drawing.stdout


def _unpacked(path: Path, folder: Path) -> Path:
    """A font that resvg reads: it knows no WOFF."""
    written = folder / f"{path.stem}.ttf"
    written.write_bytes(unpacked(path))
    return written
