"""A script: lines piped in, played as if somebody typed them, with all that follows after each.

`# …` is narration. `! LINE` expects a refusal. An empty line ends an answer of several lines, and means nothing elsewhere.
A refusal that was not expected, or one that did not come, ends the script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final

import msgspec

from adapters.shared.asked import CONTROLS
from adapters.terminal.screen import Screen
from adapters.terminal.session import Session
from bot.text import T

DONE: Final = 0
FAILED: Final = 1
_BOM: Final = "\ufeff"


class _Line(msgspec.Struct, frozen=True):
    """What is said at once: it may stand on several lines, and began on `number`."""

    number: int
    text: str
    refused: bool = False


async def run_script(lines: Iterable[str], session: Session, screen: Screen, origin: str = "script") -> int:
    """Play the lines; 0, or 1 where something went otherwise than the script expects. A line is known by its number and words.

    Played again under the same `origin` after a kill, it does nothing twice.
    """
    reader = _numbered(lines)
    screen.arrived(session.arrivals(to_anyone=True))
    for number, text in reader:
        stripped = text.strip()
        if not stripped:
            continue
        if stripped == "#" or stripped.startswith("# "):
            screen.gap()
            screen.narrated(stripped[1:].strip())
            continue
        line = _Line(number, text, stripped.startswith("! "))
        if line.refused:
            line = _Line(number, stripped[2:].lstrip(), refused=True)
        whole = _whole(line.text, reader, session)
        screen.gap()
        if whole is None:
            screen.typed(session.prompt, line.text)
            screen.said(T("Line {number} opens a quotation that never closes; the script ends here.", number=number))
            return FAILED
        outcome = await _play(
            _Line(number, whole, line.refused), session, screen, _origin(origin, number, session, whole)
        )
        if outcome is not None:
            return outcome
    return DONE


async def _play(line: _Line, session: Session, screen: Screen, origin: str) -> int | None:
    """Say it and show what comes of it. The script's outcome, where it ends here."""
    screen.typed(session.prompt, line.text)
    heard = await session.say(line.text, origin)
    await session.settle()
    screen.words = session.speaker.words()
    screen.heard(heard)
    screen.arrived(session.arrivals(to_anyone=True))
    if heard.refused and not line.refused:
        screen.said(T("Line {number} was refused, and the script did not expect it; it ends here.", number=line.number))
        return FAILED
    if line.refused and not heard.refused:
        screen.said(T("Line {number} was to be refused, and was not; the script ends here.", number=line.number))
        return FAILED
    return DONE if heard.left else None


def _origin(origin: str, number: int, session: Session, text: str) -> str:
    """What a line is known by: the same line, at the same place, said by the same person, is done once."""
    said = f"{session.speaker.user}|{session.place}|{text}".encode(errors="replace")
    return f"{origin}:{number}:{blake2b(said, digest_size=8).hexdigest()}"


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        yield number, (line.removeprefix(_BOM) if number == 1 else line).rstrip("\r\n")


def _whole(text: str, reader: Iterator[tuple[int, str]], session: Session) -> str | None:
    """The line with those that go on with it. None when it opens a quotation and the script ends."""
    parts = [text]
    if session.many_lines and not text.lstrip().startswith("/") and text.strip().lower() not in CONTROLS:
        for _, following in reader:
            if not following.strip():
                break
            parts.append(following)
        return "\n".join(parts)
    while session.unfinished("\n".join(parts)):
        following_line = next(reader, None)
        if following_line is None:
            return None
        parts.append(following_line[1])
    return "\n".join(parts)
