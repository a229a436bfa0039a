"""Cards of recommendations."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.consensus.checks import check_of
from bot.domain.consultations import consultation_of
from bot.domain.groups import group_of
from bot.domain.recommendations import ANSWERS, Answer, Recommendation, Step, step_of, text_of
from bot.domain.records import Reads
from bot.present import presents
from bot.present.names import OUTCOMES
from bot.present.people import person_name
from bot.text import Moment, T, Text, Tn, said
from bot.view import Block, Button, ButtonStyle, Card, Fact, Facts, Paragraph, Quote, Section, Tone

STEP_LABELS: dict[Step, Text] = {
    Step.DRAFT: T("Draft"),
    Step.CONSULTATION: T("In consultation"),
    Step.CONSULTED: T("Consulted on"),
    Step.CHECK: T("In the group's consensus check"),
    Step.CONCLUDED: T("Concluded upon by the group"),
    Step.HANDED: T("Before the full membership"),
    Step.ANSWERED: T("Answered"),
    Step.WITHDRAWN: T("Withdrawn"),
}


@presents("recommendation")
def recommendation_card(
    reads: Reads, community: Community, key: str, now: datetime, *, version: int = 0
) -> Card | None:
    """A recommendation: where it stands, its text, and the minority views that travel with it."""
    found = reads.get(Recommendation, community.id, int(key))
    if found is None:
        return None
    group = group_of(reads, community.id, found.group)
    text = text_of(reads, found, version)
    step = step_of(reads, found)
    blocks: list[Block] = [
        Facts(_facts(reads, community, found, step)),
        Section(T("{title}", title=said(found.title)), text.text),
    ]
    blocks.append(Paragraph(_next(reads, community, found, step)))
    views = found.minority_views or _of_the_group(reads, found)
    if views:
        blocks.append(Quote(views, T("Minority views")))
    if found.answer is not None and found.rationale:
        blocks.append(Quote(found.rationale, T("Rationale")))
    return Card(
        T("Recommendation {label} of {group}", label=found.label, group=group.short_name),
        tuple(blocks),
        _buttons(found, step),
        Tone.DONE if found.answer is Answer.ENDORSED else Tone.NEUTRAL,
        f"recommendation:{key}",
        T(
            "Version {version}, {person}, {when}.",
            version=text.version,
            person=person_name(reads, community, text.author),
            when=Moment(text.written_at, community.zone),
        ),
    )


def _of_the_group(reads: Reads, found: Recommendation) -> str:
    return check_of(reads, found.community, found.check).minority_views if found.check else ""


def _facts(reads: Reads, community: Community, found: Recommendation, step: Step) -> tuple[Fact, ...]:
    stands = STEP_LABELS[step]
    if found.answer is not None:
        stands = T(
            "{answer}, {when}",
            answer=ANSWERS[found.answer],
            when=Moment(found.settled_at or found.drafted_at, community.zone),
        )
    items = [Fact(T("Where it stands"), stands)]
    if found.consultation:
        consultation = consultation_of(reads, community.id, found.consultation)
        count = Tn("{count} comment", "{count} comments", consultation.comments)
        if consultation.attested:
            count = T("Sought, none received")
        items.append(Fact(T("Feedback"), count))
    if found.check:
        outcome = check_of(reads, community.id, found.check).outcome
        if outcome is not None:
            items.append(Fact(T("The group"), OUTCOMES[outcome]))
    if found.handed_at is not None:
        items.append(
            Fact(
                T("Asked of the {body}", body=community.titles.body),
                T("to endorse it") if found.seeks is Answer.ENDORSED else T("to take note of it"),
            )
        )
    return tuple(items)


def _next(reads: Reads, community: Community, found: Recommendation, step: Step) -> Text:
    body = community.titles.body
    match step:
        case Step.DRAFT:
            return T("A draft of the group. Next: the full {body} is consulted.", body=body)
        case Step.CONSULTATION:
            consultation = consultation_of(reads, community.id, found.consultation)
            return T(
                "The full {body} comments until {when}.",
                body=body,
                when=Moment(consultation.closes_at, consultation.zone),
            )
        case Step.CONSULTED:
            return T("The consultation is over. Once every concern is answered, the group's own check opens.")
        case Step.CHECK:
            check = check_of(reads, community.id, found.check)
            if check.closed_at is not None:
                return T("The group's check is over. Next: its co-facilitators conclude.")
            return T("Members of the group take positions until {when}.", when=Moment(check.closes_at, check.zone))
        case Step.CONCLUDED:
            return T("Next: the co-facilitators hand it to the full {body}.", body=body)
        case Step.HANDED:
            return T(
                "The full {body} takes positions; then the {chair} concludes.", body=body, chair=community.titles.chair
            )
        case Step.ANSWERED:
            return T(
                "The {body}'s answer, as {person} concluded. What a group recommends is the group's; what the {body} endorsed is the {body}'s.",
                body=body,
                person=person_name(reads, community, found.settled_by),
            )
        case Step.WITHDRAWN:
            if found.rationale:
                return T("Its group took it back: {reason}", reason=said(found.rationale))
            return T("Its group took it back.")


def _buttons(found: Recommendation, step: Step) -> tuple[Button, ...]:
    name = {"recommendation": found.label}
    buttons: list[Button] = []
    match step:
        case Step.DRAFT:
            buttons.append(
                Button(T("Consult the full membership…"), "recommendation consult", name, ButtonStyle.PRIMARY)
            )
            buttons.append(Button(T("Edit…"), "recommendation edit", name))
        case Step.CONSULTATION:
            buttons.append(Button(T("Comment…"), "consult comment", {"group": found.label}, ButtonStyle.PRIMARY))
        case Step.CONSULTED:
            buttons.append(Button(T("Ask the group…"), "recommendation check", name))
        case Step.CONCLUDED:
            buttons.append(Button(T("Hand it over…"), "recommendation hand", name, ButtonStyle.PRIMARY))
        case Step.CHECK | Step.HANDED | Step.ANSWERED | Step.WITHDRAWN:
            pass
    if found.consultation:
        buttons.append(Button(T("Comments so far"), "consult show", {"group": found.label}))
    check = found.mag_check or found.check
    if check:
        buttons.append(Button(T("The consensus check"), "consensus show", {"check": str(check)}))
    return tuple(buttons)
