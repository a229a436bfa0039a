"""Acts of the Chair that wait: decisions, conclusions, appointments, what the Secretariat prepared.

Where no Chair is seated they wait until one is, and in the interregnum until the next membership is seated. The
Secretariat does not inherit them: it sees that they wait, and has the Chair's seat to fill.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.command import COMMANDS
from bot.domain.charter_changes import ChangeState, CharterChange
from bot.domain.community import Community
from bot.domain.completions import waiting_completion
from bot.domain.consensus.checks import Check, Form
from bot.domain.consensus.questions import asked
from bot.domain.cycles import current_cycle, in_interregnum
from bot.domain.groups import Group, Stage, group_of
from bot.domain.ids import MAG
from bot.domain.people import chair_of
from bot.domain.preparing import ActState, PreparedAct
from bot.domain.recommendations import Recommendation, Step, step_of
from bot.domain.records import Reads
from bot.domain.reviews import Review, ReviewState
from bot.domain.vacancies import vacancies
from bot.text import Moment, T, Text, said, term
from bot.view import Block, Bullets, Button, ButtonStyle


@dataclass(frozen=True, slots=True)
class ChairAct:
    """An act that waits: in a sentence, as the Chair's button, and as anybody's who wants to see what it is about.

    `public` is the sentence for everybody, where what was prepared is the Chair's to see first.
    """

    text: Text
    button: Button
    look: Button
    public: Text


def waiting_for_chair(reads: Reads, community: Community, now: datetime) -> Iterator[ChairAct]:
    """Every act that waits for the Chair, whether or not one is seated; most urgent first."""
    yield from _prepared(reads, community)
    yield from _decisions(reads, community, now)
    yield from _completions(reads, community)
    yield from _reviews(reads, community, now)
    yield from _charters(reads, community)
    yield from _recommendations(reads, community)
    yield from _conclusions(reads, community)
    yield from _appointments(reads, community, now)


def _prepared(reads: Reads, community: Community) -> Iterator[ChairAct]:
    for act in reads.all(PreparedAct, community=community.id, state=ActState.WAITING):
        yield ChairAct(
            T("Confirm what the Secretariat prepared: {summary}.", summary=COMMANDS[act.command].summary),
            Button(
                T("Confirm act {number}", number=act.number), "confirm", {"act": str(act.number)}, ButtonStyle.PRIMARY
            ),
            Button(T("The groups"), "list"),
            T("Confirm what the Secretariat prepared."),
        )


def _decisions(reads: Reads, community: Community, now: datetime) -> Iterator[ChairAct]:
    for stage in (Stage.CONSENSUS_CHECK, Stage.CONCLUDED_UPON):
        for group in reads.all(Group, community=community.id, stage=stage):
            check = reads.get(Check, community.id, group.check)
            if check is not None and (check.closed_at is not None or now >= check.closes_at):
                name = {"group": group.short_name}
                text = T("Decide on {group}: its consensus check is over.", group=group.short_name)
                yield ChairAct(
                    text,
                    Button(T("Decide on {group}", group=group.short_name), "approve", name, ButtonStyle.PRIMARY),
                    Button(T("Show {group}", group=group.short_name), "show", name),
                    text,
                )


def _of_group(group: Group, text: Text, button: Button) -> ChairAct:
    look = Button(T("Show {group}", group=group.short_name), "show", {"group": group.short_name})
    return ChairAct(text, button, look, text)


def _completions(reads: Reads, community: Community) -> Iterator[ChairAct]:
    for group in reads.all(Group, community=community.id, stage=Stage.ACTIVE):
        if waiting_completion(reads, group) is not None:
            yield _of_group(
                group,
                T("Confirm that {group} is completed.", group=group.short_name),
                Button(
                    T("Completion of {group}", group=group.short_name),
                    "complete show",
                    {"group": group.short_name},
                    ButtonStyle.PRIMARY,
                ),
            )


def _reviews(reads: Reads, community: Community, now: datetime) -> Iterator[ChairAct]:
    """Of a progress review, what only the Chair does. That one was asked for is the Chair's to know first."""
    for state in (ReviewState.ASKED, ReviewState.REPLYING, ReviewState.CHECKING):
        for review in reads.all(Review, community=community.id, state=state):
            group = group_of(reads, community.id, review.group)
            if group.stage is not Stage.ACTIVE:
                continue
            name = {"group": group.short_name}
            check = reads.get(Check, community.id, review.check)
            if state is ReviewState.ASKED:
                yield ChairAct(
                    T("Decide whether the progress of {group} is put to the members.", group=group.short_name),
                    Button(T("Review of {group}", group=group.short_name), "review show", name, ButtonStyle.PRIMARY),
                    Button(T("The groups"), "list"),
                    T("Decide on what a member asked in confidence."),
                )
            elif state is ReviewState.REPLYING and review.replies_until and now >= review.replies_until:
                yield _of_group(
                    group,
                    T("Ask the members about the progress of {group}.", group=group.short_name),
                    Button(T("Ask about {group}", group=group.short_name), "review check", name, ButtonStyle.PRIMARY),
                )
            elif check is not None and (check.outcome is not None or check.called_off):
                yield _of_group(
                    group,
                    T("Record what came of the progress review of {group}.", group=group.short_name),
                    Button(T("Review of {group}…", group=group.short_name), "review settle", name, ButtonStyle.PRIMARY),
                )


def _charters(reads: Reads, community: Community) -> Iterator[ChairAct]:
    """Changes of charters upon which was concluded: they are adopted or declined."""
    for change in reads.all(CharterChange, community=community.id, state=ChangeState.PROPOSED):
        group = group_of(reads, community.id, change.group)
        check = reads.get(Check, community.id, change.check)
        if group.stage is Stage.ACTIVE and check is not None and check.outcome is not None:
            name = {"group": group.short_name}
            text = T("Decide on the change of the charter of {group}.", group=group.short_name)
            label = T("Charter of {group}", group=group.short_name)
            yield _of_group(group, text, Button(label, "charter pending", name, ButtonStyle.PRIMARY))


def _recommendations(reads: Reads, community: Community) -> Iterator[ChairAct]:
    for each in reads.all(Recommendation, community=community.id, settled=False):
        check = reads.get(Check, community.id, each.mag_check) if step_of(reads, each) is Step.HANDED else None
        if check is not None and check.closed_at is not None:
            given = {"recommendation": each.label}
            text = T("Conclude what the members make of {label}: {title}", label=each.label, title=said(each.title))
            label = T("Conclude upon {label}", label=each.label)
            yield ChairAct(
                text,
                Button(label, "recommendation conclude", given, ButtonStyle.PRIMARY),
                Button(term(each.label), "recommendation show", given),
                text,
            )


def _conclusions(reads: Reads, community: Community) -> Iterator[ChairAct]:
    open_ones = reads.all(Recommendation, community=community.id, settled=False)
    before_the_full = {each.mag_check for each in open_ones}
    for check in reads.all(Check, community=community.id, closed=True):
        if check.number in before_the_full:
            continue
        if check.body == MAG and not check.group and check.outcome is None and not check.called_off:
            text, button = conclusion(check)
            look = Button(T("Check {number}", number=check.number), "consensus show", {"check": str(check.number)})
            yield ChairAct(text, button, look, text)


def conclusion(check: Check) -> tuple[Text, Button]:
    """Concluding upon a closed check, for who concludes for its body."""
    name, key = ("consensus confirm", "check") if check.form is Form.QUICK else ("conclude", "subject")
    text = T("Conclude upon check {number}: {question}", number=check.number, question=asked(check.question))
    label = T("Conclude upon {number}", number=check.number)
    return text, Button(label, name, {key: str(check.number)}, ButtonStyle.PRIMARY)


def _appointments(reads: Reads, community: Community, now: datetime) -> Iterator[ChairAct]:
    for vacancy in vacancies(reads, community, now):
        name = {"group": vacancy.group.short_name}
        text = T(
            "Appoint a co-facilitator of {group}: one has been missing since {when}.",
            group=vacancy.group.short_name,
            when=Moment(vacancy.since, community.zone),
        )
        yield ChairAct(
            text,
            Button(T("Appoint for {group}…", group=vacancy.group.short_name), "appoint name", name),
            Button(T("Show {group}", group=vacancy.group.short_name), "show", name),
            text,
        )


def why_waiting(reads: Reads, community: Community, now: datetime) -> Text | None:
    """Why acts of the Chair wait; None where a Chair is seated and the cycle under way."""
    title = community.titles.chair
    cycle = current_cycle(reads, community)
    if in_interregnum(cycle, community, now):
        return T("Until the next membership is seated, these wait")
    if chair_of(reads, community) is None:
        return T("No {chair} is seated; until one is, these wait", chair=title)
    return None


def waiting_acts(reads: Reads, community: Community, now: datetime) -> tuple[Block, ...]:
    """Acts that wait because nobody may do them now, for everybody to see; nothing where the Chair can."""
    why = why_waiting(reads, community, now)
    acts = tuple(each.public for each in waiting_for_chair(reads, community, now)) if why is not None else ()
    return (Bullets(acts, why),) if acts else ()
