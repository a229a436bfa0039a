"""Cards of consultations and their comments."""

from __future__ import annotations

from datetime import datetime

from bot.domain.charters import changes
from bot.domain.community import Community
from bot.domain.consultations import NEEDS_RESPONSE, Consultation, Response, comments_on, unanswered
from bot.domain.consulted import Consulted, consulted_in
from bot.domain.recommendations import text_of
from bot.domain.records import Reads
from bot.present import presents
from bot.present.charters import before_change, change_blocks
from bot.present.names import COMMENTS
from bot.present.people import person_name
from bot.text import Moment, T, Text, Tn, said, term
from bot.view import Block, Button, ButtonStyle, Card, Fact, Facts, Paragraph, Quote, Section, Tone


@presents("consultation")
def consultation_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """What is consulted on, until when, and every comment with its response."""
    consultation = reads.get(Consultation, community.id, int(key))
    if consultation is None:
        return None
    on = consulted_in(reads, consultation)
    running = consultation.closed_at is None and now < consultation.closes_at
    blocks: list[Block] = [
        Facts(_facts(reads, consultation, running)),
        *_text(reads, on, community.titles.body),
        *_comments(reads, community, consultation),
    ]
    if consultation.attested:
        blocks.append(
            Paragraph(T("Feedback was sought from the full {body}; none was received.", body=community.titles.body))
        )
    if consultation.exception:
        blocks.append(
            Quote(
                consultation.exception,
                T("Shorter than usual; the {chair} gave the reason", chair=community.titles.chair),
            )
        )
    name = {"group": on.name}
    buttons = (
        Button(T("Comment…"), "consult comment", {**name, "kind": "comment"}, ButtonStyle.PRIMARY),
        Button(T("Raise a concern…"), "consult comment", {**name, "kind": "concern"}),
        Button(T("Ask for a change…"), "consult comment", {**name, "kind": "change"}),
        Button(T("The recommendation"), "recommendation show", {"recommendation": on.name})
        if on.recommendation
        else Button(T("The change"), "charter pending", name)
        if on.change
        else Button(T("The proposal"), "propose show", name),
    )
    return Card(
        T("Consultation of the full {body} on {group}", body=community.titles.body, group=on.text),
        tuple(blocks),
        buttons if running else (),
        Tone.ATTENTION if running else Tone.NEUTRAL,
        f"consultation:{key}",
        T("Concerns and requests for change are answered before the consensus check opens.") if running else None,
    )


def _text(reads: Reads, on: Consulted, body: str) -> list[Block]:
    """What a recommendation says; a proposal was posted before, whole."""
    if on.change is not None:
        changed = changes(before_change(reads, on.group, on.change), on.change.sections, body)
        return [Quote(on.change.why, T("Why the change")), *change_blocks(changed)]
    if on.recommendation is None:
        return []
    return [Section(term(on.recommendation.title), text_of(reads, on.recommendation).text)]


def _facts(reads: Reads, consultation: Consultation, running: bool) -> tuple[Fact, ...]:
    until = Fact(
        T("Open until") if running else T("Closed"),
        T("{when}", when=Moment(consultation.closed_at or consultation.closes_at, consultation.zone)),
    )
    waiting = len(unanswered(reads, consultation))
    count = Tn("{count} comment", "{count} comments", consultation.comments)
    if waiting:
        count = T(
            "{count}, {waiting}", count=count, waiting=Tn("{count} to be answered", "{count} to be answered", waiting)
        )
    return (until, Fact(T("Feedback"), count))


def _comments(reads: Reads, community: Community, consultation: Consultation) -> list[Block]:
    blocks: list[Block] = []
    for each in comments_on(reads, consultation):
        label: Text = T(
            "{number}. {kind} by {person}",
            number=each.number,
            kind=COMMENTS[each.kind],
            person=person_name(reads, community, each.author),
        )
        blocks.append(Quote(each.text, label))
        answer = reads.get(Response, community.id, consultation.number, each.response) if each.response else None
        if answer is not None:
            blocks.append(
                Paragraph(
                    T(
                        "↳ {person}: {text}",
                        person=person_name(reads, community, answer.author),
                        text=said(answer.text),
                    )
                )
            )
        elif each.kind in NEEDS_RESPONSE:
            blocks.append(Paragraph(T("↳ not answered yet")))
    return blocks
