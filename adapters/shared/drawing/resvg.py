"""The program that `raster.py` starts: an SVG comes in, a PNG goes out. Its arguments are the zoom and font files."""

from __future__ import annotations

import sys


def main(zoom: str, *fonts: str) -> None:
    """Draw what is read, in these fonts alone."""
    import resvg_py

    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        skip_system_fonts=True,
        font_files=list(fonts),
        font_family="Noto Sans",
        sans_serif_family="Noto Sans",
        zoom=float(zoom),
    )
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    main(*sys.argv[1:])
