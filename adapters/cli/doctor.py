"""`wgbot doctor`: what is well and what is not, each with what to do. Reads only, so it may run beside a running wgbot."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from adapters.cli.checkup import checks
from adapters.cli.opened import address, database_options, up_to_date
from adapters.mail import health as mail
from adapters.matrix import health as matrix
from adapters.shared import sealing
from adapters.shared.config import Installation
from adapters.shared.environment import SettingsError
from adapters.shared.health import Check, Checks, Finding, Health, broken, examined
from adapters.shared.logs import said
from adapters.shared.words import Words
from adapters.slack import health as slack
from bot.command import COMMANDS
from bot.engine import utc_now
from bot.text import T, term
from storage.store import SqlStore

log = logging.getLogger(__name__)

PLATFORMS: tuple[Checks, ...] = (sealing.checks, slack.checks, matrix.checks, mail.checks)
"""The checks of every platform that has some, and of the secrets they keep."""


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot doctor`."""
    database_options(parser)
    parser.add_argument("--json", action="store_true", help="for programs: a list of findings as JSON")


def run(chosen: argparse.Namespace) -> int:
    """Look at everything; 1 when something is broken, or there is nothing to look at."""
    COMMANDS.load_all()  # every record there is
    try:
        url = up_to_date(address(chosen))
    except Exception as error:
        print((_as_json if chosen.json else _as_text)([(Missing(error), examined(Missing(error)))]))
        return 1
    settings = Installation.of(os.environ).model_copy(update={"data": chosen.data, "database": str(chosen.database)})
    store = SqlStore.open(url, read_only=True)
    try:
        all_checks = [*checks(store, utc_now()), *(each for of in PLATFORMS for each in of(settings, store))]
        found = [(check, examined(check)) for check in all_checks]
    finally:
        store.close()
    print(_as_json(found) if chosen.json else _as_text(found))
    return int(any(each.health is Health.BROKEN for _, findings in found for each in findings))


@dataclass(frozen=True, slots=True)
class Missing:
    """A database that cannot be looked into, so that nothing else can be looked at."""

    error: Exception
    name: str = "database"

    def findings(self) -> Iterator[Finding]:
        """Why."""
        if isinstance(self.error, SettingsError):
            what, _, step = str(self.error).partition(". ")
            yield broken(
                term(f"{what.rstrip('.')}."), term(step) if step else T("Give its folder by --data, or WGBOT_DATABASE.")
            )
            return
        log.debug("the database cannot be opened", exc_info=self.error)
        yield broken(
            T("It cannot be reached: {why}.", why=said(self.error)),
            T("See that its server runs, and that WGBOT_DATABASE leads there. Nothing works until then."),
        )


def _as_text(found: Iterable[tuple[Check, list[Finding]]]) -> str:
    words, lines = Words(), []
    for check, findings in found:
        for each in findings:
            lines.append(f"{each.health.value:<10} {check.name}: {words.say(each.what)}")
            if each.next_step is not None:
                lines.append(f"{'':<10} {words.say(each.next_step)}")
    return "\n".join(lines)


def _as_json(found: Iterable[tuple[Check, list[Finding]]]) -> str:
    words = Words()
    rows = [
        {
            "check": check.name,
            "health": each.health.value,
            "what": words.say(each.what),
            "next_step": words.say(each.next_step) if each.next_step is not None else None,
        }
        for check, findings in found
        for each in findings
    ]
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode()
