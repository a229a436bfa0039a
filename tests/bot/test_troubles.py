"""Messages that do not arrive: the Secretariat is told once a day, in words, and never of the telling itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.context import Request, Space
from bot.domain.groups import Home
from bot.domain.people import Account
from bot.outgoing import Lane, Outgoing, SendKind
from bot.troubles import TELLING, Reason, Trouble, over, troubles
from tests.builders import MAG, PRIVATE, SECRETARIAT, World

DAY = timedelta(days=1)
ROOM = Lane("slack", "T1", "C9")


class Post:
    """The relay's side: what it tells the engine of messages that were parked, and of one that arrived."""

    def __init__(self, mag: World) -> None:
        self.mag = mag
        self.at = datetime.now(UTC).replace(microsecond=0) - DAY
        self.asked = 0

    def parked(self, reason: str, lane: Lane = ROOM, **given: str) -> None:
        self.asked += 1
        request = Request(
            MAG,
            Space(lane.platform, lane.team, lane.place),
            "parked",
            f"parked:{self.asked}",
            self.at,
            arguments={"reason": reason, "kind": "post", **given},
            system=True,
        )
        (answer,) = self.mag.engine.handle([request])
        assert answer.done
        self.mag.settle()

    def arrives(self, lane: Lane = ROOM, kind: SendKind = SendKind.POST, subject: str = "") -> None:
        with self.mag.store.writing([MAG]) as work:
            over(work, Outgoing(MAG, "r1", lane, kind, subject), self.at)

    @property
    def told(self) -> list[str]:
        return self.mag.told(SECRETARIAT)

    @property
    def troubles(self) -> list[Trouble]:
        with self.mag.store.reading() as reads:
            return list(troubles(reads, MAG))


@pytest.fixture
def post() -> Iterator[Post]:
    mag = World()
    with mag.store.writing([MAG]) as work:
        work.put(Home(MAG, "slack", "T1", "C9", "mag", "#mag-lists"))
    made = Post(mag)
    before = mag.snapshot()
    yield made
    assert mag.snapshot() == before, "troubles are no part of the log"


def test_the_secretariat_is_told_once_a_day(post: Post) -> None:
    post.parked(Reason.ROOM_ARCHIVED)
    post.at += DAY - timedelta(seconds=1)
    post.parked(Reason.ROOM_ARCHIVED)
    assert post.told == [
        "A message to #mag-lists on Slack did not arrive: the room is archived.\n"
        "Unarchive it, or choose another room and type /wg home all there."
    ]
    (trouble,) = post.troubles
    assert (trouble.count, trouble.last_at - trouble.since) == (2, DAY - timedelta(seconds=1))
    post.at += timedelta(seconds=1)
    post.parked(Reason.ROOM_ARCHIVED)
    assert len(post.told) == 2


def test_another_reason_and_another_room_are_other_troubles(post: Post) -> None:
    post.parked(Reason.NOT_IN_ROOM)
    post.parked(Reason.ROOM_ARCHIVED)
    post.parked(Reason.ROOM_ARCHIVED, replace_place(ROOM, "C10"))
    assert len(post.told) == len(post.troubles) == 3


def replace_place(lane: Lane, place: str) -> Lane:
    return Lane(lane.platform, lane.team, place)


def test_of_the_telling_nobody_is_told(post: Post) -> None:
    desk = Lane("slack", "T1", "@U7")
    post.parked(Reason.PERSON_GONE, desk, tag=TELLING)
    assert post.told == []
    (trouble,) = post.troubles
    assert (trouble.place, trouble.told_at) == ("@U7", None)
    post.parked(Reason.PERSON_GONE, desk)
    assert len(post.told) == 1


def test_what_arrives_ends_the_trouble_of_its_lane_and_of_the_workspace(post: Post) -> None:
    elsewhere = replace_place(ROOM, "C10")
    post.parked(Reason.ROOM_ARCHIVED)
    post.parked(Reason.REVOKED, whole="yes")
    post.parked(Reason.ROOM_ARCHIVED, elsewhere)
    post.arrives()
    assert [trouble.place for trouble in post.troubles] == ["C10"]
    post.arrives(Lane("slack", "T2", "C10"))
    assert [trouble.place for trouble in post.troubles] == ["C10"]


def test_a_trouble_that_comes_back_is_not_told_again_on_the_same_day(post: Post) -> None:
    post.parked(Reason.TOO_LONG)
    post.arrives()
    post.at += DAY / 2
    post.parked(Reason.TOO_LONG)
    assert len(post.told) == 1
    (trouble,) = post.troubles
    assert (trouble.count, trouble.since) == (1, post.at)
    post.arrives()
    post.at += DAY
    post.parked(Reason.TOO_LONG)
    assert len(post.told) == 2


def test_what_is_long_over_is_forgotten(post: Post) -> None:
    post.parked(Reason.TOO_LONG)
    post.arrives()
    post.at += DAY
    post.arrives()
    with post.mag.store.reading() as reads:
        assert reads.all(Trouble, community=MAG) == ()


def test_a_room_that_cannot_be_made_is_a_trouble_for_each_group(post: Post) -> None:
    rooms = Lane("slack", "T1", "+rooms")
    post.parked(Reason.NAME_TAKEN, rooms, kind="provision", subject="g1")
    post.parked(Reason.NAME_TAKEN, rooms, kind="provision", subject="g2")
    assert post.told[0] == (
        "g1 has no room of its own on Slack yet: another room has its name.\n"
        "Rename that room, or make it the home: type /wg home g1 there."
    )
    assert len(post.told) == 2
    post.arrives(rooms, SendKind.PROVISION, "g1")
    assert [trouble.place for trouble in post.troubles] == ["+rooms g2"]


def test_who_is_shut_out_on_one_platform_is_told_on_another(post: Post) -> None:
    mag = post.mag
    with mag.store.writing([MAG]) as work:
        (desk,) = work.all(Account, platform="terminal", team="", user=SECRETARIAT)
        work.put(replace(desk, platform="slack", team="T1", user="U7", since=datetime(2030, 1, 1, tzinfo=UTC)))
    post.parked("account_inactive", whole="yes")
    assert post.told == [
        "wgbot reaches nobody on Slack: the platform says account_inactive.\n"
        "Show this to whoever operates wgbot: wgbot doctor."
    ]
    post.arrives()
    post.parked(Reason.ROOM_GONE)
    assert len(post.told) == 1, "the Slack account is the newer one, and reached again"


@pytest.mark.parametrize(
    ("reason", "kind", "place", "said"),
    [
        (Reason.ROOM_GONE, "post", "C9", "A message to #mag-lists on Slack did not arrive: the room is no longer there."),
        (Reason.NOT_IN_ROOM, "post", "C9", "Invite wgbot to it, or choose another room and type /wg home all there."),
        (Reason.NOT_ALLOWED, "refresh", "C9", "A card in #mag-lists on Slack is not up to date: wgbot is not allowed to."),
        (Reason.PERSON_GONE, "post", "@U1", f'they can link it with a one-time code: /wg link invite "{PRIVATE}".'),
        (Reason.PERSON_CLOSED, "post", "@U1", f"A direct message to {PRIVATE} on Slack did not arrive: the account takes"),
        (Reason.UNANSWERED, "refresh", "~U1", f"What {PRIVATE} sees on Slack is not up to date: the platform gave no"),
        (Reason.BUG, "post", "@U2", "A direct message to U2 on Slack did not arrive: there is a fault in wgbot."),
        ("ekm_denied", "post", "C9", "the platform says ekm_denied."),
    ],
)  # fmt: skip
def test_it_is_said_what_did_not_arrive_where_and_why(
    post: Post, reason: str, kind: str, place: str, said: str
) -> None:
    with post.mag.store.writing([MAG]) as work:
        (account,) = work.all(Account, platform="terminal", team="", user=PRIVATE)
        work.put(replace(account, platform="slack", team="T1", user="U1"))
    post.parked(reason, replace_place(ROOM, place), kind=kind)
    (told,) = post.told
    assert said in told


def test_every_reason_has_words() -> None:
    from bot.reactions.troubles import WHY

    assert set(WHY) == set(Reason) - {Reason.MESSAGE_GONE}
