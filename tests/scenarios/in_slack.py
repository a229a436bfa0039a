"""The terminal's scripts, played in Slack: every `/wg` line typed by its speaker, every form filled in in its window.

What only a terminal has (`/rooms`) is left out; `/as`, `/room` and `/clock` are what they stand for.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.adapters.slack.office import Office, handle
from tests.support.slack.seen import Seen, View

ROOT = Path(__file__).parents[2]
REFUSED = "⛔"


def statements(script: str) -> Iterator[str]:
    """The lines that say something; one that opens a quotation goes on until it closes."""
    lines = iter(script.splitlines())
    for line in lines:
        while line.lstrip("! ").startswith("/wg") and line.count('"') % 2:
            line += "\n" + next(lines)  # noqa: PLW2901 — the statement is what the line begins
        yield line


def play(office: Office, script: str, speaker: str, channel: str = "mag") -> None:
    """Play it; AssertionError where something was refused that was not expected to be, or the other way round."""
    lines = statements(script)
    for line in lines:
        expected, said = line.startswith("! "), line.removeprefix("! ").strip()
        if not said or said.startswith("#") or said == "/rooms":
            continue
        word, _, rest = said.partition(" ")
        match word:
            case "/as":
                speaker = rest
            case "/room":
                channel = rest.lstrip("#")
            case "/clock":
                office.later(rest.lstrip("+"))
            case "/wg":
                seen = office.slash(speaker, _pasted(rest), channel)
                form = office.people.modals(handle(speaker))
                assert seen.acked
                if form and not expected:
                    seen = _filled_in(office, speaker, form[-1], lines)
                assert refused(office, speaker, seen) == expected, f"{speaker}: {line}\n{seen.text}\n{seen.errors}"
                _put_away(office, speaker)
            case _:
                raise AssertionError(f"what is {line!r}?")


def refused(office: Office, speaker: str, seen: Seen) -> bool:
    """Whether somebody was told no."""
    windows = office.people.modals(handle(speaker))
    return bool(REFUSED in seen.text or seen.errors or any(REFUSED in each.text for each in windows))


def _pasted(typed: str) -> str:
    """A file named on a command line is pasted: Slack's users have no disk here."""
    for word in shlex.split(typed) if "samples/" in typed else ():
        if word.startswith("samples/"):
            text = (ROOT / word).read_text(encoding="utf-8")
            rest = typed.replace(word, "").strip()
            command, options = rest.split(" --", 1) if " --" in rest else (rest, "")
            return f"{command} --{options} {text}" if options else f"{command} {text}"
    return typed


def _filled_in(office: Office, speaker: str, view: View, lines: Iterator[str]) -> Seen:
    """Answer the questions of a window, in their order, with the lines that follow; then submit it."""
    values: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        answer = next(lines)
        if block["element"].get("multiline") and answer != "skip":
            while more := next(lines):
                answer += "\n" + more
        if answer != "skip":
            values[block["block_id"]] = answer
    assert next(lines) == "submit"
    seen = office.people.submit(handle(speaker), view, values)
    office.settle()
    return seen


def _put_away(office: Office, speaker: str) -> None:
    """Close what is open."""
    for view in reversed(office.people.modals(handle(speaker))):
        office.people.close(handle(speaker), view)
    office.settle()
