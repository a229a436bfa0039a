"""The card of a completion: the final report, and each expected output with what became of it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.completions import Completion, expected_outputs, lacking, waiting_completion
from bot.domain.groups import Stage, group_of
from bot.domain.ids import GroupId
from bot.domain.proposals import latest
from bot.domain.records import Reads
from bot.present import presents
from bot.present.names import full_name
from bot.present.people import person_name
from bot.text import Moment, T, Text, said
from bot.view import Block, Bullets, Button, ButtonStyle, Card, Quote, Section, Table, Tone


@presents("completion")
def completion_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """What is handed in, what is missing, and to the Chair what can be done with it."""
    completion = reads.get(Completion, community.id, GroupId(key))
    if completion is None:
        return None
    group = group_of(reads, community.id, completion.group)
    outputs = expected_outputs(latest(reads, group).sections.outputs)
    blocks: list[Block] = []
    missing = lacking(completion, outputs)
    if missing:
        blocks.append(Bullets(missing, T("What is missing")))
    accounts = {each.output: each for each in completion.accounts}
    rows: list[tuple[Text, ...]] = []
    for number, output in enumerate(outputs, 1):
        account = accounts.get(number)
        state = (
            T("not accounted for") if account is None else T("delivered") if account.delivered else T("not delivered")
        )
        rows.append((T("{number}", number=number), said(output), state, said(account.text if account else "—")))
    blocks.append(
        Table((T("No."), T("Expected output"), T("State"), T("Where, or why not")), tuple(rows), numeric=(0,))
    )
    if completion.report:
        blocks.append(Section(T("Final report"), completion.report))
    if completion.returned:
        blocks.append(Quote(completion.why, T("Returned by the {chair}", chair=community.titles.chair)))
    waiting = waiting_completion(reads, group) is not None
    name = {"group": group.short_name}
    buttons = (
        Button(T("Confirm its completion"), "complete confirm", name, ButtonStyle.PRIMARY),
        Button(T("Return it…"), "complete return", name),
    )
    return Card(
        T("Completion of {name}", name=full_name(group.short_name, group.full_name))
        if group.stage in (Stage.ACTIVE, Stage.COMPLETED)
        else T("Final report of {name}", name=full_name(group.short_name, group.full_name)),
        tuple(blocks),
        buttons if waiting else (Button(T("The group"), "show", name),),
        Tone.ATTENTION if waiting else Tone.NEUTRAL,
        f"completion:{key}",
        T(
            "Asked by {person}, {when}. The {chair} confirms it.",
            person=person_name(reads, community, completion.asked_by),
            when=Moment(completion.asked_at, community.zone),
            chair=community.titles.chair,
        )
        if waiting
        else T(
            "Handed in by {person}, {when}.",
            person=person_name(reads, community, completion.asked_by),
            when=Moment(completion.asked_at, community.zone),
        ),
    )
