"""Mail goes out by a real server: what is in it, what is not kept of it, and what its answers and its silence mean."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from adapters.mail.addresses import Addresses, Purpose
from adapters.mail.keys import Keys
from adapters.mail.sender import MailSender
from adapters.mail.smtp import Server
from adapters.shared.sending import RateLimited, Rejected, SendError, Shut, Unreachable
from bot.domain.consensus.checks import Check
from bot.outgoing import Lane, Outgoing, SendKind
from bot.present import present
from bot.text import T
from bot.troubles import Reason
from bot.view import File, Letter, Notice, Part, View, opened
from tests.adapters.mail.peer import Peer, Taken, peering
from tests.bot.test_letters import LIST, Post
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE, SECRETARIAT

ADDRESSES = Addresses(Keys.of("only-for-the-tests-of-mail"), "wg.example.org")


@pytest.fixture(scope="module")
def mag() -> Post:
    """A group at work, with a member by mail."""
    mag = Post()
    mag.leaves_chat(CIVIL)
    mag.does(SECRETARIAT, f"mailing link all {LIST} yes")
    mag.approved()
    mag.does(CIVIL, "join WG-MWP")
    mag.does(PRIVATE, 'meeting schedule "Kick-off" 2027-03-01 15:00 --group WG-MWP --link https://example.org/call')
    return mag


@pytest.fixture
def peer() -> Iterator[Peer]:
    with peering() as peer:
        yield peer


class Desk:
    """A sender, with a connection for one test."""

    def __init__(self, mag: Post, peer: Peer, **settings: str) -> None:
        self.mag = mag
        given = peer.settings(**settings)
        self.server = Server(given)
        page = "https://wg.example.org/record/"
        self.sender = MailSender(self.server, given, ADDRESSES, mag.store, lambda reads, community, about: page + about)

    def row(self, view: View, who: str = CIVIL, row_id: str = "0123456789abcdef0123", under: str = "") -> Outgoing:
        place = who if "@" in who else f"@{self.mag.person(who).id}"
        return Outgoing(MAG, row_id, Lane("mail", "mail", place), SendKind.POST, "", view, "", datetime.now(UTC), under)

    def letter(self, *abouts: str) -> Letter:
        """The cards of subjects, as they are now."""
        with self.mag.store.reading() as reads:
            made = opened(
                Letter(tuple(Part(about) for about in abouts)),
                lambda about: present(reads, MAG, about, datetime.now(UTC)),
            )
        assert made is not None
        return made

    def sends(self, *rows: Outgoing) -> list[str]:
        """Render and post them, one after the other."""

        async def post() -> list[str]:
            try:
                return [await self.sender.post(row.lane, row.id, self.rendered(row)) for row in rows]
            finally:
                await self.server.close()

        return asyncio.run(post())

    def rendered(self, row: Outgoing) -> bytes:
        assert row.view is not None
        return self.sender.render(row.view, row)


def test_a_letter_to_a_person(mag: Post, peer: Peer) -> None:
    desk = Desk(mag, peer)
    row, address = desk.row(desk.letter("check:1")), mag.person(CIVIL).email
    body = desk.rendered(row)
    assert address.encode() not in body  # it waits without an address,
    assert b"reply+" not in body  # and without what could be answered in their name
    first, second = desk.sends(row, row)
    assert first == second == "<0123456789abcdef0123.mag@wg.example.org>"
    taken, again = peer.mails
    assert taken.recipient == address
    assert again.message["Message-ID"] == taken.message["Message-ID"] == first
    bounce, reply = ADDRESSES.read(taken.sender), ADDRESSES.read(str(taken.message["Reply-To"]))
    assert bounce is not None
    assert (bounce.purpose, bounce.row) == (Purpose.BOUNCE, row.id)
    assert reply is not None
    assert reply.subject == "check:1"
    assert ADDRESSES.made_for(reply, MAG, mag.person(CIVIL).id)
    message = taken.message
    assert str(message["Subject"]).startswith("[WG-MWP] Consensus check 1")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["In-Reply-To"] == message["References"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.findall(r"<([^>]+)>", str(message["List-Unsubscribe"]))
    assert stop[0].startswith("https://wg.example.org/mail/stop/unsubscribe+")
    assert stop[1].startswith("mailto:unsubscribe+")
    for kind in ("plain", "html"):
        said = taken.says(kind)
        assert "\ue000" not in said
        assert stop[0] in said
        assert "https://wg.example.org/record/check:1" in said
    assert all(len(line) <= 998 for line in taken.data.splitlines())


def test_a_letter_about_several_things_is_answered_as_the_one_that_asks(mag: Post, peer: Peer) -> None:
    """The check that somebody is asked in comes with a word about an exception: a plain reply is a position."""
    mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 8d')
    desk = Desk(mag, peer)
    with mag.store.reading() as reads:
        number = max(each.number for each in (reads.get(Check, MAG, n) for n in range(1, 9)) if each is not None)
    (card,) = desk.letter(f"check:{number}").parts
    aside = Part("group:other", Notice(T("An exception was made.")))
    waited = Letter((card, aside), waited=True)
    desk.sends(desk.row(Letter((aside, card)), row_id="a"), desk.row(waited, row_id="b"))
    asked, digest = peer.mails
    for taken, about in ((asked, f"check:{number}"), (digest, "")):
        reply = ADDRESSES.read(str(taken.message["Reply-To"]))
        assert reply is not None
        assert reply.subject == about
    assert "Your position by" in str(asked.message["Subject"])
    assert asked.says("plain").index("Adopt the report?") < asked.says("plain").index("An exception was made.")
    assert "Answer this one at its own address" not in asked.says("plain")
    assert "Answer this one at its own address" in digest.says("plain")


def test_letters_about_one_thing_are_one_conversation_in_each_place(mag: Post, peer: Peer) -> None:
    desk = Desk(mag, peer)
    said = Letter((Part("check:1", Notice(T("Check 1 now closes later."))),))
    desk.sends(
        desk.row(desk.letter("check:1"), row_id="a"),
        desk.row(said, row_id="b"),
        desk.row(said, LIST, row_id="c"),
        desk.row(Notice(T("Nobody asked.")), row_id="d", under="<theirs@example.org>"),
        desk.row(said, row_id="e", under="<theirs@example.org>"),
    )
    card, notice, listed, answer, both = (taken.message for taken in peer.mails)
    assert card["References"] == notice["References"]
    assert listed["References"] != card["References"]
    assert answer["In-Reply-To"] == answer["References"] == "<theirs@example.org>"
    assert str(answer["Subject"]).startswith("Re: ")
    assert "List-Unsubscribe" not in answer  # it was asked for
    assert (card["Auto-Submitted"], answer["Auto-Submitted"]) == ("auto-generated", "auto-replied")
    assert {each["X-Loop"] for each in (card, listed, answer)} == {"wg.example.org"}
    assert str(both["References"]).split() == [str(card["References"]), "<theirs@example.org>"]


def test_a_letter_to_a_list(mag: Post, peer: Peer) -> None:
    desk = Desk(mag, peer)
    desk.sends(desk.row(desk.letter("check:1", "meeting:1"), LIST))
    (taken,) = peer.mails
    message = taken.message
    assert (taken.recipient, message["To"], message["Reply-To"]) == (LIST, LIST, LIST)
    assert message["List-Id"] == "<mag.lists.example.org>"
    assert message["List-Post"] == f"<mailto:{LIST}>"
    assert message["List-Archive"] == "<https://wg.example.org/record/>"
    assert message["Precedence"] == "bulk"
    assert "List-Unsubscribe" not in message
    assert "reply+" not in taken.says("plain") + taken.says("html")
    (entry,) = calendars(taken)
    assert entry["method"] == "PUBLISH"
    assert "https://example.org/call" not in entry.to_ical().decode()


def calendars(taken: Taken) -> list[Calendar]:
    """The entries that a calendar program takes, each the same as the file that goes with it."""
    shown = [part for part in taken.message.walk() if part.get_content_type() == "text/calendar"]
    files = [part.get_content() for part in taken.message.walk() if part.get_content_type() == "application/ics"]
    read = [Calendar.from_ical(part.get_content()) for part in shown]
    assert [each.to_ical() for each in read] == files
    assert [part.get_param("method") for part in shown] == [str(each["method"]) for each in read]
    return read


def test_an_invitation_moves_and_is_taken_back_as_calendars_know_it(mag: Post, peer: Peer) -> None:
    desk = Desk(mag, peer)
    desk.sends(desk.row(desk.letter("meeting:1")))
    mag.does(PRIVATE, 'meeting move 1 2027-03-02 16:00 --why "A holiday"')
    desk.sends(*(desk.row(letter, row_id="b") for place, letter in mag.letters[-1:]))
    mag.does(PRIVATE, 'meeting cancel 1 "Too few can come"')
    desk.sends(*(desk.row(letter, row_id="c") for place, letter in mag.letters[-1:]))
    entries = [entry for taken in peer.mails for entry in calendars(taken)]
    events = [entry.walk("VEVENT")[0] for entry in entries]
    assert [str(entry["method"]) for entry in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(event["uid"]) for event in events}) == 1
    revisions = [event.decoded("sequence") for event in events]
    assert revisions == sorted(set(revisions))
    for event in events:
        assert event["attendee"] == f"mailto:{mag.person(CIVIL).email}"
        assert event["attendee"].params["RSVP"] == "FALSE"
        organiser = ADDRESSES.read(str(event["organizer"]).removeprefix("mailto:"))
        assert organiser is not None
        assert organiser.subject == "meeting:1"
    assert str(events[0]["url"]) == "https://example.org/call"


def test_a_document_goes_with_the_letter(mag: Post, peer: Peer) -> None:
    desk = Desk(mag, peer)
    group = next(part.about for _, letter in mag.letters for part in letter.parts if part.about.startswith("proposal:"))
    desk.sends(desk.row(File("WG-MWP.md", group, "proposal", "md", T("The proposal of WG-MWP"))))
    chart = File("check-1.png", "check:1", "tally", "png", T("Positions"), T("Support: 16"))
    desk.sends(desk.row(chart, row_id="b"))
    picture = next(part for part in peer.mails[1].message.walk() if part.get_content_type() == "image/png")
    assert f'src="cid:{str(picture["Content-ID"]).strip("<>")}"' in peer.mails[1].says("html")
    assert picture.get_content().startswith(b"\x89PNG")
    (attached,) = peer.mails[0].message.iter_attachments()
    assert attached.get_filename() == "WG-MWP.md"
    assert b"The IGF needs a longer horizon." in attached.get_payload(decode=True)


@pytest.mark.parametrize(
    ("verb", "said", "meant", "reason"),
    [
        ("RCPT", "550 5.1.1 No such user", Rejected, Reason.PERSON_GONE),
        ("RCPT", "554 5.7.1 Refused", Rejected, "554"),
        ("RCPT", "450 4.2.1 Try later", Unreachable, ""),
        ("RCPT", "421 4.7.0 Too much", RateLimited, ""),
        ("MAIL", "550 5.7.1 Not your domain", Shut, Reason.NOT_ALLOWED),
        ("DATA", "552 5.3.4 Too big", Rejected, Reason.TOO_LONG),
        ("DATA", "554 5.6.0 No", Rejected, Reason.NOT_ALLOWED),
        ("DATA", "451 4.3.0 Later", Unreachable, ""),
    ],
)
def test_each_refusal_says_what_waits(
    mag: Post, peer: Peer, verb: str, said: str, meant: type[SendError], reason: str
) -> None:
    peer.answers[verb] = said
    desk = Desk(mag, peer)
    with pytest.raises(meant) as refused:
        desk.sends(desk.row(Notice(T("It is so."))))
    assert not reason or getattr(refused.value, "reason", "") == reason
    assert mag.person(CIVIL).email not in str(refused.value)
    del peer.answers[verb]
    desk.sends(desk.row(Notice(T("It is so."))))
    assert len(peer.mails) == 1


def test_in_doubt_it_is_sent_again_and_is_the_same(mag: Post, peer: Peer) -> None:
    """The server took it, and the connection broke before it could say so."""
    desk = Desk(mag, peer)
    row = desk.row(Notice(T("It is so.")))
    body = desk.rendered(row)

    async def post() -> None:
        peer.breaks = "taken"
        with pytest.raises(Unreachable):
            await desk.sender.post(row.lane, row.id, body)
        assert await desk.sender.find(row.lane, row.id, datetime.now(UTC), body) is None
        await desk.sender.post(row.lane, row.id, body)
        peer.breaks = "RCPT"  # before its text: certainly not taken
        with pytest.raises(RateLimited):
            await desk.sender.post(row.lane, row.id, body)
        await desk.server.close()

    asyncio.run(post())
    once, twice = (taken.message for taken in peer.mails)
    for header in ("Message-ID", "Date", "Subject", "References"):
        assert once[header] == twice[header]


def test_a_connection_is_kept_and_a_broken_one_is_not(mag: Post, peer: Peer) -> None:
    desk = Desk(mag, peer)
    desk.sends(*(desk.row(Notice(T("It is so.")), row_id=f"r{number}") for number in range(5)))
    assert (len(peer.mails), peer.sessions) == (5, 1)


def test_who_is_not_there_and_who_is_not_let_in(mag: Post) -> None:
    with peering(password="right") as peer:
        for password, raised in (("right", None), ("wrong", Shut)):
            desk = Desk(mag, peer, user="wg", password=password)
            if raised is None:
                desk.sends(desk.row(Notice(T("It is so."))))
            else:
                with pytest.raises(raised):
                    desk.sends(desk.row(Notice(T("It is so."))))
        row = Desk(mag, peer).row(Notice(T("It is so.")))
    with pytest.raises(RateLimited):
        Desk(mag, peer).sends(row)
    assert len(peer.mails) == 1
    gone = Outgoing(MAG, "x", Lane("mail", "mail", "@nobody"), SendKind.POST, "", row.view)
    with pytest.raises(Rejected) as refused:
        Desk(mag, peer).sends(gone)
    assert refused.value.reason == Reason.PERSON_GONE


def test_what_chat_edits_is_not_mailed(mag: Post, peer: Peer) -> None:
    desk = Desk(mag, peer)
    row = desk.row(Notice(T("It is so.")))

    async def refreshed() -> None:
        assert await desk.sender.refresh(row.lane, row.id, "<a@b>", b"") == "<a@b>"
        assert await desk.sender.open_room(row.lane, row.id, MAG, "x") is None

    asyncio.run(refreshed())
    assert peer.mails == []
