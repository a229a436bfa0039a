"""What properties of consensus are tried with: any rule there is."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.domain.consensus.rules import NUMBERS, Rule, RuleKind

any_rule = st.one_of(
    st.builds(Rule, st.sampled_from([kind for kind in RuleKind if kind not in NUMBERS])),
    st.builds(Rule, st.just(RuleKind.MINUS), st.one_of(st.integers(0, 3), st.sampled_from(NUMBERS[RuleKind.MINUS]))),
    st.builds(Rule, st.just(RuleKind.SUPERMAJORITY), st.sampled_from(NUMBERS[RuleKind.SUPERMAJORITY])),
)
