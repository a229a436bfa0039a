"""A rule is named as people write it, read back as it is written, and explains itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared.words import Words
from bot.domain.consensus.rules import Rule, RuleKind, describe
from bot.domain.errors import Invalid
from tests.bot.domain.consensus.strategies import any_rule


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("rough", Rule(RuleKind.ROUGH)),
        ("Rough consensus", Rule(RuleKind.ROUGH)),
        ("full", Rule(RuleKind.FULL)),
        ("consent", Rule(RuleKind.CONSENT)),
        (" LAZY ", Rule(RuleKind.LAZY)),
        ("lazy_consensus", Rule(RuleKind.LAZY)),
        ("minus-2", Rule(RuleKind.MINUS, 2)),
        ("minus-0", Rule(RuleKind.MINUS, 0)),
        ("consensus-minus-1", Rule(RuleKind.MINUS, 1)),
        ("Consensus minus 12", Rule(RuleKind.MINUS, 12)),
        ("supermajority-66", Rule(RuleKind.SUPERMAJORITY, 66)),
        ("Supermajority 66 %", Rule(RuleKind.SUPERMAJORITY, 66)),
        ("supermajority-51", Rule(RuleKind.SUPERMAJORITY, 51)),
        ("supermajority-100", Rule(RuleKind.SUPERMAJORITY, 100)),
    ],
)
def test_a_rule_is_named_as_people_write_it(typed: str, rule: Rule) -> None:
    assert Rule.parse(typed) == rule


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("", "“” is not a rule for reaching consensus."),
        ("majority", "“majority” is not a rule for reaching consensus."),
        ("consensus", "“consensus” is not a rule for reaching consensus."),
        ("minus--1", "“minus--1” is not a rule for reaching consensus."),
        ("minus-two", "“minus-two” is not a rule for reaching consensus."),
        ("supermajority-66.5", "“supermajority-66.5” is not a rule for reaching consensus."),
        ("minus-" + "9" * 5000, "“minus-" + "9" * 5000 + "” is not a rule for reaching consensus."),
        ("minus", "“Minus” needs the number of objections it bears, from 0 to 999."),
        ("minus-1000", "“Minus” needs the number of objections it bears, from 0 to 999."),
        ("supermajority", "A supermajority needs a whole percentage from 51 to 100."),
        ("supermajority-50", "A supermajority needs a whole percentage from 51 to 100."),
        ("supermajority-101", "A supermajority needs a whole percentage from 51 to 100."),
        ("rough-2", "The rule rough takes no number."),
    ],
    ids=lambda value: value[:30] or "nothing",
)
def test_what_names_no_rule_is_refused_with_the_rules_there_are(typed: str, what: str) -> None:
    with pytest.raises(Invalid) as refused:
        Rule.parse(typed)
    shown = {name: getattr(value, "text", value) for name, value in refused.value.what.parameters.items()}
    assert refused.value.what.message.format(**shown) == what
    assert refused.value.next_step is not None
    assert refused.value.field == "rule"
    offered = [kind.value.removeprefix("consensus-") for kind in RuleKind]
    assert all(word in refused.value.next_step.message for word in offered)


@given(any_rule)
def test_a_rule_is_read_back_from_what_it_is_written_as(rule: Rule) -> None:
    assert Rule.parse(str(rule)) == rule


@given(st.text())
def test_whatever_is_typed_is_a_rule_or_a_refusal(typed: str) -> None:
    try:
        rule = Rule.parse(typed)
    except Invalid:
        return
    assert Rule.parse(str(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("rough", "Counts alone never decide."),
        ("full", "nobody stands aside"),
        ("consent", "no objection that gives a reason"),
        ("lazy", "Silence is assent, where the notice was delivered."),
        ("minus-0", "at most 0 objections still stand"),
        ("minus-1", "at most 1 objection still stands"),
        ("minus-2", "at most 2 objections still stand"),
        ("supermajority-75", "75 percent or more of those who take a side"),
    ],
)
def test_a_rule_explains_itself(rule: str, says: str) -> None:
    assert says in Words().say(describe(Rule.parse(rule)))
