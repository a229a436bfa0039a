"""Two bodies in one process, in the same workspace, with some of the same people: nothing of one shows in the other.

Each has words of its own planted in everything it can be told: names of people and groups, texts, rooms, questions. Every
command is then given in both, by everybody who may be somebody there, and no answer and no message has the other's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec
import pytest

from adapters.cli.sample import sample_people
from adapters.shared.communities import community_of, telling_in
from bot.command import COMMANDS
from bot.domain.community import Community, Titles
from bot.domain.ids import CommunityId
from bot.domain.people import Account, Role, seat_of
from bot.founding import Founder
from bot.slash import parse
from bot.view import View
from storage.memory import MemoryStore
from storage.transfer import give
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World, spoken

NRI = CommunityId("nri")
MARMOT, QUOKKA = "marmot", "quokka"
"""What is the MAG's alone, and what is the national IGF's."""

DESK = "Quokka Desk"
NRI_MEMBERS = ("Quokka One", "Quokka Two", CIVIL)
EVERYBODY = (CHAIR, SECRETARIAT, PRIVATE, CIVIL, TECHNICAL, OBSERVER, DESK, *NRI_MEMBERS[:2], STRANGER)


@dataclass
class Town:
    """Both bodies. Qiang R. is a member of the MAG and the Coordinator of the national IGF; Yusuf A. a member of both."""

    mag: World
    nri: World

    @property
    def both(self) -> Iterator[tuple[World, str]]:
        """Each with the word that must not show in it."""
        yield self.mag, QUOKKA
        yield self.nri, MARMOT

    def meant(self, user: str, place: str, typed: str) -> CommunityId | None:
        """Which community something that is said is meant for."""
        spoken_ = parse(typed)
        telling = telling_in(spoken_.command.name, spoken_.arguments)
        with self.mag.store.reading() as reads:
            return community_of(reads, (MAG, NRI), "terminal", "", place, user, telling)


def founders() -> tuple[Founder, ...]:
    members = [
        Founder(name, f"{name.split()[-1].lower()}@quokka.example", Role.MEMBER, group)
        for name, group in zip(NRI_MEMBERS, ("Academia", "Media", "Civil Society"), strict=True)
    ]
    return (
        Founder(PRIVATE, "qiang@quokka.example", Role.CHAIR, "Academia"),
        Founder(DESK, "desk@quokka.example", Role.SECRETARIAT),
        *members,
    )


def lives(world: World, word: str, chair: str, desk: str, member: str, two: tuple[str, str]) -> None:
    """A formation, a check with a dissent, a poll, minutes and half a form, each with the word of this body."""
    world.does(
        member,
        f'propose new "Work of the {word}" WG-MWP --purpose "A {word} needs it." --objectives "- A {word} by May" '
        f'--outputs "A {word} report" --timeframe "October 2027"',
    )
    world.does(two[0], f"consult comment WG-MWP The {word} is good.")
    world.later("7d")
    for person in {member, *two, chair}:
        world.does(person, "consensus support")
    world.later("7d")
    world.does(chair, f"approve WG-MWP {', '.join(two)}")
    world.does(chair, f'consensus open "Adopt the {word} report?" --closes 9d')
    world.does(member, f'consensus object "Not the {word}."')
    world.does(chair, f'poll "Which {word}?" {word}-a, {word}-b --closes 9d')
    world.does(member, f"poll choose 1 {word}-a")
    world.does(desk, f"minutes add The {word} was noted.")
    world.does(two[0], f'update WG-MWP "The {word} is done." --next "Another {word}."')
    world(member, f'propose new "Another {word}" WG-{word.upper()}')


@pytest.fixture
def town() -> Town:
    store = MemoryStore()
    named = tuple(
        replace(each, name=f"{each.name} Marmot") if each.role is Role.HOST_CO_CHAIR else each
        for each in sample_people()
    )
    made = Town(
        World(store, name="IGF MAG of the Marmot", founders=named),
        World(
            store,
            id=NRI,
            name="National IGF of Quokka",
            founders=founders(),
            titles=Titles("Quokka IGF", "Coordinator"),
        ),
    )
    lives(made.mag, MARMOT, CHAIR, SECRETARIAT, CIVIL, (PRIVATE, TECHNICAL))
    lives(made.nri, QUOKKA, PRIVATE, DESK, CIVIL, NRI_MEMBERS[:2])
    return made


def said(view: View) -> str:
    """Everything that a view has, shown or not."""
    return (msgspec.json.encode(view).decode() + spoken(view)).lower()


def test_every_command_of_one_shows_nothing_of_the_other(town: Town) -> None:
    given = own = 0
    for world, foreign in town.both:
        for declared in COMMANDS.values():
            for example in declared.examples:
                for person in EVERYBODY:
                    for room in (f"#{world.id}", f"@{person}"):
                        answer = world(person, example, room)
                        shown = said(answer.view).replace(example.lower(), "")
                        given += 1
                        own += ({MARMOT, QUOKKA} - {foreign}).pop() in shown
                        assert foreign not in shown, f"{world.id}: {person}: {example}"
                        assert "something went wrong" not in shown, f"{world.id}: {person}: {example}"
    assert given > 1000
    assert own > given / 10, "its own words do show"


def test_no_room_and_no_direct_message_has_the_others_words(town: Town) -> None:
    for world, foreign in town.both:
        rooms = {each.place for each in world.posts.values()}
        assert len(rooms) > 4
        for posted in world.posts.values():
            assert foreign not in said(posted.view), posted.place
    theirs = {each.place for each in town.mag.posts.values()} & {each.place for each in town.nri.posts.values()}
    assert {place for place in theirs if place.startswith("#")} == set(), "no room is both's"
    assert theirs <= {f"@{PRIVATE}", f"@{CIVIL}"}, "only who is in both hears of both"


def test_what_is_stored_and_exported_of_one_has_nothing_of_the_other(town: Town) -> None:
    for world, foreign in town.both:
        lines = b"".join(give(town.mag.store, world.id)).lower()  # type: ignore[arg-type]  # both stores can be written out
        assert foreign.encode() not in lines
        assert verify(town.mag.store, world.id) == []  # type: ignore[arg-type]  # both stores can be audited


def test_one_person_has_another_seat_in_each(town: Town) -> None:
    seats = {}
    with town.mag.store.reading() as reads:
        for community_id in (MAG, NRI):
            community = reads.get(Community, community_id)
            account = reads.get(Account, community_id, "terminal", "", PRIVATE)
            assert community is not None
            assert account is not None
            seats[community_id] = seat_of(reads, community, account.person)
    assert [(each.role, each.stakeholder_group) for each in seats.values() if each is not None] == [
        (Role.MEMBER, "Private Sector"),
        (Role.CHAIR, "Academia"),
    ]
    town.nri.does(PRIVATE, "settings set check_hours 96")
    town.mag.refuses(PRIVATE, "settings set check_hours 96")


def test_a_position_taken_in_one_is_none_in_the_other(town: Town) -> None:
    before = town.mag.tally("check:2")
    town.nri.does(PRIVATE, "consensus support 2")
    assert town.mag.tally("check:2") == before


def test_each_has_its_own_clock_rules_titles_and_zone(town: Town) -> None:
    town.nri.does(PRIVATE, "settings set rule lazy")
    town.nri.does(PRIVATE, "community set zone Asia/Tokyo")
    assert "rough" in town.mag.does(STRANGER, "settings")
    assert "Asia/Tokyo" not in town.mag.does(STRANGER, "community")
    assert "Quokka IGF" in town.nri.does(STRANGER, "list")


class TestWhichIsMeant:
    """A room says it; else what one turned to last."""

    def test_a_room_that_is_a_home(self, town: Town) -> None:
        assert town.meant(PRIVATE, "#mag", "list") == MAG
        assert town.meant(PRIVATE, "#nri", "list") == NRI
        assert town.meant(STRANGER, "#nri-wg-mwp", "list") == NRI

    def test_elsewhere_where_one_is_known(self, town: Town) -> None:
        assert town.meant(CHAIR, f"@{CHAIR}", "list") == MAG
        assert town.meant(DESK, f"@{DESK}", "list") == NRI

    def test_a_stranger_is_not_guessed_at(self, town: Town) -> None:
        assert town.meant(STRANGER, f"@{STRANGER}", "list") is None

    @pytest.mark.parametrize("name", ["nri", "Quokka IGF", "national igf of quokka"])
    def test_who_is_in_both_says_which(self, town: Town, name: str) -> None:
        place = f"@{PRIVATE}"
        for world, called in ((town.mag, "mag"), (town.nri, name), (town.mag, "mag")):
            typed = f"community use {called}"
            assert town.meant(PRIVATE, place, typed) == world.id
            turn(town, world, typed)
            assert town.meant(PRIVATE, place, "list") == world.id
            assert town.meant(PRIVATE, "#nri", "list") == NRI, "a room says it anyway"

    def test_only_ones_own_can_be_turned_to(self, town: Town) -> None:
        assert town.meant(CHAIR, f"@{CHAIR}", "community use nri") == MAG
        refused = town.mag.refuses(CHAIR, "community use nri", f"@{CHAIR}")
        assert "nri is no community of yours" in refused
        assert "Yours: IGF MAG of the Marmot." in refused

    def test_a_room_is_the_home_of_one(self, town: Town) -> None:
        assert "the home of another body already" in town.mag.refuses(CHAIR, "home WG-MWP", "#nri")


def turn(town: Town, world: World, typed: str) -> None:
    """Turn to a community; time passes, so that it is the last one turned to."""
    world.later("1m")
    assert world.does(PRIVATE, typed, f"@{PRIVATE}")
