"""Charts to draw: one as it mostly is, and what tests make of it."""

from __future__ import annotations

from dataclasses import replace

from bot.chart import Bar, Chart, Ink, Panel, Series
from bot.text import T, said, term

NAMES = {
    Ink.SUPPORT: T("Support"),
    Ink.LIVE_WITH: T("Can live with it"),
    Ink.STAND_ASIDE: T("Stand aside"),
    Ink.OBJECT: T("Object"),
    Ink.ABSTAIN: T("Abstain"),
    Ink.NEED_TIME: T("Need time"),
}


def bar(name: str, *counts: int, asked: int) -> Bar:
    """A group of which so many hold each position; what is not given is none."""
    every = (*counts, *(0 for _ in range(len(NAMES) - len(counts))))
    return Bar(said(name), every, asked, T("{taken} of {asked}", taken=sum(counts), asked=asked))


def tally(*bars: Bar, question: str = "Should WG-MWP be formed?") -> Chart:
    """A consensus check with these groups."""
    panel = Panel(
        T("By stakeholder group"),
        T("Positions taken"),
        tuple(Series(ink, label) for ink, label in NAMES.items()),
        bars,
        total=bar(
            "All",
            *(sum(each) for each in zip(*(one.counts for one in bars), strict=True)),
            asked=sum(one.whole for one in bars),
        ),
        rest=T("Not yet"),
    )
    return Chart(
        "check-1",
        T("Consensus check {number} of the MAG", number=1),
        said(question),
        T("23 of 40 members asked have spoken."),
        (panel,),
        (T("Closed Mon 25 Jan 2027, 10:00 (Zurich time, 09:00 UTC), at its time."),),
        (T("Counts alone never decide."),),
        term("IGF MAG"),
    )


CHECK = tally(
    bar("Government", 9, 2, 0, 1, asked=16),
    bar("Private Sector", 3, 1, 1, asked=8),
    bar("Civil Society", asked=8),
    bar("Technical Community", 4, 0, 0, 0, 1, 1, asked=8),
)

BALANCE = Chart(
    "roster-1",
    T("Balance of the MAG"),
    T("Who is seated in {cycle}", cycle="IGF 2027"),
    T("24 seats take positions."),
    tuple(
        Panel(
            heading,
            T("Share of seats"),
            (Series(Ink.PEOPLE, T("Seats")),),
            tuple(Bar(term(name), (count,), 16, term(f"{100 * count // 24} %")) for name, count in counts),
        )
        for heading, counts in (
            (T("By stakeholder group"), (("Government", 16), ("Private Sector", 8), ("Civil Society", 0))),
            (T("By regional group"), (("African Group", 12), ("WEOG", 12))),
        )
    ),
    source=term("IGF MAG"),
)


def with_groups(names: list[str], question: str = "Shall we?") -> Chart:
    """A check asked of groups of these names."""
    return replace(tally(*(bar(name, 3, 2, 0, 1, asked=20) for name in names), question=question))
