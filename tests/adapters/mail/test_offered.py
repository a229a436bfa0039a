"""What letters offer as an answer is what answers are understood as: both sides of mail, over every card of a group's life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from adapters.mail.meaning import Meant, meaning
from adapters.mail.reader import Offer, Reader
from adapters.shared.words import Words
from bot.domain.community import Community
from bot.domain.ids import CommunityId
from bot.present import present
from bot.replying import replies
from bot.text import Text
from bot.view import Ballot, Button, Card, Letter
from tests.bot.test_letters import LIST, Post
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, SECRETARIAT, TECHNICAL


@pytest.fixture(scope="module")
def mag() -> Post:
    """Every card there is by mail: a proposal, its consultation, check and decision, an act, a poll, a meeting, a search for a time."""
    mag = Post()
    mag.does(SECRETARIAT, f"mailing link all {LIST} yes")
    mag.leaves_chat(CIVIL, GOVERNMENT)
    mag.does(CHAIR, "preferences set --channel mail")
    mag.checked()
    mag.does(SECRETARIAT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    mag.does(PRIVATE, 'poll "Which day?" Monday, Tuesday --closes 48h')
    mag.does(PRIVATE, 'poll "Which days?" Monday, Tuesday, Friday --multiple --closes 48h')
    mag.does(CHAIR, 'meeting schedule "Second call" 2027-03-01 15:00')
    mag.does(CHAIR, 'meeting find "Third call" "2027-03-02 15:00, 2027-03-03 15:00"')
    return mag


def cards(mag: Post) -> dict[str, Card]:
    """The cards of everything that was written about, as they were then."""
    found: dict[str, Card] = {}
    for _, letter in mag.letters:
        assert isinstance(letter, Letter)
        for part in letter.parts:
            if isinstance(part.view, Card) and part.view.subject == part.about:
                found.setdefault(part.about, part.view)
    return found


def offered(card: Card, about: str, reader: Reader) -> Iterator[tuple[Button, Offer]]:
    for button in card.buttons:
        yield button, reader.offer(button, card, about)
    for block in card.blocks:
        if isinstance(block, Ballot) and block.open:
            for number, option in enumerate(block.options, 1):
                label = reader.line(option.button.label)
                yield option.button, Offer(label, str(number) if block.multiple else label)


def understood(mag: Post, about: str, says: str, language: str) -> Meant:
    def say(sentence: Text) -> list[str]:
        return [Words(each).say(sentence) for each in dict.fromkeys((language, "en"))]

    with mag.store.reading() as reads:
        community = reads.get(Community, CommunityId(MAG))
        assert community is not None
        answers = replies(reads, community, about, datetime.now(UTC))
    return meaning(says, answers, None, say, about)


def test_every_kind_of_card_was_written(mag: Post) -> None:
    kinds = {about.partition(":")[0] for about in cards(mag)}
    assert {"proposal", "consultation", "check", "decision", "act", "poll", "meeting", "times"} <= kinds


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_is_offered_is_understood(mag: Post, language: str) -> None:
    reader = Reader(language)
    missed = []
    for about, card in cards(mag).items():
        with mag.store.reading() as reads:
            if present(reads, MAG, about, datetime.now(UTC)) is None:
                continue
        for button, offer in offered(card, about, reader):
            meant = understood(mag, about, offer.says, language)
            same = meant.command == button.command and button.arguments.items() <= meant.arguments.items()
            numbered = about.startswith("poll:") and meant.command == "poll choose"  # an option, by its number
            if not same and not numbered:
                missed.append((about, offer.says, button.command, meant.command))
    assert missed == []
