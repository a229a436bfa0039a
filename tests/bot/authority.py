"""What everybody one can be is answered to every example of every command, in every state of a group.

`python -m tests.bot.authority` writes it down, as the table that `docs/reference/` has of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from bot.command import COMMANDS
from bot.context import Request, Space
from bot.domain.errors import Refusal
from bot.domain.events import Fact
from bot.engine import Answer
from bot.reply import refused
from bot.slash import parse
from tests.builders import (
    CHAIR,
    GOVERNMENT,
    MAG,
    OBSERVER,
    PRIVATE,
    PRIVATE_TOO,
    SECRETARIAT,
    STRANGER,
    TECHNICAL,
    World,
    spoken,
)

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "authorization-by-state.md"
PROPOSER, FACILITATOR, OTHER_FACILITATOR = PRIVATE_TOO, PRIVATE, TECHNICAL
SPEAKERS = (CHAIR, SECRETARIAT, PROPOSER, FACILITATOR, OTHER_FACILITATOR, GOVERNMENT, OBSERVER, STRANGER)
STATES = ("nothing", "in consultation", "in its check", "before the Chair", "active", "ended")
LETTERS: Final = {
    CHAIR: "C",
    SECRETARIAT: "S",
    PROPOSER: "P",
    FACILITATOR: "F",
    OTHER_FACILITATOR: "F",
    GOVERNMENT: "M",
    OBSERVER: "O",
    STRANGER: "X",
}
NOT_YOURS = "This is for "


@cache
def world_in(state: str) -> World:
    """The community with WG-MWP, which Rosa S. proposed, in a state."""
    world = World()
    match state:
        case "in consultation":
            world.proposed(by=PROPOSER)
            world.does(PRIVATE, "consult concern WG-MWP What does it cost?")
        case "in its check":
            world.proposed(by=PROPOSER)
            world.does(PRIVATE, "consult comment WG-MWP Good idea.")
            world.later("7d")
        case "before the Chair":
            world.checked(by=PROPOSER)
        case "active" | "ended":
            world.approved(by=PROPOSER)
            if state == "ended":
                world.later("330d")
    return world


@contextmanager
def tried(world: World, who: str, typed: str) -> Iterator[tuple[Answer, list[Fact]]]:
    """What a person is answered and what happens; then all of it is forgotten."""
    try:
        meant = parse(typed)
    except Refusal as refusal:  # nobody can type it: it is said by platforms
        yield Answer(refused(refusal, typed), done=False), []
        return
    request = Request(
        MAG,
        Space("terminal", "", "#mag"),
        meant.command.name,
        f"tried:{who}:{typed}",
        datetime.now(UTC),
        user=who,
        arguments=meant.arguments,
        typed=typed,
    )
    with world.store.writing([MAG]) as work:
        mark = work.mark()
        happened: list[Fact] = []
        append = work.append

        def noted(fact: Fact, origin: str) -> None:
            happened.append(fact)
            append(fact, origin)

        monkeypatched = pytest.MonkeyPatch()
        monkeypatched.setattr(work, "append", noted)
        answer = world.engine.decide(work, request)
        monkeypatched.undo()
        yield answer, happened
        work.undo(mark)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one example, said by one person."""

    command: str
    example: str
    who: str
    words: str
    done: bool
    kinds: frozenset[type]

    @property
    def turned_away(self) -> bool:
        """It is somebody else's, they were told: that comes before every other reason."""
        return self.words.startswith(NOT_YOURS)

    def __str__(self) -> str:
        return f"{self.who}: {self.example}: {self.words[:120]}"


@cache
def outcomes(state: str) -> tuple[Outcome, ...]:
    """All of them in a state of WG-MWP."""
    world, found = world_in(state), []
    for declared in COMMANDS.values():
        for example in declared.examples:
            for who in SPEAKERS:
                with tried(world, who, example) as (answer, happened):
                    kinds = frozenset(type(fact.event) for fact in happened)
                    found.append(Outcome(declared.name, example, who, spoken(answer.view), answer.done, kinds))
    return tuple(found)


def column(state: str) -> dict[str, str]:
    """For each command who is let do it in a state, and in brackets who may, but not now; as the engine answered."""
    done: dict[str, set[str]] = {}
    heard: dict[str, set[str]] = {}
    for each in outcomes(state):
        letter = LETTERS[each.who]
        done.setdefault(each.command, set()).update(letter if each.done else "")
        heard.setdefault(each.command, set()).update("" if each.turned_away else letter)
    return {name: _cell(done[name], heard[name] - done[name]) for name in done}


def _cell(done: set[str], heard: set[str]) -> str:
    order = "".join(dict.fromkeys(LETTERS.values())).index
    now, later = ("".join(sorted(some, key=order)) for some in (done, heard))
    return f"{now} ({later})".strip() if later else now or "—"


def page() -> str:
    """The whole table."""
    columns = [column(state) for state in STATES]
    lines = [
        "<!-- Made by `make docs` from what the engine answers in tests/bot/authority.py; change that, not this. -->\n",
        "# Who may do what, by state\n",
        "Everybody one can be gives every example of every command of the [reference](commands.md), in every state of a group,",
        "and this is what came of it. A letter: done. In brackets: theirs to do, and a [gate](../explanation/gates.md) or the",
        "lack of what the example is about stood against it. No letter: refused because of who they are.",
        "`tests/bot/test_authorization.py` compares it with rules that are written down a second time, by hand.\n",
        "**C** the Chair, **S** the Secretariat (an act of the Chair's or of co-facilitators is prepared, and waits for them to confirm it),",
        "**P** a member who proposed the group, **F** a co-facilitator (before there are any: two other members), **M** another",
        "member, **O** an observer on the roster, **X** an account that nobody knows.\n",
        f"| command | {' | '.join(STATES)} |",
        f"| --- |{' --- |' * len(STATES)}",
    ]
    lines += [f"| `{name}` | {' | '.join(each[name] for each in columns)} |" for name in sorted(columns[0])]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
