"""`wgbot run`: the service. Connects the chat platforms that the settings name, and runs until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from adapters.cli.house import House, open_house
from adapters.shared.clock import Clock
from adapters.shared.config import Installation, SettingsError
from adapters.shared.http import Listening, Server, application, server
from adapters.shared.sending import Sender
from adapters.slack.service import Slack
from adapters.slack.settings import SlackSettings
from bot.command import COMMANDS
from bot.ports import Store


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot run`."""
    parser.add_argument("--data", type=Path, help="folder that keeps the data (default: var)")


def run(chosen: argparse.Namespace) -> int:
    """Run it; 0 when it was asked to stop."""
    settings = Installation.of(os.environ)
    slack = SlackSettings.of(settings)
    problem = slack.problem()
    if problem is not None:
        raise SettingsError(f"Slack cannot be connected. {problem}")
    if not slack.connected:
        raise SettingsError(
            "No chat platform is set, so there is nothing to run. For Slack set WGBOT_SLACK_BOT_TOKEN and "
            "WGBOT_SLACK_APP_TOKEN (docs/how-to/set-up-in-slack.md); to try wgbot here: wgbot terminal."
        )
    return asyncio.run(_run(settings, slack, chosen.data or settings.data))


async def _run(settings: Installation, wanted: SlackSettings, folder: Path) -> int:
    stopped = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    COMMANDS.load_all()
    connected: list[Slack] = []

    def platforms(store: Store) -> list[Sender]:
        connected.append(Slack(wanted, store, settings.database, folder))
        return [each.sender for each in connected]

    with open_house(folder, settings.database, platforms=platforms) as house:
        for slack in connected:
            slack.answer(house.desk)
            await _serve(house, slack, Listening(settings.http_host, settings.http_port), stopped)
    return 0


async def _serve(house: House, slack: Slack, listening: Listening, stopped: asyncio.Event) -> None:
    clock = Clock(house.duties)
    house.writer.after_commit(house.relay.wake)
    house.writer.after_commit(clock.wake)
    sending = asyncio.create_task(house.relay.run(), name="relay")
    clock.start()
    web = server(application(slack.routes()), listening) if slack.routes() else None
    serving = asyncio.create_task(web.serve(), name="web") if web is not None else None
    connecting = asyncio.create_task(slack.connect(), name="sockets")
    stopping = asyncio.create_task(stopped.wait())
    try:
        await _say(web, serving, slack)
        watched = {sending, stopping, *([serving] if serving else [])}
        done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            task.result()
    finally:
        connecting.cancel()
        if web is not None and serving is not None:
            web.should_exit = True
            await asyncio.wait({serving})
        await slack.close()
        await clock.stop()
        await house.relay.stop()
        await asyncio.wait({sending})


async def _say(web: Server | None, serving: asyncio.Task[None] | None, slack: Slack) -> None:
    """Tell the operator what is connected."""
    lines = []
    if web is not None and serving is not None:
        listening = asyncio.create_task(web.listening.wait())
        await asyncio.wait({listening, serving}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        if not web.listening.is_set():
            raise SettingsError(f"Nothing can listen on {web.config.host}:{web.config.port}; is it taken?")
        lines.append(f"listening on {web.config.host}:{web.port}")
    if slack.settings.app_token:
        lines.append(f"Slack by {slack.settings.sockets} sockets")
    sys.stderr.write(f"wgbot runs ({', '.join(lines)}). Stop it with Ctrl+C.\n")
    sys.stderr.flush()
