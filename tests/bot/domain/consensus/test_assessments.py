"""Does a check hold by its rule? Twelve members are asked for a week; some object, and their objections are met."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from random import Random
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.shared.words import Words
from bot.domain.consensus.assessments import A_THIRD, Assessment, ObjectionState, ObjectionSummary, Verdict, assess
from bot.domain.consensus.positions import Position, Tally, recount
from bot.domain.consensus.rules import Rule, RuleKind
from bot.text import Moment, Text
from tests.bot.domain.consensus.strategies import any_rule

SUPPORT, LIVE_WITH, STAND_ASIDE, OBJECT, ABSTAIN, NEED_TIME = Position
OPEN, WITHDRAWN, ACCOMMODATED, ANSWERED = ObjectionState
HOLDS, HOLDS_LOW, DOES_NOT_HOLD = Verdict.HOLDS, Verdict.HOLDS_LOW, Verdict.DOES_NOT_HOLD

OPENED = datetime(2027, 3, 3, 15, tzinfo=UTC)
CLOSES = OPENED + timedelta(days=7)
GROUPS = ("Government", "Private Sector", "Civil Society", "Technical Community")
TWELVE = dict.fromkeys(GROUPS, 3)

Positions = Sequence[tuple[str, Position]]


def everyone(position: Position) -> list[tuple[str, Position]]:
    return [(group, position) for group in GROUPS for _ in range(3)]


def with_these(*said: Position) -> list[tuple[str, Position]]:
    """All twelve support, but for the first ones, who say this."""
    return [(group, said[i] if i < len(said) else SUPPORT) for i, (group, _) in enumerate(everyone(SUPPORT))]


def objections(*states: ObjectionState, reasoned: bool = True) -> list[ObjectionSummary]:
    return [ObjectionSummary(state, reasoned) for state in states]


def check(  # every argument is a circumstance a story may change
    rule: str | Rule,
    positions: Positions | Tally,
    objections: Sequence[ObjectionSummary] = (),
    *,
    window: timedelta = CLOSES - OPENED,
    after_close: timedelta = timedelta(0),
    notice_delivered: bool = True,
    floor: Fraction | None = A_THIRD,
) -> Assessment:
    closes = OPENED + window
    return assess(
        Rule.parse(rule) if isinstance(rule, str) else rule,
        positions if isinstance(positions, Tally) else recount(TWELVE, positions),
        objections,
        opened_at=OPENED,
        closes_at=closes,
        now=closes + after_close,
        notice_delivered=notice_delivered,
        floor_fraction=floor,
    )


def words(text: Text) -> str:
    """The English sentence, as a reader would see it."""
    return Words().say(text)


def reasons(assessment: Assessment) -> list[str]:
    return [words(reason) for reason in assessment.reasons]


# The story of one objection, by every rule


@pytest.mark.parametrize(
    ("state", "holds_by"),
    [
        (OPEN, {"minus-1", "supermajority-66"}),
        (ANSWERED, {"rough", "consent", "minus-1", "supermajority-66"}),
        (ACCOMMODATED, {"rough", "full", "consent", "lazy", "minus-0", "minus-1", "supermajority-66"}),
        (WITHDRAWN, {"rough", "full", "consent", "lazy", "minus-0", "minus-1", "supermajority-66"}),
    ],
)
def test_one_of_twelve_objects_with_a_reason(state: ObjectionState, holds_by: set[str]) -> None:
    rules = ("rough", "full", "consent", "lazy", "minus-0", "minus-1", "supermajority-66")
    held = {rule for rule in rules if check(rule, with_these(OBJECT), objections(state)).verdict is HOLDS}
    fallen = {rule for rule in rules if check(rule, with_these(OBJECT), objections(state)).verdict is DOES_NOT_HOLD}
    assert held == holds_by
    assert fallen == set(rules) - holds_by


def test_an_objection_without_a_reason_stops_rough_consensus_but_not_consent() -> None:
    unreasoned = objections(OPEN, reasoned=False)
    assert check("consent", with_these(OBJECT), unreasoned).verdict is HOLDS
    assert check("rough", with_these(OBJECT), unreasoned).verdict is DOES_NOT_HOLD


@pytest.mark.parametrize(
    ("rule", "states", "says"),
    [
        ("rough", [], "Nobody objected."),
        ("rough", [OPEN], "1 objection is open: it must be withdrawn, accommodated or answered first."),
        ("rough", [OPEN, OPEN], "2 objections are open: each must be withdrawn, accommodated or answered first."),
        ("rough", [WITHDRAWN, ACCOMMODATED], "Every objection was withdrawn or accommodated."),
        ("rough", [ANSWERED], "1 objection still stands, and goes with the result as a minority view."),
        ("full", [ANSWERED], "1 objection was answered but not withdrawn: full consensus leaves none behind."),
        (
            "consent",
            [OPEN],
            "1 objection that gives a reason is open: it must be withdrawn, accommodated or answered first.",
        ),
        ("lazy", [], "The notice was delivered, so silence is assent."),
        (
            "lazy",
            [ANSWERED, OPEN],
            "2 objections still stand: silence is assent only once each is withdrawn or accommodated.",
        ),
        (
            "minus-1",
            [OPEN, ANSWERED],
            "2 objections still stand, open or answered but not withdrawn; this rule bears 1.",
        ),
        ("minus-2", [OPEN, ANSWERED], "2 objections still stand, and go with the result as minority views."),
    ],
)
def test_the_reasons_are_sentences_a_member_understands(rule: str, states: list[ObjectionState], says: str) -> None:
    said = with_these(*[OBJECT for _ in states])
    assert says in reasons(check(rule, said, objections(*states)))


def test_rough_consensus_with_one_supporter_against_eleven_whose_objections_were_all_answered() -> None:
    """RFC 7282 §7: five people for and one hundred people against might still be rough consensus."""
    said = with_these(*[OBJECT] * 11)
    assert check("rough", said, objections(*[ANSWERED] * 11)).verdict is HOLDS
    one_unanswered = objections(*[ANSWERED] * 10, OPEN)
    assert check("rough", said, one_unanswered).verdict is DOES_NOT_HOLD


def test_an_objection_that_was_never_written_down_does_not_pass_for_none() -> None:
    assessment = check("rough", with_these(OBJECT, OBJECT), objections(ANSWERED))
    assert assessment.verdict is DOES_NOT_HOLD
    assert reasons(assessment)[0].startswith("1 objection is open")
    consent = check("consent", with_these(OBJECT, OBJECT), objections(WITHDRAWN))
    assert consent.verdict is HOLDS, "it gives no reason"
    assert reasons(consent)[0] == "1 objection still stands, and goes with the result as a minority view."


def test_who_withdrew_an_objection_and_still_is_counted_as_objecting_holds_up_nobody() -> None:
    assert check("rough", with_these(OBJECT), objections(WITHDRAWN)).verdict is HOLDS


# Full consensus


@pytest.mark.parametrize(
    ("said", "verdict"),
    [(LIVE_WITH, HOLDS), (ABSTAIN, HOLDS), (NEED_TIME, HOLDS), (STAND_ASIDE, DOES_NOT_HOLD)],
)
def test_in_full_consensus_nobody_stands_aside(said: Position, verdict: Verdict) -> None:
    assert check("full", with_these(said)).verdict is verdict
    assert check("rough", with_these(said)).verdict is HOLDS


def test_full_consensus_gives_every_reason_against_it_at_once() -> None:
    said = with_these(OBJECT, OBJECT, STAND_ASIDE)
    assert reasons(check("full", said, objections(OPEN, ANSWERED)))[:3] == [
        "1 objection is open: it must be withdrawn, accommodated or answered first.",
        "1 objection was answered but not withdrawn: full consensus leaves none behind.",
        "1 member stands aside: in full consensus nobody does.",
    ]


# Lazy consensus


def test_in_lazy_consensus_silence_is_assent() -> None:
    assessment = check("lazy", [])
    assert assessment.verdict is HOLDS
    assert assessment.floor_met, "a floor would contradict the rule"
    assert assessment.groups_silent == GROUPS, "but who was silent is not hidden"
    assert "0 of 12 members asked took a position." in reasons(assessment)


@pytest.mark.parametrize(
    ("window", "delivered", "verdict"),
    [
        (timedelta(hours=72), True, HOLDS),
        (timedelta(hours=71, minutes=59), True, DOES_NOT_HOLD),
        (timedelta(hours=72), False, DOES_NOT_HOLD),
    ],
    ids=["long enough and delivered", "a minute short", "not delivered"],
)
def test_silence_is_assent_only_after_72_hours_and_where_the_notice_was_delivered(
    window: timedelta, delivered: bool, verdict: Verdict
) -> None:
    assert check("lazy", everyone(SUPPORT), window=window, notice_delivered=delivered).verdict is verdict


def test_an_hour_lost_to_the_change_of_clocks_is_not_counted_as_time_to_object() -> None:
    paris = ZoneInfo("Europe/Paris")
    opened, closes = datetime(2027, 3, 26, 12, tzinfo=paris), datetime(2027, 3, 29, 12, tzinfo=paris)
    assessment = assess(
        Rule(RuleKind.LAZY),
        recount(TWELVE, []),
        [],
        opened_at=opened,
        closes_at=closes,
        now=closes,
        notice_delivered=True,
    )
    assert assessment.verdict is DOES_NOT_HOLD, "three days by the calendar, 71 hours by the clock"


@pytest.mark.parametrize("rule", ["rough", "full", "consent", "minus-1"])
def test_no_rule_hears_assent_in_a_silence_that_was_never_asked(rule: str) -> None:
    unheard = check(rule, [], notice_delivered=False)
    assert unheard.verdict is DOES_NOT_HOLD
    assert reasons(unheard)[0] == "The notice was not delivered, so silence is not assent."
    assert check(rule, [], notice_delivered=True).verdict is HOLDS_LOW
    assert check(rule, everyone(SUPPORT), notice_delivered=False).verdict is HOLDS, "they spoke, so they knew"


# Supermajority


@pytest.mark.parametrize(
    ("percent", "said", "verdict"),
    [
        (66, [SUPPORT, SUPPORT, OBJECT], HOLDS),
        (67, [SUPPORT, SUPPORT, OBJECT], DOES_NOT_HOLD),
        (66, [SUPPORT, LIVE_WITH, OBJECT], HOLDS),
        (66, [SUPPORT, SUPPORT, STAND_ASIDE], HOLDS),
        (67, [SUPPORT, SUPPORT, STAND_ASIDE], DOES_NOT_HOLD),
        (67, [SUPPORT, SUPPORT, ABSTAIN, NEED_TIME], HOLDS),
        (100, [SUPPORT, ABSTAIN, NEED_TIME], HOLDS),
        (51, [SUPPORT, OBJECT], DOES_NOT_HOLD),
        (51, [ABSTAIN, NEED_TIME], DOES_NOT_HOLD),
        (51, [], DOES_NOT_HOLD),
    ],
    ids=[
        "two of three are 66 percent",
        "but not 67",
        "to live with it is to agree",
        "to stand aside is a side",
        "though not agreement",
        "abstaining and needing time are none",
        "one who agrees is all who take a side",
        "half is no supermajority",
        "nobody takes a side",
        "nobody says anything",
    ],
)
def test_a_supermajority_is_of_those_who_take_a_side(percent: int, said: list[Position], verdict: Verdict) -> None:
    rule = Rule(RuleKind.SUPERMAJORITY, percent)
    positions = [("Government", position) for position in said]
    raised = objections(*[OPEN for position in said if position is OBJECT])
    assert check(rule, positions, raised, floor=None).verdict is verdict


def test_the_share_is_rounded_down_so_that_it_never_contradicts_the_verdict() -> None:
    said = [("Government", SUPPORT), ("Government", SUPPORT), ("Government", OBJECT)]
    share = reasons(check("supermajority-67", said, objections(OPEN)))[0]
    assert share == "Of 3 members who take a side, 2 agree: 66 percent, and this rule needs 67."


def test_who_is_outnumbered_still_has_a_minority_view() -> None:
    assessment = check("supermajority-66", with_these(OBJECT), objections(OPEN))
    assert reasons(assessment)[:2] == [
        "Of 12 members who take a side, 11 agree: 91 percent, and this rule needs 66.",
        "1 objection still stands, and goes with the result as a minority view.",
    ]


# Participation


@pytest.mark.parametrize(
    ("said", "verdict", "groups_silent"),
    [
        ([*GROUPS], HOLDS, ()),
        (["Government", "Private Sector", "Civil Society", "Civil Society"], HOLDS_LOW, ("Technical Community",)),
        (["Government", "Private Sector", "Civil Society"], HOLDS_LOW, ("Technical Community",)),
        ([], HOLDS_LOW, GROUPS),
    ],
    ids=["a third, from every group", "a third, one group silent", "under a third", "nobody"],
)
def test_below_the_floor_what_holds_reads_low_participation(
    said: list[str], verdict: Verdict, groups_silent: tuple[str, ...]
) -> None:
    assessment = check("rough", [(group, SUPPORT) for group in said])
    assert assessment.verdict is verdict
    assert assessment.floor_met is (verdict is HOLDS)
    assert assessment.would_hold
    assert assessment.groups_silent == groups_silent
    assert f"{len(said)} of 12 members asked took a position." in reasons(assessment)


def test_the_third_is_rounded_up() -> None:
    thirteen = {**TWELVE, "Government": 4}
    four = recount(thirteen, [(group, SUPPORT) for group in GROUPS])
    assert check("rough", four).verdict is HOLDS_LOW
    assert "Participation is low: at least 5 positions are expected." in reasons(check("rough", four))
    five = recount(thirteen, [(group, SUPPORT) for group in (*GROUPS, "Government")])
    assert check("rough", five).verdict is HOLDS


def test_participation_is_low_where_every_group_has_spoken_but_too_few_members() -> None:
    sixteen = recount(dict.fromkeys(GROUPS, 4), [(group, SUPPORT) for group in GROUPS])
    assessment = check("rough", sixteen)
    assert (assessment.verdict, assessment.groups_silent) == (HOLDS_LOW, ())


def test_abstaining_and_needing_time_are_participation() -> None:
    said = list(zip(GROUPS, [SUPPORT, ABSTAIN, NEED_TIME, ABSTAIN], strict=True))
    assert check("rough", said).verdict is HOLDS


def test_a_quick_check_has_no_floor() -> None:
    one_voice = check("rough", [("Government", SUPPORT)], floor=None)
    assert (one_voice.verdict, one_voice.floor_met) == (HOLDS, True)
    assert not any("Nobody from" in reason for reason in reasons(one_voice))
    assert one_voice.groups_silent == GROUPS[1:]


def test_members_whose_seat_names_no_group_are_members_but_no_group() -> None:
    asked = {"Government": 2, "": 4}
    without_them = check("rough", recount(asked, [("Government", SUPPORT), ("Government", SUPPORT)]))
    assert (without_them.verdict, without_them.groups_silent) == (HOLDS, ())
    objecting = recount(asked, [("Government", SUPPORT), ("", OBJECT)])
    assert check("minus-1", objecting, objections(OPEN)).wholly_opposed == ()
    assert check("minus-1", objecting, objections(OPEN)).taken == 2


def test_a_group_of_which_nobody_was_asked_is_not_silent() -> None:
    assert check("rough", recount({"Government": 1, "Civil Society": 0}, [("Government", SUPPORT)])).verdict is HOLDS


@pytest.mark.parametrize("rule", ["rough", "full", "consent", "lazy", "minus-2", "supermajority-51"])
def test_where_nobody_was_asked_there_is_no_consensus(rule: str) -> None:
    assessment = check(rule, recount({}, []))
    assert (assessment.verdict, assessment.would_hold) == (DOES_NOT_HOLD, False)
    assert reasons(assessment)[0] == "Nobody was asked, so there is no consensus to find."


# Stakeholder groups


@pytest.mark.parametrize(
    ("said", "wholly_opposed"),
    [
        ([OBJECT], True),
        ([OBJECT, OBJECT, OBJECT], True),
        ([OBJECT, ABSTAIN, NEED_TIME], True),
        ([OBJECT, OBJECT, LIVE_WITH], False),
        ([OBJECT, OBJECT, STAND_ASIDE], False),
        ([ABSTAIN], False),
        ([], False),
    ],
)
def test_a_stakeholder_group_is_wholly_opposed_when_all_who_take_a_side_object(
    said: list[Position], wholly_opposed: bool
) -> None:
    others = [(group, SUPPORT) for group in GROUPS if group != "Civil Society" for _ in range(3)]
    raised = objections(*[ANSWERED for position in said if position is OBJECT])
    assessment = check("rough", [*others, *(("Civil Society", position) for position in said)], raised)
    assert assessment.wholly_opposed == (("Civil Society",) if wholly_opposed else ())
    assert ("Everyone from Civil Society who takes a side objects." in reasons(assessment)) is wholly_opposed
    assert assessment.would_hold, "it is said, for who concludes to weigh; it decides nothing"


# The window


def test_before_the_close_it_is_said_how_it_stands_so_far() -> None:
    early = check("rough", with_these(OBJECT), objections(OPEN), after_close=timedelta(seconds=-1))
    assert (early.verdict, early.would_hold) == (Verdict.NOT_YET, False)
    assert early.reasons[0].message == "The check is open until {close}; this is how it stands so far."
    assert early.reasons[0].parameters == {"close": Moment(CLOSES)}
    assert check("rough", everyone(SUPPORT), after_close=timedelta(seconds=-1)).would_hold


def test_at_the_close_the_window_is_over() -> None:
    assert check("rough", everyone(SUPPORT), after_close=timedelta(0)).verdict is HOLDS


# What is true of every rule and every body


states = st.sampled_from(ObjectionState)
bodies = st.dictionaries(st.sampled_from((*GROUPS, "")), st.integers(0, 6), max_size=5)
floors = st.sampled_from((None, A_THIRD, Fraction(1, 2), Fraction(1)))
RANK = {DOES_NOT_HOLD: 0, HOLDS_LOW: 1, HOLDS: 2}


class Story:
    """Who was asked, what each says (None: nothing), and what became of the objections of those who object."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.asked = draw(bodies)
        self.rule = draw(any_rule)
        self.members = [group for group, count in self.asked.items() for _ in range(count)]
        some = st.one_of(st.none(), st.sampled_from(Position))
        self.said = draw(st.lists(some, min_size=len(self.members), max_size=len(self.members)))
        self.fate = [
            ObjectionSummary(draw(states), draw(st.booleans())) if each is OBJECT else None for each in self.said
        ]
        self.floor = draw(floors)
        self.notice_delivered = draw(st.booleans())
        self.window = timedelta(hours=draw(st.integers(1, 200)))
        self.after_close = timedelta(0)

    def __repr__(self) -> str:
        return f"Story({vars(self)})"

    def positions(self) -> list[tuple[str, Position]]:
        return [(group, said) for group, said in zip(self.members, self.said, strict=True) if said is not None]

    def objections(self) -> list[ObjectionSummary]:
        return [fate for fate in self.fate if fate is not None]

    def assessed(
        self,
        positions: Positions | None = None,
        objections: Sequence[ObjectionSummary] | None = None,
        tally: Tally | None = None,
    ) -> Assessment:
        return check(
            self.rule,
            tally or recount(self.asked, self.positions() if positions is None else positions),
            self.objections() if objections is None else objections,
            window=self.window,
            after_close=self.after_close,
            notice_delivered=self.notice_delivered,
            floor=self.floor,
        )


@st.composite
def any_story(draw: st.DrawFn) -> Story:
    return Story(draw)


@given(any_story(), st.data())
def test_a_member_who_comes_to_support_never_makes_it_worse(story: Story, data: st.DataObject) -> None:
    others = [i for i, said in enumerate(story.said) if said not in {SUPPORT, OBJECT}]
    assume(others)
    before = story.assessed()
    story.said[data.draw(st.sampled_from(others))] = SUPPORT
    after = story.assessed()
    assert RANK[after.verdict] >= RANK[before.verdict]


@given(any_story(), st.data())
def test_withdrawing_an_objection_never_makes_it_worse(story: Story, data: st.DataObject) -> None:
    objecting = [i for i, said in enumerate(story.said) if said is OBJECT]
    assume(objecting)
    before = story.assessed()
    author = data.draw(st.sampled_from(objecting))
    fate = story.fate[author]
    assert fate is not None
    story.fate[author] = ObjectionSummary(WITHDRAWN, fate.reasoned)
    assert RANK[story.assessed().verdict] >= RANK[before.verdict], "while the position stays"
    story.said[author] = data.draw(st.sampled_from([OBJECT, SUPPORT, LIVE_WITH, ABSTAIN]))
    assert RANK[story.assessed().verdict] >= RANK[before.verdict], "and when it changes"


@given(any_story(), any_story())
def test_counts_alone_never_decide_rough_consensus(one: Story, other: Story) -> None:
    """Two bodies may speak as differently as they like: if the same became of their objections, so does the rule."""
    assume(one.positions() and other.positions())
    fates = [*one.objections(), *other.objections()]
    one.rule = other.rule = Rule(RuleKind.ROUGH)
    answers = {story.assessed(objections=fates).would_hold for story in (one, other)}
    assert answers == {all(fate.state is not OPEN for fate in fates)}


@given(any_story(), st.randoms(use_true_random=False))
def test_who_spoke_first_and_in_which_order_changes_nothing(story: Story, chance: Random) -> None:
    positions, raised = story.positions(), story.objections()
    before = story.assessed()
    chance.shuffle(positions)
    chance.shuffle(raised)
    assert story.assessed(positions, raised) == before


@given(any_story())
def test_cells_emptied_by_those_who_changed_their_minds_change_nothing(story: Story) -> None:
    anew = recount(story.asked, story.positions())
    kept = Tally(story.asked, dict.fromkeys(product(story.asked, Position), 0) | dict(anew.counts))
    assert story.assessed(tally=kept) == story.assessed(tally=anew)


@given(any_story(), st.integers(-300, 300))
def test_it_is_not_yet_exactly_until_the_close(story: Story, hours: int) -> None:
    at_the_close = story.assessed()
    story.after_close = timedelta(hours=hours)
    then = story.assessed()
    assert (then.verdict is Verdict.NOT_YET) is (hours < 0)
    assert then.would_hold is at_the_close.would_hold, "what would hold does not wait for the clock"


@given(any_story())
def test_the_floor_never_turns_one_answer_into_the_other(story: Story) -> None:
    with_floor = story.assessed()
    story.floor = None
    without = story.assessed()
    assert with_floor.would_hold is without.would_hold
    assert without.verdict is not HOLDS_LOW
    assert (with_floor.verdict is HOLDS_LOW) is (with_floor.would_hold and not with_floor.floor_met)


@given(any_story(), st.integers(-300, 0))
def test_every_reason_is_a_whole_sentence_and_participation_is_always_one(story: Story, hours: int) -> None:
    story.after_close = timedelta(hours=hours)
    assessment = story.assessed()
    for reason in assessment.reasons:
        for message in (reason.message, reason.plural or reason.message):
            places = {name for _, name, _, _ in Formatter().parse(message) if name is not None}
            assert places <= set(reason.parameters)
        assert words(reason).endswith(".")
    spoken = f"{assessment.taken} of {assessment.asked} member{'' if assessment.asked == 1 else 's'} asked"
    assert f"{spoken} took a position." in reasons(assessment)
    assert assessment.taken == len(story.positions())
    assert assessment.asked == len(story.members)


@given(any_story())
def test_a_stricter_rule_holds_only_where_a_milder_one_does(story: Story) -> None:
    def holds(rule: str) -> bool:
        story.rule = Rule.parse(rule)
        return story.assessed().would_hold

    assert holds("rough") or not holds("full")
    assert holds("consent") or not holds("rough")
    assert holds("rough") or not holds("minus-0")
    assert holds("minus-1") or not holds("minus-0")
    assert holds("minus-0") or not holds("lazy")
