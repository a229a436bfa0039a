"""Text that was broken into lines for the way, put together again: `format=flowed` (RFC 3676)."""

from __future__ import annotations

from typing import Final

SIGNATURE: Final = "-- "


def unflowed(text: str, *, delete: bool = False) -> str:
    """Its paragraphs as they were written. `delete`: the space before a soft break is not part of the text (`DelSp=yes`)."""
    lines: list[str] = []
    depth_before, flows = 0, False
    for each in text.split("\n"):
        content = each.lstrip(">")
        depth = len(each) - len(content)
        content = content.removeprefix(" ")  # what was put before a line that begins with a space, a > or From
        if flows and depth == depth_before and content != SIGNATURE:
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        flows = content.endswith(" ") and content != SIGNATURE
        depth_before = depth
        if flows and delete:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
