"""`kill -9` while members answer by mail: what was acknowledged is counted, and what comes again is counted once."""

from __future__ import annotations

import random
import smtplib
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from adapters.mail.addresses import Addresses
from adapters.mail.keys import Keys
from bot.command import COMMANDS
from bot.domain.consensus.checks import Held, PositionTaken
from bot.domain.people import Person
from storage.schema import prepare
from storage.store import SqlStore
from storage.verify import verify
from tests.adapters.mail.post import letter
from tests.builders import CIVIL, GOVERNMENT, MAG, TECHNICAL, World
from tests.e2e.running import Running, opened
from tests.support.processes import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

KILLS = 2
KEY = "a-key-of-enough-letters-for-a-test"
WORDS = {"Support": "support", "Abstain": "abstain"}


def test_an_acknowledged_answer_is_counted_and_one_delivered_again_is_counted_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'wgbot.db'}"
    prepare(url)
    with closing(SqlStore.open(url)) as store:
        World(store=store, clock_runs=True).consulted()
        with store.reading() as reads:
            people = {each.name: each for each in reads.all(Person, community=MAG)}
    port = free_port()
    settings = {
        "WGBOT_MAIL_HOST": "127.0.0.1",
        "WGBOT_MAIL_PORT": "9",
        "WGBOT_MAIL_TLS": "none",
        "WGBOT_MAIL_FROM": "wg@wg.example.org",
        "WGBOT_MAIL_LISTEN": f"127.0.0.1:{port}",
        "WGBOT_MAIL_KEY": KEY,
    }
    service = Running(tmp_path, settings)
    addresses = Addresses(Keys.of(KEY), "wg.example.org")
    chance = random.Random(20270111)
    last: dict[str, str] = {}
    asked: Counter[str] = Counter()
    queue: list[tuple[str, str, bytes]] = []  # as a mail server keeps what was not taken

    def deliver() -> None:
        while queue:
            who, to, raw = queue[0]
            try:
                with smtplib.LMTP("127.0.0.1", port, "peer", timeout=20) as peer:
                    peer.sendmail(people[who].email, [to], raw)
            except (OSError, smtplib.SMTPException):
                return
            queue.pop(0)

    for round_ in range(KILLS):
        service.start()
        deliver()
        killer = threading.Timer(chance.uniform(0.0, 0.4), service.kill)
        killer.start()
        for number in range(8):
            who = chance.choice((CIVIL, GOVERNMENT, TECHNICAL))
            word = "Abstain" if last.get(who) == "Support" else "Support"
            last[who] = word
            asked[who] += 1
            to = addresses.reply(MAG, people[who].id, "check:1")
            queue.append((who, to, letter(people[who].email, to, word, Message_ID=f"<{round_}.{number}@mail.example>")))
            deliver()
        killer.join()
        service.kill()
    service.start()
    deliver()
    service.kill()
    assert not queue

    COMMANDS.load_all()
    with opened(tmp_path) as store:
        assert verify(store, MAG) == []
        with store.reading() as reads:
            held = {each.person: each.position.value for each in reads.all(Held, community=MAG, check=1)}
            facts = [fact.event for _, fact in reads.facts(MAG) if fact is not None]
    assert held == {people[who].id: WORDS[word] for who, word in last.items()}
    taken = Counter(each.person for each in facts if isinstance(each, PositionTaken))
    assert taken == {people[who].id: times for who, times in asked.items()}
