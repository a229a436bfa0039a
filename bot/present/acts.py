"""Cards of prepared acts: what the Chair is asked to confirm."""

from __future__ import annotations

from datetime import datetime

from bot.command import COMMANDS
from bot.domain.community import Community
from bot.domain.preparing import ActState, PreparedAct
from bot.domain.records import Reads
from bot.present import presents
from bot.present.people import person_name
from bot.text import T, Text, said, term
from bot.view import Button, ButtonStyle, Card, Fact, Facts, Paragraph, Tone

STATES: dict[ActState, Text] = {
    ActState.WAITING: T("waits for your confirmation"),
    ActState.CONFIRMED: T("confirmed"),
    ActState.DROPPED: T("dropped"),
}


@presents("act")
def act_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """What was prepared, by whom, and the tap that makes it so."""
    act = reads.get(PreparedAct, community.id, int(key))
    if act is None:
        return None
    declared = COMMANDS[act.command]
    facts = tuple(
        Fact(declared.by_name[name].ask.question, said(text))
        for name, text in act.arguments.items()
        if name in declared.by_name
    )
    number = {"act": str(act.number)}
    buttons = (
        Button(T("Confirm"), "confirm", number, ButtonStyle.PRIMARY),
        Button(T("Drop"), "confirm", {**number, "answer": "no"}),
    )
    waiting = act.state is ActState.WAITING
    prepared = T(
        "{person} prepared this for you: {summary}",
        person=person_name(reads, community, act.prepared_by),
        summary=declared.summary,
    )
    return Card(
        T("Act {number} {state}", number=act.number, state=STATES[act.state]),
        (Paragraph(prepared), Facts((Fact(T("Command"), term(act.command)), *facts))),
        buttons if waiting else (),
        Tone.ATTENTION if waiting else Tone.NEUTRAL,
        f"act:{key}",
        T("It takes effect only when you confirm it yourself.") if waiting else None,
    )
