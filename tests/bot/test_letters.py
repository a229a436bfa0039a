"""Who is written to by mail, and with what: a MAG at the terminal, where two members and a list have nothing but mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.context import Request, Space
from bot.domain.community import Settings
from bot.domain.people import MAIL, Person
from bot.engine import Answer
from bot.outgoing import Claimed, SendKind
from bot.present import present
from bot.slash import parse
from bot.view import Letter, opened
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, SECRETARIAT, TECHNICAL, World, checked_view, spoken

LIST = "mag@lists.example.org"


@dataclass
class Post(World):
    """A world with a letter box: `letters` are those that were sent, each with where to. Without `posting` they wait."""

    settings: Settings = field(default_factory=lambda: Settings(mail=True))
    letters: list[tuple[str, Letter]] = field(default_factory=list)
    posting: bool = True
    writing: set[str] = field(default_factory=set)

    def _deliver(self) -> int:
        sent = super()._deliver()
        if not self.posting:
            return sent
        now = datetime.now(UTC)
        with self.store.writing([self.id]) as work:
            claimed = work.outbox.claim(now, "post", 60, 100, [MAIL])
            for each in claimed:
                work.outbox.attempt(each, "post", b"{}")
        for each in claimed:
            self._posted(each, now)
        return sent + len(claimed)

    def _posted(self, claimed: Claimed, now: datetime) -> None:
        row = claimed.row
        assert row.kind is SendKind.POST  # nothing is brought up to date by mail
        assert not row.subject
        with self.store.reading() as reads:
            view = row.view
            if isinstance(view, Letter):
                view = opened(view, lambda subject: present(reads, row.community, subject, now))
        assert view is not None
        checked_view(view)
        if isinstance(view, Letter):
            self.letters.append((row.lane.place, view))
        with self.store.writing([self.id]) as work:
            work.outbox.delivered(claimed, "post", f"<{row.id}@example.org>", now, 0)
            if row.tag:
                tagged = self.system("delivered", f"delivered:{row.id}", tag=row.tag)
                assert self.engine.decide(work, tagged).done

    def person(self, name: str) -> Person:
        with self.store.reading() as reads:
            return next(each for each in reads.all(Person, community=self.id) if each.name == name)

    def to(self, who: str) -> list[str]:
        """The words of the letters to a person, or to a list."""
        place = who if "@" in who else f"@{self.person(who).id}"
        return [spoken(view) for where, view in self.letters if where == place]

    def ask(self, who: str, typed: str, room: str, origin: str, **given: str) -> Answer:
        """Whoever left the terminal writes."""
        if who not in self.writing:
            return super().ask(who, typed, room, origin, **given)
        user, meant = self.person(who).id, parse(typed)
        space = Space(MAIL, MAIL, f"@{user}", private=True)
        spoken_of = {**meant.arguments, **given}
        at = datetime.now(UTC)
        request = Request(self.id, space, meant.command.name, origin, at, user=user, arguments=spoken_of, typed=typed)
        return self.engine.handle([request])[0]

    def leaves_chat(self, *people: str) -> None:
        for each in people:
            self.does(each, "link remove")
            self.writing.add(each)


@pytest.fixture
def mag() -> Post:
    """The Chair is at the terminal; a member of Civil Society and one of Government have no account anywhere."""
    mag = Post()
    mag.does(SECRETARIAT, f"mailing link all {LIST} yes")
    mag.leaves_chat(CIVIL, GOVERNMENT)
    return mag


def test_who_is_in_no_chat_is_written_to_and_takes_part_by_writing(mag: Post) -> None:
    mag.proposed()
    for reader in (CIVIL, GOVERNMENT, LIST):
        first, second = mag.to(reader)
        assert "Work of WG-MWP" in first
        assert "consult comment" in second
    assert not mag.to(PRIVATE)  # whom chat reaches gets no mail
    mag.does(CIVIL, "consult comment WG-MWP Good idea.")
    mag.later("7d")
    for person in (CIVIL, GOVERNMENT):
        mag.does(person, "consensus support 1")
    assert sum(mag.tally("check:1").total.counts) == 2
    assert len(mag.to(LIST)) == 3  # what is edited in chat writes to nobody
    assert [letter.parts[0].about.partition(":")[0] for _, letter in mag.letters[-3:]] == ["check"] * 3
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_what_comes_of_one_act_is_one_letter(mag: Post) -> None:
    mag.checked(by=PRIVATE)
    before = len(mag.to(CIVIL))
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    letters = mag.to(CIVIL)[before:]
    assert len(letters) == 2  # the act; then, when it has its room, that the group is active
    for part in ("approved", f"{PRIVATE} (Private Sector) is co-facilitator", f"{TECHNICAL} (Technical Community) is"):
        assert part in letters[0]
    assert "is active" in letters[1]
    mag.does(CIVIL, "join WG-MWP")
    mag.does(PRIVATE, 'meeting schedule "Kick-off" 2027-03-01 15:00 --group WG-MWP')
    (place, letter) = mag.letters[-1]
    assert place == f"@{mag.person(CIVIL).id}"
    assert [part.about for part in letter.parts] == ["meeting:1"]  # its card says all that the invitation would
    assert mag.to(GOVERNMENT)[-1] == letters[1]  # who is not in the group is not written to


def test_what_a_card_shows_in_the_end_is_written_to_who_saw_no_edit(mag: Post) -> None:
    mag.does(PRIVATE, 'poll "Which day?" Monday, Tuesday --closes 24h')
    mag.does(CIVIL, "poll choose 1 Tuesday")
    mag.later("25h")
    assert len(mag.to(CIVIL)) == len(mag.to(LIST)) == 2
    assert "Closed" in mag.to(CIVIL)[-1]


def test_what_waited_is_one_letter(mag: Post) -> None:
    mag.does(CIVIL, "preferences set --digest daily")
    mag.proposed()
    assert not mag.to(CIVIL)
    assert len(mag.to(GOVERNMENT)) == 2
    mag.later("1d")
    ((_, letter),) = [each for each in mag.letters if each[0] == f"@{mag.person(CIVIL).id}"]
    assert letter.waited
    assert [part.about.partition(":")[0] for part in letter.parts] == ["proposal", "consultation"]
    mag.does(PRIVATE, "propose withdraw WG-MWP")  # waits again, until another channel is chosen
    mag.does(SECRETARIAT, "settings set mail no")
    mag.later("1d")
    assert len(mag.to(CIVIL)) == 1
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]


def test_chosen_turned_off_and_on_again(mag: Post) -> None:
    assert "You have no account linked on" in mag.refuses(PRIVATE, "preferences set --channel pigeon")
    mag.does(PRIVATE, "preferences set --channel mail")
    assert "what is announced to your groups" in mag.does(PRIVATE, "preferences show")
    mag.proposed(by=TECHNICAL)
    assert len(mag.to(PRIVATE)) == 2
    stop = mag.system("mail stop", "stop:1", person=mag.person(PRIVATE).id)
    assert mag.engine.handle([stop])[0].done
    assert mag.engine.handle([mag.system("mail stop", "stop:2", person="nobody")])[0].done
    assert "you turned it off" in mag.does(PRIVATE, "preferences show")
    mag.does(TECHNICAL, "propose withdraw WG-MWP")
    assert len(mag.to(PRIVATE)) == 2
    mag.does(CIVIL, "preferences set --mail no")
    mag.does(CIVIL, "preferences set --mail yes")
    mag.does(PRIVATE, "preferences set --channel mail")
    mag.proposed("WG-X", by=TECHNICAL)
    assert len(mag.to(PRIVATE)) == 4
    assert "on the roster" in mag.refuses(CIVIL, "link remove")
    mag.refuses(PRIVATE, "mail stop")


def test_where_there_is_nothing_but_mail_its_delivery_is_the_notice() -> None:
    mag = Post()
    mag.leaves_chat(CIVIL, GOVERNMENT)
    gone = mag.system("home deleted", "gone:1", platform="terminal", place="#mag")
    assert mag.engine.handle([gone])[0].done
    mag.proposed()  # everybody but the stranger is without a room now, and so written to
    assert len(mag.to(CIVIL)) == len(mag.to(TECHNICAL)) == 2
    assert "onsultation" in mag.to(CIVIL)[1]  # it opened, once the proposal had arrived
