"""The rules by which a body reaches consensus: how each is written, read, and put in a sentence.

Whether a check holds by one is the matter of `assessments`; who may choose which (a supermajority only where a group's
modalities say so, never for the MAG) that of the command that opens the check. Polls have no rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from bot.domain.consensus.windows import MINIMUM_LAZY
from bot.domain.errors import Invalid
from bot.text import Span, T, Text, Tn, UserText


class RuleKind(StrEnum):
    """How a body reaches consensus. Rough consensus is the default (RFC 7282)."""

    ROUGH = "rough"
    FULL = "full"
    CONSENT = "consent"
    LAZY = "lazy"
    MINUS = "consensus-minus"
    SUPERMAJORITY = "supermajority"


NUMBERS = {RuleKind.MINUS: range(1000), RuleKind.SUPERMAJORITY: range(51, 101)}
"""The rules that take a number, and the numbers they take."""

WRITTEN = {kind.value.removeprefix("consensus-"): kind for kind in RuleKind}
"""Each rule by the word it is written with."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its number: how many sustained objections *minus n* bears, or the percentage a supermajority needs.

    The percentage is of the positions that take a side (`assessments.TAKES_A_SIDE`). Two thirds is `supermajority-66`:
    2 of 3 are not quite 67 percent. Raises `Invalid` where a number is missing, out of range, or not wanted.
    """

    kind: RuleKind
    number: int | None = None

    def __post_init__(self) -> None:
        allowed = NUMBERS.get(self.kind)
        if self.number is None if allowed is None else self.number in allowed:
            return
        if allowed is None:
            what = T("The rule {rule} takes no number.", rule=str(self.kind))
        elif self.kind is RuleKind.MINUS:
            what = T("“Minus” needs the number of objections it bears, from {least} to {most}.", **_ends(allowed))
        else:
            what = T("A supermajority needs a whole percentage from {least} to {most}.", **_ends(allowed))
        raise Invalid(what, _choices(), field="rule")

    @classmethod
    def parse(cls, text: str) -> Rule:
        """The rule that `text` names: `rough`, `minus-2`, `supermajority-66`. Raises `Invalid`.

        Also as people write it: `Lazy consensus`, `consensus minus 2`, `supermajority 66 %`.
        """
        word = re.sub(r"[\s_]+", "-", text.strip().casefold()).rstrip("-%")
        word = word.removeprefix("consensus-").removesuffix("-consensus")
        found = re.fullmatch(r"([a-z]+)(?:-([0-9]{1,9}))?", word)
        if found is None or found[1] not in WRITTEN:
            what = T("“{typed}” is not a rule for reaching consensus.", typed=UserText(text))
            raise Invalid(what, _choices(), field="rule")
        return cls(WRITTEN[found[1]], None if found[2] is None else int(found[2]))

    def __str__(self) -> str:
        """As `parse` reads it, and as it is stored."""
        word = self.kind.value.removeprefix("consensus-")
        return word if self.number is None else f"{word}-{self.number}"


def _ends(numbers: range) -> dict[str, int]:
    return {"least": numbers[0], "most": numbers[-1]}


def _choices() -> Text:
    return T("Choose rough, full, consent, lazy, minus-2 or supermajority-66; the last two with a number of your own.")


def read_share(text: str, *, field: str) -> str:
    """A share as people write it (`1/3`, `25%`, `0.5`), as it is stored: `1/4`. Raises `Invalid`."""
    try:
        share = Fraction(text.replace("%", "").strip()) / (100 if "%" in text else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise Invalid(
            T("{typed} is not a share.", typed=UserText(text)),
            T("Give a fraction or percentage: 1/3, 25%."),
            field=field,
        )
    return str(share)


def describe(rule: Rule) -> Text:
    """The rule in a sentence, for the card of a check and a group's modalities."""
    number = rule.number or 0
    match rule.kind:
        case RuleKind.ROUGH:
            return T(
                "Rough consensus: no objection is left open; each was withdrawn, accommodated or answered. "
                "Counts alone never decide."
            )
        case RuleKind.FULL:
            return T("Full consensus: every objection was withdrawn or accommodated, and nobody stands aside.")
        case RuleKind.CONSENT:
            return T("Consent: no objection that gives a reason is left open.")
        case RuleKind.LAZY:
            return T(
                "Lazy consensus: in {least} or more, no objection is left that was not withdrawn or accommodated. "
                "Silence is assent, where the notice was delivered.",
                least=Span(int(MINIMUM_LAZY.total_seconds())),
            )
        case RuleKind.MINUS:
            return Tn(
                "Consensus minus {count}: at most {count} objection still stands at the close.",
                "Consensus minus {count}: at most {count} objections still stand at the close.",
                number,
            )
        case RuleKind.SUPERMAJORITY:
            return T(
                "Supermajority: {percent} percent or more of those who take a side agree. "
                "To abstain or to need time takes no side.",
                percent=number,
            )
    assert_never(rule.kind)
