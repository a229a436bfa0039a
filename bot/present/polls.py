"""Cards of polls. They say truthfully who can see what."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.groups import body_name
from bot.domain.polls import Choice, Poll
from bot.domain.records import Reads
from bot.present import presents
from bot.present.groups import person_name
from bot.text import Moment, T, Text, Tn, joined, said
from bot.view import Ballot, BallotOption, Block, Button, Card, Fact, Facts, Table, Tone


@presents("poll")
def poll_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """A poll: its question and options, results where they may be shown, and who can see what."""
    poll = reads.get(Poll, community.id, int(key))
    if poll is None:
        return None
    running = poll.closed_at is None and now < poll.closes_at
    shown = not running or not poll.hidden
    options = tuple(
        BallotOption(
            str(number),
            Button(said(option), "poll choose", {"poll": str(poll.number), "options": str(number)}),
            poll.counts[number - 1] if shown else None,
        )
        for number, option in enumerate(poll.options, 1)
    )
    when = Moment(poll.closed_at or poll.closes_at, poll.zone)
    facts = Facts(
        (
            Fact(T("Closes") if running else T("Closed"), T("{when}", when=when)),
            Fact(T("Answers"), Tn("{count} person", "{count} people", poll.answers)),
        )
    )
    blocks: list[Block] = [Ballot(poll.question, options, poll.multiple, running, poll.hidden), facts]
    if shown and not poll.secret and poll.answers:
        blocks.append(_named(reads, community, poll))
    title = T(
        "Poll {number} of {body}",
        number=poll.number,
        body=body_name(reads, community.id, poll.body, community.titles.body),
    )
    tone = Tone.ATTENTION if running else Tone.NEUTRAL
    return Card(title, tuple(blocks), (), tone, f"poll:{key}", visibility(poll))


def _named(reads: Reads, community: Community, poll: Poll) -> Table:
    choices = reads.all(Choice, community=community.id, poll=poll.number)
    rows = []
    for number, option in enumerate(poll.options, 1):
        people = [
            T("{person}", person=person_name(reads, community, each.person))
            for each in choices
            if number in each.options
        ]
        if people:
            rows.append((said(option), joined(people, ", ")))
    return Table((T("Option"), T("Chosen by")), tuple(rows))


def visibility(poll: Poll) -> Text:
    """Who can see what, and when."""
    if poll.secret:
        return T(
            "Secret: no one is shown who chose what, and results appear at the close, when the single choices are destroyed. Until then whoever runs this server could look them up."
        )
    if poll.hidden:
        return T("Results are hidden until the close; then everyone here sees them, with names.")
    return T("Everyone here sees the results, with names, at any time.")
