"""`make fire`: a formation under load on three replicas, which are killed at random while the network and the servers fail.

It prints its seed; the same seed is the same fire, as far as chance is ours. What it did and found is kept in `build/fire/`.
"""

from __future__ import annotations

import argparse
import random
import re
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import aiohttp
import psycopg

from adapters.shared.election import LEASE_SECONDS
from bot.context import DecidingContext, Request, Space
from bot.domain.groups import Group, HomeLinked, homes_of
from bot.domain.ids import MAG as FULL_MEMBERSHIP
from bot.domain.ids import PersonId
from bot.domain.people import AccountLinked
from bot.engine import Engine, utc_now
from storage.store import SqlStore
from tests.adapters.slack.office import handle, workspace
from tests.builders import CHAIR, CIVIL, GOOD, MAG, PRIVATE
from tests.fire.chaos import Chaos, Holder, planned
from tests.fire.crowd import POLL, REFUSED, TEXT, WENT_WRONG, Encrypted, InMatrix, InSlack, Told, Worker
from tests.fire.network import Way
from tests.fire.proof import Proof, asked_of, state, thread_of, waiting
from tests.fire.site import Replica, database, founded, looking, replicas
from tests.support.matrix.api import MatrixError
from tests.support.matrix.element import Element
from tests.support.matrix.plain import Plain
from tests.support.matrix.process import ElementProcess
from tests.support.matrix.synapse import PASSWORD, SERVER_NAME, Homeserver
from tests.support.slack.edge import Edge
from tests.support.slack.emulator import Emulator
from tests.support.slack.people import People
from tests.support.slack.seen import Message
from tests.support.slack.workspace import TEAM

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = ROOT / "build" / "fire"
REPLICAS: Final = 3
FIRE_SECONDS: Final = 60.0
PATIENCE_SECONDS: Final = 150.0
TAKEN_OVER_SECONDS: Final = 15.0
ANSWERED_SECONDS: Final = 30.0

CLICKERS: Final = (
    ("Bao B.", "Gift I.", "Hana J."),
    ("Chiara C.", "Zoë B.", "Rosa S."),
    ("Dmitri D.", "Åsa C.", "José L."),
)
IN_MATRIX: Final = (CIVIL, "Beatriz D.", "Tímea U.")
FORMATION: Final = re.compile(r"Consensus check (\d+) of")
ENCRYPTED: Final = "Søren T."


Found = TypeVar("Found")


class Failed(Exception):
    """The fire found something."""


@dataclass
class Scene:
    """Everything there is while it burns."""

    log: Log
    url: str
    store: SqlStore
    people: People
    plains: dict[str, Plain]
    homeserver: Homeserver
    element: Element
    bot: str
    rooms: tuple[str, str]
    replicas: list[Replica]
    told: Told

    def until(self, look: Callable[[], Found | None], what: str, seconds: float = PATIENCE_SECONDS) -> Found:
        """Wait until something is so; what was found."""
        end = time.monotonic() + seconds
        while True:
            try:
                if found := look():
                    return found
            except (AssertionError, MatrixError, aiohttp.ClientError, TimeoutError, psycopg.Error):
                pass  # not yet, or its server is away
            if time.monotonic() > end:
                raise Failed(f"waited {seconds:g} s for {what}")
            time.sleep(0.2)

    def says(self, who: str, text: str, done: str) -> None:
        """Type a command until it is acknowledged as done, or was done before."""

        def tried() -> bool:
            seen = self.people.slash(handle(who), "mag", text)
            if not seen.acked or WENT_WRONG in seen.text:
                return False
            self.log.say(f"{who}: {text[:40]} -> {' '.join(seen.text.split())[:100]}")
            return done in seen.text or REFUSED in seen.text

        self.until(tried, f"{text[:40]!r} to be done")

    def later(self, span: str) -> None:
        """Time passes for the community."""
        origin = f"later:{secrets.token_hex(4)}"
        request = Request(
            MAG, Space("system", "", ""), "clock", origin, utc_now(), arguments={"by": f"+{span}"}, system=True
        )

        def tried() -> bool:
            try:
                done = Engine(self.store).handle([request])[0].done
                self.log.say(f"the clock is moved by {span}: {done}")
                return done
            except Exception as error:
                self.log.say(f"the clock could not be moved: {type(error).__name__}")
                return False

        self.until(tried, "the clock to be moved")


class Log:
    """What happened, kept and shown."""

    def __init__(self, path: Path, *, quiet: bool) -> None:
        self._file = path.open("w")
        self._begun = time.monotonic()
        self._quiet = quiet

    def say(self, words: str, *, aloud: bool = False) -> None:
        """Note something."""
        line = f"{time.monotonic() - self._begun:7.2f}  {words}"
        self._file.write(line + "\n")
        self._file.flush()
        if aloud or not self._quiet:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def fire(seed: int, log: Log, folder: Path, elements: ElementProcess, emulator: Emulator) -> None:
    """One fire. Raises `Failed`."""
    chance = random.Random(seed)
    with ExitStack() as opened:
        server, url = opened.enter_context(database())
        homeserver = opened.enter_context(Homeserver())
        log.say("PostgreSQL and a homeserver run")
        slack = opened.enter_context(Edge(emulator, workspace()))
        store = opened.enter_context(looking(url))
        bot = homeserver.register("wg").user_id
        plains = {name: Plain(homeserver, homeserver.register("p")) for name in (CHAIR, *IN_MATRIX)}
        element = Element(elements, homeserver, homeserver.register("e"), "", cross_signed=True)
        opened.callback(elements.close_all)
        rooms = _rooms(plains, element, bot)
        accounts = {**{name: who.id for name, who in plains.items()}, ENCRYPTED: element.id}
        founded(store, MAG, lambda context, people: _settled(context, people, slack, accounts, rooms))
        log.say("the community is founded")
        to_slack = opened.enter_context(Way(int(slack.url.rpartition(":")[2])))
        to_matrix = opened.enter_context(Way(homeserver.port))
        app = slack.workspace.app
        settings = {
            "WGBOT_SLACK_API": f"http://127.0.0.1:{to_slack.port}/api/",
            "WGBOT_SLACK_BOT_TOKEN": app.token,
            "WGBOT_SLACK_SIGNING_SECRET": app.signing_secret,
            "WGBOT_MATRIX_HOMESERVER": f"http://127.0.0.1:{to_matrix.port}",
            "WGBOT_MATRIX_USER": bot,
            "WGBOT_MATRIX_PASSWORD": PASSWORD,
        }
        running = opened.enter_context(replicas(REPLICAS, server, folder, settings))
        balancer = opened.enter_context(Way(*(each.port for each in running), seed=seed))
        for replica in running:
            replica.start(wait=False)
        scene_begun = time.monotonic()
        people = People.over_http(slack, f"http://127.0.0.1:{balancer.port}/slack/events")
        told = Told()
        scene = Scene(log, url, store, people, plains, homeserver, element, bot, rooms, running, told)
        scene.until(lambda: all(_is_in(plains[CHAIR], room, bot) for room in rooms), "the bot in its rooms")
        log.say(f"wgbot is in its rooms after {time.monotonic() - scene_begun:.0f} s")
        chaos = Chaos(running, server, homeserver, to_slack, to_matrix, log.say)
        try:
            _burn(scene, chaos, chance)
            _out(scene, chaos, Holder(url))
        except (Failed, AssertionError):
            log.say(state(url))
            raise
        if slack.faults:
            raise Failed(f"Slack would refuse: {slack.faults[:5]}")


def _rooms(plains: Mapping[str, Plain], element: Element, bot: str) -> tuple[str, str]:
    chair = plains[CHAIR]
    clear = chair.create("MAG", public=True, invite=[bot, *(who.id for name, who in plains.items() if name != CHAIR)])
    for name, who in plains.items():
        if name != CHAIR:
            who.join(clear)
    encrypted = element.create("MAG, encrypted", public=True, encrypted=True)
    element.invite(encrypted, bot)
    return clear, encrypted


def _settled(
    context: DecidingContext,
    people: Mapping[str, PersonId],
    slack: Edge,
    accounts: Mapping[str, str],
    rooms: tuple[str, str],
) -> None:
    context.happen(HomeLinked("slack", TEAM, slack.channel("mag"), FULL_MEMBERSHIP, "#mag"))
    for number, room in enumerate(rooms):
        context.happen(HomeLinked("matrix", SERVER_NAME, room, FULL_MEMBERSHIP, f"mag{number}"))
    for name, person in people.items():
        context.happen(AccountLinked("slack", TEAM, slack.user(handle(name)), person, "roster"))
    for name, user in accounts.items():
        context.happen(AccountLinked("matrix", SERVER_NAME, user, people[name], "roster"))


def _is_in(person: Plain, room: str, bot: str) -> bool:
    try:
        return bot in person.call("GET", "rooms", room, "joined_members")["joined"]
    except Exception:
        return True


def _burn(scene: Scene, chaos: Chaos, chance: random.Random) -> None:
    """The formation, from the proposal to the close of its check, while people work and everything fails."""
    clear, encrypted = scene.rooms
    in_slack = [
        InSlack(scene.people, names, scene.told, chance.randrange(10**6), "abc"[number])
        for number, names in enumerate(CLICKERS)
    ]
    members = {name: scene.plains[name] for name in IN_MATRIX}
    in_matrix = InMatrix(members, clear, scene.told, chance.randrange(10**6))
    in_secret = Encrypted(scene.element, encrypted, scene.told, chance.randrange(10**6))
    acts = [*(each.act for each in in_slack), in_matrix.act, in_secret.act]
    workers = [Worker(act) for act in acts]
    blows = planned(chance, FIRE_SECONDS, REPLICAS)
    begun = time.monotonic()
    for worker in workers:
        worker.start()

    def play() -> None:
        """The stages. A check's card is given to the people once it stands there."""
        scene.says(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}', "is proposed")
        scene.until(
            lambda: scene.people.message(handle(CHAIR), "mag", "Consultation of the full MAG"), "the consultation"
        )
        scene.says("Chiara C.", 'consult comment WG-MWP comment "A good idea."', "is noted")
        scene.later("7d")
        card, scene.told.formation = scene.until(lambda: _card(scene.people), "the check")
        poll = scene.until(lambda: _poll(scene.plains[CHAIR], clear, scene.bot), "the poll")
        for each in in_slack:
            each.check = card
        in_matrix.poll = poll
        while time.monotonic() - begun < FIRE_SECONDS:
            time.sleep(0.2)
        for worker in workers:
            worker.pause()
        for each in in_slack:
            each.check = None
        in_matrix.poll = None
        # what was said before the close is read before it: days go by in a moment here
        proof = Proof(scene.url, scene.store, MAG, scene.told)
        try:
            scene.until(lambda: not proof.disagreeing(), "everybody's last position")
        except Failed as failed:
            raise Failed(f"{failed}: {'; '.join(proof.disagreeing())}") from None
        scene.later("7d")
        for worker in workers:
            worker.resume()

    stage = Worker(_once(play))
    stage.start()
    while time.monotonic() - begun < FIRE_SECONDS or stage.failed is None:
        for blow in [each for each in blows if each.at <= time.monotonic() - begun and chaos.may(each)]:
            blows.remove(blow)
            chaos.strike(blow)
        chaos.tend()
        time.sleep(0.05)
    chaos.mend_all()
    for worker in (*workers, stage):
        worker.stop()
        if worker.failed is not None and not isinstance(worker.failed, _Over):
            raise Failed(f"{type(worker.failed).__name__}: {worker.failed}") from worker.failed


class _Over(Exception):
    """What was to be done once is done."""


def _once(play: Callable[[], None]) -> Callable[[], None]:
    def act() -> None:
        play()
        raise _Over

    return act


def _card(people: People) -> tuple[Message, int] | None:
    """The card of the formation's check, and its number: members open quick ones beside it."""
    for message in people.messages(handle(CHAIR), "mag"):
        if (found := FORMATION.search(message.text)) and "Support" in message.buttons:
            return message, int(found[1])
    return None


def _poll(person: Plain, room: str, bot: str) -> dict[str, str] | None:
    """The poll of the formation's check."""
    for event in person.history(room):
        if event["sender"] == bot and event["type"] == f"{POLL}start":
            poll = event["content"][f"{POLL}start"]
            if "day?" not in str(poll["question"]):
                return {"poll": event["event_id"], **{each[TEXT]: each["id"] for each in poll["answers"]}}
    return None


def _out(scene: Scene, chaos: Chaos, holder: Holder) -> None:
    """The end of the formation, without fire; then everything is looked at."""
    log, told = scene.log, scene.told
    scene.says(CHAIR, 'approve WG-MWP --rationale "Agreed by all." Qiang R., Gift I.', "approved")
    log.say(f"{told.done} positions acknowledged, {told.unacknowledged} not; {chaos.kills} kills", aloud=True)
    scene.until(lambda: waiting(scene.url)[0] == 0, "the outbox to empty")
    _taken_over(scene, holder)
    scene.until(lambda: waiting(scene.url)[0] == 0, "the outbox to empty")
    scene.until(lambda: not scene.store.due(utc_now(), 1), "deadlines to be met", 40)
    proof = Proof(scene.url, scene.store, MAG, told)
    _answered(scene)
    log.say(proof.ledger(), aloud=True)
    log.say(proof.slack(scene.people, handle(CHAIR), "mag"), aloud=True)
    log.say(proof.matrix(scene.plains[CHAIR], scene.rooms[0], scene.bot), aloud=True)
    if not all(each.readable for each in scene.element.messages(scene.rooms[1])):
        proof.findings.append("something encrypted cannot be read")
    under = _under(scene)
    log.say(proof.answered(scene.rooms[1], under), aloud=True)
    for event in told.asked[scene.rooms[1]]:
        if not under[event]:
            log.say(f"{event}: {asked_of(scene.url, event)}", aloud=True)
    if dead := waiting(scene.url)[1]:
        proof.findings.append(f"{dead} messages were given up")
    with scene.store.reading() as reads:
        homes = [
            home
            for group in reads.scan(Group, MAG)
            if isinstance(group, Group)
            for home in homes_of(reads, MAG, group.id)
        ]
    if Counter(each.platform for each in homes)["slack"] != 1:
        proof.findings.append(f"the group's homes are {homes}")
    if proof.findings:
        raise Failed("\n".join(proof.findings))


def _under(scene: Scene) -> Counter[str]:
    """How many answers there are under each event of the encrypted room, by its history: what is a thread is not encrypted.

    A client is handed the newest only when its homeserver comes back, and the others when one scrolls.
    """
    there = Plain(scene.homeserver, scene.element.account).history(scene.rooms[1])
    return Counter(thread_of(each) for each in there if each["sender"] == scene.bot)


def _answered(scene: Scene) -> None:
    """Wait for an answer to everything that was asked where it is encrypted, and say for how long."""
    begun, asked = time.monotonic(), scene.told.asked[scene.rooms[1]]
    with suppress(Failed):  # what is still missing is among the findings
        scene.until(lambda: not (set(asked) - _under(scene).keys()), "answers where it is encrypted", ANSWERED_SECONDS)
    scene.log.say(f"waited {time.monotonic() - begun:.1f} s for answers where it is encrypted", aloud=True)


def _taken_over(scene: Scene, holder: Holder) -> None:
    """The holder of Matrix's lease is killed: somebody else answers there in time."""
    pid = scene.until(holder.pid, "somebody to hold Matrix")
    (replica,) = [each for each in scene.replicas if each.pid == pid]
    replica.kill()
    begun = time.monotonic()
    room, person = scene.rooms[0], scene.plains[CIVIL]
    asked = person.send(room, "!wg todo")
    scene.told.asked[room].append(asked)

    def answered() -> bool:
        return any(
            (each["content"].get("m.relates_to") or {}).get("event_id") == asked
            for each in person.call("GET", "rooms", room, "messages", query={"dir": "b", "limit": 50})["chunk"]
            if each["sender"] == scene.bot
        )

    scene.until(answered, "an answer in Matrix after a kill", 60)
    took = time.monotonic() - begun
    scene.log.say(f"taken over in Matrix {took:.1f} s after a kill (the lease lasts {LEASE_SECONDS:g} s)", aloud=True)
    replica.start(wait=False)
    if took > TAKEN_OVER_SECONDS:
        raise Failed(f"Matrix was taken over after {took:.1f} s")


def main() -> int:
    """Light so many fires, one after the other; 1 when one of them found something."""
    parser = argparse.ArgumentParser(prog="fire", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="how many (default 1)")
    parser.add_argument("--seed", type=int, help="the first one's seed (default: by chance)")
    parser.add_argument("--verbose", action="store_true", help="show everything that happens")
    chosen = parser.parse_args()
    first = chosen.seed if chosen.seed is not None else secrets.randbelow(10**6)
    KEPT.mkdir(parents=True, exist_ok=True)
    bad = 0
    with ElementProcess() as elements, Emulator() as emulator:
        for seed in range(first, first + chosen.runs):
            begun = time.monotonic()
            folder = Path(tempfile.mkdtemp(prefix="wgbot-fire-"))
            log = Log(KEPT / f"{seed}.log", quiet=not chosen.verbose)
            log.say(f"seed {seed}: make fire N=1 SEED={seed}", aloud=True)
            try:
                fire(seed, log, folder, elements, emulator)
                log.say(f"nothing lost, nothing twice, in {time.monotonic() - begun:.0f} s", aloud=True)
            except (Failed, AssertionError) as error:
                bad += 1
                log.say(f"FAILED: {error}", aloud=True)
            finally:
                for each in folder.glob("replica-*.log"):
                    shutil.copy(each, KEPT / f"{seed}-{each.name}")
                shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"{chosen.runs - bad} of {chosen.runs} fires found nothing; logs in {KEPT.relative_to(ROOT)}/\n")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
