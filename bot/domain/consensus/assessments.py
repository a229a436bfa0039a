"""Whether a consensus check holds by its rule, and why.

`assess` reads the tally, the objections, the window and the clock, and answers with reasons. It assesses and never
decides: the MAG Chair, or a group's co-facilitators, conclude. When a check closes is the matter of `windows`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from bot.domain.consensus.positions import AGREEING, Position, Tally
from bot.domain.consensus.rules import Rule, RuleKind
from bot.domain.consensus.windows import MINIMUM_LAZY, in_utc
from bot.text import Moment, Span, T, Text, Tn


class ObjectionState(StrEnum):
    """What became of an objection: its author withdrew it, the text was changed to meet it, or it was answered.

    An answered one is addressed but not accommodated (RFC 7282 §3): its author still holds it.
    """

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    ACCOMMODATED = "accommodated"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class ObjectionSummary:
    """What the rules need to know of one objection. `reasoned`: it says why."""

    state: ObjectionState
    reasoned: bool


class Verdict(StrEnum):
    """What an assessment comes to. Before the close it is *not yet*, whatever has been said so far."""

    NOT_YET = "not-yet"
    HOLDS = "holds"
    HOLDS_LOW = "holds-low-participation"
    DOES_NOT_HOLD = "does-not-hold"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The rule's answer, with the reasons a member reads in their order. Participation is always among them.

    `would_hold` is the rule's answer whether or not the window is over; the participation floor does not change it.
    `taken` of `asked` members took a position. `floor_met` is true where no floor applies. The groups in
    `groups_silent` were asked and took no position; in those in `wholly_opposed` everyone who takes a side objects.
    Members whose seat names no stakeholder group are in neither.
    """

    verdict: Verdict
    rule: Rule
    reasons: tuple[Text, ...]
    taken: int
    asked: int
    floor_met: bool
    groups_silent: tuple[str, ...]
    wholly_opposed: tuple[str, ...]
    would_hold: bool


TAKES_A_SIDE = AGREEING | {Position.STAND_ASIDE, Position.OBJECT}
"""*Abstain* and *Need time* take no side. *Stand aside* does: it lets the others go on, yet does not agree."""

A_THIRD = Fraction(1, 3)
"""The share of the members asked from whom a position is expected."""


def assess(
    rule: Rule,
    tally: Tally,
    objections: Sequence[ObjectionSummary],
    *,
    opened_at: datetime,
    closes_at: datetime,
    now: datetime,
    notice_delivered: bool,
    floor_fraction: Fraction | None = A_THIRD,
) -> Assessment:
    """Whether the check holds by `rule`, and why. Times carry a zone; at `closes_at` itself the window is over.

    The participation floor is a position from `floor_fraction` of the members asked, rounded up, and from every
    stakeholder group among them. What holds below it reads *holds, low participation*; it never makes anything hold.
    None switches it off (quick checks; a consensus reached in a meeting). Lazy consensus has none: silence is assent
    there, and most of its good cases would read as poor ones. Participation is said all the same.

    Silence is assent only where the notice was delivered: undelivered, a lazy check does not hold, nor does any check
    in which nobody took a position. Nor does one in which nobody was asked.

    Each member who holds *Object* should have an objection. Where there are fewer objections (of any state) than such
    members, the rest count as open and without a reason: an objection not written down must not pass for none.
    """
    taken, asked = tally.taken(), tally.asked_in_all()
    groups = [group for group in tally.groups() if group and tally.asked[group]]
    silent = tuple(group for group in groups if not tally.taken(group))
    opposed = tuple(group for group in groups if _sides(tally, group) == tally.of(Position.OBJECT, group) > 0)

    raised = _raised(objections, tally)
    against = _against(rule, tally, raised, in_utc(closes_at) - in_utc(opened_at))
    if not notice_delivered and (rule.kind is RuleKind.LAZY or not taken):
        against.append(T("The notice was not delivered, so silence is not assent."))
    if not asked:
        against = [T("Nobody was asked, so there is no consensus to find.")]
    low = []
    if floor_fraction is not None and rule.kind is not RuleKind.LAZY:
        low = _low(math.ceil(floor_fraction * asked), taken, silent)

    over = in_utc(now) >= in_utc(closes_at)
    so_far = T("The check is open until {close}; this is how it stands so far.", close=Moment(in_utc(closes_at)))
    heard = Tn(
        "{taken} of {count} member asked took a position.",
        "{taken} of {count} members asked took a position.",
        asked,
        taken=taken,
    )
    reasons = (
        *([] if over else [so_far]),
        *(against or _in_favour(rule, tally, raised)),
        *(T("Everyone from {group} who takes a side objects.", group=T(group)) for group in opposed),
        heard,
        *low,
    )
    if not over:
        verdict = Verdict.NOT_YET
    elif against:
        verdict = Verdict.DOES_NOT_HOLD
    else:
        verdict = Verdict.HOLDS_LOW if low else Verdict.HOLDS
    return Assessment(verdict, rule, reasons, taken, asked, not low, silent, opposed, not against)


@dataclass(frozen=True, slots=True)
class _Raised:
    """How many objections were raised, and how many of them are open, open with a reason, or answered."""

    in_all: int
    open: int
    open_with_reason: int
    answered: int

    @property
    def sustained(self) -> int:
        """Still held by their authors: neither withdrawn nor accommodated."""
        return self.open + self.answered


def _raised(objections: Sequence[ObjectionSummary], tally: Tally) -> _Raised:
    unwritten = max(0, tally.of(Position.OBJECT) - len(objections))
    left_open = [objection for objection in objections if objection.state is ObjectionState.OPEN]
    return _Raised(
        in_all=len(objections) + unwritten,
        open=len(left_open) + unwritten,
        open_with_reason=sum(objection.reasoned for objection in left_open),
        answered=sum(objection.state is ObjectionState.ANSWERED for objection in objections),
    )


def _sides(tally: Tally, group: str | None = None) -> int:
    return sum(tally.of(position, group) for position in TAKES_A_SIDE)


def _agreeing(tally: Tally) -> int:
    return sum(tally.of(position) for position in AGREEING)


def _low(expected: int, taken: int, silent: Sequence[str]) -> list[Text]:
    """Why participation is low: nothing where it is not."""
    too_few = Tn(
        "Participation is low: at least {count} position is expected.",
        "Participation is low: at least {count} positions are expected.",
        expected,
    )
    unheard = [T("Nobody from {group} took a position.", group=T(group)) for group in silent]
    return [too_few, *unheard] if taken < expected else unheard


def _against(rule: Rule, tally: Tally, raised: _Raised, window: timedelta) -> list[Text]:
    """Why the rule does not hold: nothing where it does."""
    number = rule.number or 0
    left_open = Tn(
        "{count} objection is open: it must be withdrawn, accommodated or answered first.",
        "{count} objections are open: each must be withdrawn, accommodated or answered first.",
        raised.open,
    )
    match rule.kind:
        case RuleKind.ROUGH:
            return _if_any(left_open)
        case RuleKind.FULL:
            answered_over = Tn(
                "{count} objection was answered but not withdrawn: full consensus leaves none behind.",
                "{count} objections were answered but not withdrawn: full consensus leaves none behind.",
                raised.answered,
            )
            standing_aside = Tn(
                "{count} member stands aside: in full consensus nobody does.",
                "{count} members stand aside: in full consensus nobody does.",
                tally.of(Position.STAND_ASIDE),
            )
            return _if_any(left_open, answered_over, standing_aside)
        case RuleKind.CONSENT:
            with_reason = Tn(
                "{count} objection that gives a reason is open: it must be withdrawn, accommodated or answered first.",
                "{count} objections that give a reason are open: "
                "each must be withdrawn, accommodated or answered first.",
                raised.open_with_reason,
            )
            return _if_any(with_reason)
        case RuleKind.LAZY:
            # An answer does not restore a silence that somebody broke; a withdrawal does, and meeting the point does.
            spoken = Tn(
                "{count} objection still stands: silence is assent only once it is withdrawn or accommodated.",
                "{count} objections still stand: silence is assent only once each is withdrawn or accommodated.",
                raised.sustained,
            )
            too_short = T(
                "A check by lazy consensus is open for {least} or more; this one for {window}.",
                least=Span(int(MINIMUM_LAZY.total_seconds())),
                window=Span(int(window.total_seconds())),
            )
            return _if_any(spoken) + ([too_short] if window < MINIMUM_LAZY else [])
        case RuleKind.MINUS:
            too_many = Tn(
                "{count} objection still stands, open or answered but not withdrawn; this rule bears {bears}.",
                "{count} objections still stand, open or answered but not withdrawn; this rule bears {bears}.",
                raised.sustained,
                bears=number,
            )
            return [too_many] if raised.sustained > number else []
        case RuleKind.SUPERMAJORITY:
            sides = _sides(tally)
            enough = sides > 0 and _agreeing(tally) * 100 >= number * sides  # whole numbers: no rounding decides
            return [] if enough else [_share(tally, number)]
    assert_never(rule.kind)


def _if_any(*counted: Text) -> list[Text]:
    """Those of the counted sentences that count something."""
    return [sentence for sentence in counted if sentence.count]


def _in_favour(rule: Rule, tally: Tally, raised: _Raised) -> list[Text]:
    """Why a rule that holds does."""
    if not raised.in_all:
        objections = T("Nobody objected.")
    elif not raised.sustained:
        objections = T("Every objection was withdrawn or accommodated.")
    else:
        objections = Tn(
            "{count} objection still stands, and goes with the result as a minority view.",
            "{count} objections still stand, and go with the result as minority views.",
            raised.sustained,
        )
    match rule.kind:
        case RuleKind.SUPERMAJORITY:
            return [_share(tally, rule.number or 0), objections]
        case RuleKind.LAZY:
            return [objections, T("The notice was delivered, so silence is assent.")]
        case _:
            return [objections]


def _share(tally: Tally, percent: int) -> Text:
    """The share that agrees, rounded down: 66 percent is never said of less."""
    agreeing, sides = _agreeing(tally), _sides(tally)
    if not sides:
        return T("Nobody takes a side yet, so there is no share to count.")
    return Tn(
        "Of {count} member who takes a side, {agreeing} agrees: {share} percent, and this rule needs {percent}.",
        "Of {count} members who take a side, {agreeing} agree: {share} percent, and this rule needs {percent}.",
        sides,
        agreeing=agreeing,
        share=agreeing * 100 // sides,
        percent=percent,
    )
