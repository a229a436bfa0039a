"""`wgbot run`: the service. Connects the chat platforms that the settings name, and runs until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop
from starlette.routing import BaseRoute, Router

from adapters.cli.embedded import database_url
from adapters.cli.house import House, open_house
from adapters.mail.receiving import Receiving
from adapters.mail.sender import nowhere
from adapters.mail.service import Mail
from adapters.mail.settings import MailSettings
from adapters.matrix.service import Matrix
from adapters.matrix.settings import MatrixSettings
from adapters.shared.clock import Clock
from adapters.shared.config import Installation
from adapters.shared.environment import BY_FILE, SettingsError, languages_of, variable
from adapters.shared.http import Listening, Server, application, server
from adapters.shared.logs import catch, configure, told
from adapters.shared.rates import Rate
from adapters.shared.readiness import Part, Readiness
from adapters.shared.sealing import NAME
from adapters.shared.sending import Sender
from adapters.shared.watching import Journal, Watch, Watches
from adapters.slack.service import Slack
from adapters.slack.settings import SlackSettings
from adapters.web.addressed import pages_of
from adapters.web.serving import UNDER, Record
from bot.command import COMMANDS
from bot.domain.ids import CommunityId
from bot.ports import Store
from storage.schema import HEAD, revision

if TYPE_CHECKING:
    from adapters.shared.figures import Figures

log = logging.getLogger(__name__)


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot run`."""
    parser.add_argument("--data", type=Path, help="folder that keeps the data (default: var)")


def run(chosen: argparse.Namespace) -> int:
    """Run it; 0 when it was asked to stop."""
    settings = Installation.of(os.environ)
    if not sys.stderr.isatty():
        configure(settings.log, secrets=settings.secret_values(), structured=True)
    catch()
    slack, matrix = SlackSettings.of(settings), MatrixSettings.of(settings)
    mail = MailSettings.of(settings)
    for name, problem in (("Slack", slack.problem()), ("Matrix", matrix.problem()), ("Mail", mail.problem())):
        if problem is not None:
            raise SettingsError(f"{name} cannot be connected. {problem}")
    if not (slack.connected or matrix.connected or mail.connected or settings.record):
        raise SettingsError(
            "No chat platform is set, so there is nothing to run. See docs/how-to/set-up-in-slack.md and "
            "docs/how-to/set-up-in-matrix.md; to try wgbot here: wgbot terminal."
        )
    if not slack.sealing.active:
        log.info(
            "tokens and keys in the data folder are kept in plain text: set %s%s to have them sealed", NAME, BY_FILE
        )
    return uvloop.run(_run(settings, slack, matrix, mail, chosen.data or settings.data))


@dataclass
class Connected:
    """The platforms of this process."""

    slack: Slack | None = None
    matrix: Matrix | None = None
    mail: Mail | None = None
    record: Record | None = None
    receiving: Receiving | None = None

    def routes(self) -> Sequence[BaseRoute]:
        """What they mount in the web application, and the public record where it is served."""
        slack = self.slack.routes() if self.slack is not None else ()
        mail = self.mail.routes() if self.mail is not None else ()
        return (*slack, *mail, *(self.record.routes() if self.record is not None else ()))

    def words(self) -> list[str]:
        """What is connected, for the operator."""
        said = []
        if self.slack is not None and self.slack.settings.app_token:
            said.append(f"Slack by {self.slack.settings.sockets} sockets")
        if self.matrix is not None:
            said.append(f"Matrix at {self.matrix.homeserver}")
        if self.mail is not None:
            said.append(f"mail by {self.mail.settings.host}")
        if self.receiving is not None and self.receiving.door is not None:
            said.append(f"answers by mail at {self.receiving.door.address}")
        if self.record is not None:
            said.append(f"the record at {UNDER}/")
        return said

    def parts(self) -> dict[str, Part]:
        """What has to be there for them to work."""
        parts: dict[str, Part] = {}
        if self.slack is not None:
            parts["slack"] = self.slack.connected
        if self.matrix is not None:
            parts["matrix"] = self.matrix.connected
        if self.mail is not None:
            parts["mail"] = self.mail.connected
        if self.receiving is not None:
            parts["mail in"] = self.receiving.listening
        return parts

    def lags(self) -> dict[str, Callable[[], float | None]]:
        """How far behind each is that reads along."""
        return {} if self.matrix is None else {"matrix": self.matrix.lag_seconds}

    async def close(self) -> None:
        """Take nothing new, finish what is under way, let go."""
        if self.slack is not None:
            await self.slack.close()
        if self.matrix is not None:
            await self.matrix.close()
        if self.mail is not None:
            await self.mail.close()
        if self.receiving is not None:
            await self.receiving.close()


@contextmanager
def watching(settings: Installation) -> Iterator[tuple[Figures | None, Watch | None]]:
    """Who looks on, as the settings want it: figures, traces, the log of requests."""
    watches: list[Watch] = []
    figures, traces = None, None
    if settings.metrics:
        from adapters.shared.figures import Figures  # late: as are the others, only who is measured needs it

        watches.append(figures := Figures())
    if settings.traces:
        from adapters.shared.tracing import Traces, provider

        watches.append(traces := Traces(provider(settings.traces)))
    if logging.getLogger("adapters").isEnabledFor(logging.INFO):
        watches.append(Journal())
    try:
        yield figures, watches[0] if len(watches) == 1 else Watches(watches) if watches else None
    finally:
        if traces is not None:
            traces.close()


def metrics_at(said: str) -> Listening | None:
    """Where figures are served by themselves; None: with everything else."""
    host, _, port = said.rpartition(":")
    return None if said == "http" else Listening(host or "127.0.0.1", int(port))


async def _run(
    settings: Installation, slack: SlackSettings, matrix: MatrixSettings, mail: MailSettings, folder: Path
) -> int:
    stopped = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    COMMANDS.load_all()
    connected = Connected()

    def platforms(store: Store) -> Iterator[Sender]:
        if slack.connected:
            connected.slack = Slack(slack, store, settings.database, folder)
            yield connected.slack.sender
        if matrix.connected:
            connected.matrix = Matrix(matrix, store, folder)
            yield connected.matrix.sender
        if mail.connected:
            pages = (
                pages_of(CommunityId(settings.record), settings.public_url)
                if settings.record and settings.public_url
                else nowhere
            )
            connected.mail = Mail(mail, store, folder, pages)
            yield connected.mail.sender

    allowed = Rate(settings.account_per_second, settings.account_burst) if settings.account_burst else None
    with (
        watching(settings) as (figures, watch),
        open_house(folder, settings.database, platforms=platforms, seated=False, allowed=allowed) as house,
    ):
        house.desk.watch = house.writer.watch = house.relay.watch = watch
        if connected.slack is not None:
            connected.slack.answer(house.desk)
        if connected.mail is not None:
            connected.mail.answer(house.desk)
        if mail.listen:
            connected.receiving = Receiving(mail, house.store, folder)
        if settings.record:
            if settings.record not in house.store.communities():
                raise SettingsError(f"{variable('record')} names no community there is: {settings.record}.")
            languages = languages_of(settings.record_languages)
            connected.record = Record(house.store, CommunityId(settings.record), settings.public_url, languages)
            connected.record.ready()
        listening = Listening(settings.http_host, settings.http_port)
        # without requests to serve it listens only where an operator asked for it: health is told there
        asked = "http_port" in settings.model_fields_set
        measured = figures.routes(house.store, connected.parts(), connected.lags()) if figures else ()
        apart = metrics_at(settings.metrics) if figures else None
        mounted = (*connected.routes(), *(measured if apart is None else ()))
        web = _web(house, settings.database, connected, mounted, listening) if mounted or asked else None
        beside = server(Router(list(measured)), apart) if apart is not None else None
        await _serve(house, connected, web, beside, stopped)
    return 0


def _web(
    house: House, database: str, connected: Connected, routes: Sequence[BaseRoute], listening: Listening
) -> Server:
    """The web application's server: what the platforms mount, and the health of all there is."""
    url = database or database_url(house.folder)

    async def migrated() -> bool:
        found = await asyncio.to_thread(revision, url)
        return found is not None and found >= HEAD  # a newer version's tables serve this one: expand, then contract

    readiness = Readiness({"database": migrated, **connected.parts()})
    return server(application(routes, readiness), listening)


async def _serve(
    house: House, connected: Connected, web: Server | None, beside: Server | None, stopped: asyncio.Event
) -> None:
    clock = Clock(house.duties)
    house.writer.after_commit(house.relay.wake)
    house.writer.after_commit(clock.wake)
    sending = asyncio.create_task(house.relay.run(), name="relay")
    clock.start()
    serving = {each: asyncio.create_task(each.serve(), name="web") for each in (web, beside) if each is not None}
    connecting = asyncio.create_task(connected.slack.connect(), name="sockets") if connected.slack else None
    if connected.matrix is not None:
        connected.matrix.answer(house.desk, house.writer)
    stopping = asyncio.create_task(stopped.wait())
    ahead = asyncio.create_task(connected.record.ahead(), name="record") if connected.record and web else None
    try:
        if connected.receiving is not None:
            await connected.receiving.answer(house.desk)
        await _say(serving, connected)
        watched = {sending, stopping, *serving.values()}
        done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            task.result()
    finally:
        if connecting is not None:
            connecting.cancel()
        if ahead is not None:
            ahead.cancel()
            await asyncio.wait({ahead})
        for each in serving:
            each.should_exit = True
        if serving:
            await asyncio.wait(serving.values())
        await connected.close()
        await clock.stop()
        await house.relay.stop()
        await asyncio.wait({sending})


async def _say(serving: Mapping[Server, asyncio.Task[None]], connected: Connected) -> None:
    """Tell the operator what is connected."""
    lines = []
    for web, task in serving.items():
        listening = asyncio.create_task(web.listening.wait())
        await asyncio.wait({listening, task}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        if not web.listening.is_set():
            raise SettingsError(f"Nothing can listen on {web.config.host}:{web.config.port}; is it taken?")
        lines.append(f"listening on {web.config.host}:{web.port}")
    lines += connected.words()
    told(f"wgbot runs ({', '.join(lines)}). Stop it with Ctrl+C.")
