"""`kill -9` while people click: what was acknowledged is counted, what was opened is posted, and nothing is posted twice."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from bot.command import COMMANDS
from bot.domain.consensus.checks import Check, Held
from bot.domain.people import Account
from storage.schema import prepare
from storage.store import SqlStore
from storage.verify import verify
from tests.adapters.slack.office import Office, Transport, handle, workspace
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, TECHNICAL
from tests.e2e.running import Running, opened, waiting
from tests.scenarios.in_slack import play
from tests.support.processes import free_port
from tests.support.slack.edge import Edge
from tests.support.slack.people import People
from tests.support.slack.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KILLS = 15
CLICKERS = (CHAIR, GOVERNMENT, CIVIL, TECHNICAL, "Chiara C.", "Zoë B.", "Hana J.")
BUTTONS = {"Support": "support", "Can live with it": "live-with", "Abstain": "abstain", "Stand aside": "stand-aside"}


@pytest.fixture
def slack_workspace() -> Workspace:
    return workspace()


class Service(Running):
    """`wgbot run` for a Slack, on a port of its own."""

    def __init__(self, slack: Edge, folder: Path, *, sockets: bool = False) -> None:
        self.port = free_port()
        app = slack.workspace.app
        way = {"APP_TOKEN": app.app_token} if sockets else {"SIGNING_SECRET": app.signing_secret}
        settings = {
            "WGBOT_SLACK_API": f"{slack.url}/api/",
            "WGBOT_SLACK_BOT_TOKEN": app.token,
            "WGBOT_HTTP_PORT": str(self.port),
            **{f"WGBOT_SLACK_{name}": value for name, value in way.items()},
        }
        super().__init__(folder, settings)


def prepared(slack: Edge, folder: Path) -> None:
    """A community with a check that is open, and everybody in Slack."""
    url = f"sqlite:///{folder / 'wgbot.db'}"
    prepare(url)
    with closing(SqlStore.open(url)) as store, Office(slack, Transport.HTTP, store) as office:
        play(office, "/as Qiang R.\n/wg propose text samples/proposal-wg-mwp.md\n", PRIVATE)
        office.later("7d")
        office.later("7d")
        assert "Consensus check 1" in office.sees(CHAIR, "Consensus check 1").text


def test_an_acknowledged_click_is_counted_and_nothing_is_posted_twice(slack: Edge, tmp_path: Path) -> None:
    """Killed at random while seven people click and one opens checks. Whatever Slack was told is there, once."""
    prepared(slack, tmp_path)
    service = Service(slack, tmp_path)
    people = People.over_http(slack, f"http://127.0.0.1:{service.port}/slack/events")
    check = people.message(handle(CHAIR), "mag", "Consensus check 1")
    chance = random.Random(20270111)
    possible: dict[str, set[str]] = defaultdict(set)
    opened_checks: list[str] = []
    uncertain: set[str] = set()

    for round_ in range(KILLS):
        service.start()
        killer = threading.Timer(chance.uniform(0.05, 1.5), service.kill)
        killer.start()
        for _ in range(chance.randrange(3, 9)):
            who, button = chance.choice(CLICKERS), chance.choice(list(BUTTONS))
            if people.click(handle(who), check, button).acked:
                possible[who] = {BUTTONS[button]}
            else:
                possible[who].add(BUTTONS[button])
        question = f"Question number {round_} of the day?"
        if people.slash(handle(GOVERNMENT), "mag", f'consensus "{question}" 24h').acked:
            opened_checks.append(question)
        else:
            uncertain.add(question)
        killer.join()
        service.kill()

    service.start()
    slack.until(lambda: not waiting(tmp_path), "the outbox to empty", 120)
    service.kill()

    COMMANDS.load_all()
    with opened(tmp_path) as store:
        assert verify(store, MAG) == []
        with store.reading() as reads:
            held = {each.person: each.position.value for each in reads.all(Held, community=MAG, check=1)}
            accounts = {
                handle(who): reads.get(Account, MAG, "slack", "T000000001", slack.user(handle(who))) for who in CLICKERS
            }
            asked = {each.question for each in reads.all(Check, community=MAG)}
    for who, positions in possible.items():
        account = accounts[handle(who)]
        assert account is not None
        assert held.get(account.person) in positions, who

    # what was opened is there and posted once; what was not acknowledged may be there, and then is posted once too
    assert set(opened_checks) <= asked
    assert asked - {question for question in asked if "number" not in question} <= set(opened_checks) | uncertain
    posted = Counter(
        message.raw["metadata"]["event_payload"]["row"]
        for message in people.messages(handle(CHAIR), "mag")
        if message.raw.get("metadata")
    )
    assert max(posted.values()) == 1
    titles = Counter(
        found[0]
        for message in people.messages(handle(CHAIR), "mag")
        if message.raw.get("metadata") and (found := re.findall(r"Question number \d+ of the day\?", message.text))
    )
    assert set(titles) >= set(opened_checks)
    assert max(titles.values()) == 1
    # and the card shows what the ledger holds
    assert f"{len(held)} of 40" in people.message(handle(CHAIR), "mag", "Consensus check 1 of").text
