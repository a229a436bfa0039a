"""The `wgbot` command: finds the module that does what was asked, and imports no other."""

from __future__ import annotations

import argparse
import gc
import importlib
import logging
import os
import sys

from adapters.shared.logs import configure

log = logging.getLogger("wgbot")

COMMANDS = {
    "run": "run wgbot for the chat platforms its settings name, until it is stopped",
    "slack": "Slack: the app's manifest, and the reason for each of its scopes",
    "matrix": "Matrix: compare emoji with somebody who verifies the bot; sign its device anew",
    "terminal": "talk to wgbot here; piped in, run a script in a fresh sample community",
    "demo": "watch a whole formation, from a real proposal to an active group",
    "community": "found a community, or list those there are",
    "export": "write a community's whole state to a file",
    "import": "read a community that was exported into a database without it",
    "person": "all that is kept of a person, for the person; and erasing them",
    "backup": "write the whole installation to a file, while it runs",
    "restore": "put a backup back where nothing is, and verify it",
    "site": "write the public record, a website anybody may read, to a folder",
    "audit": "verify the audit log, the tallies and the stored state",
    "doctor": "say what is well with this installation and what is not, and what to do",
    "dead": "messages that did not arrive: list them, send them again, or drop them",
}


def main(arguments: list[str] | None = None) -> int:
    """Run `wgbot`. Returns the exit code."""
    os.umask(0o077)  # what is kept may be private
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # it would look through every package for some
    gc.disable()  # what importing makes stays; looking through it for garbage is time lost. `open_house` goes on with it
    typed = sys.argv[1:] if arguments is None else arguments
    configure("WARNING")
    try:
        _configure()
        chosen = _parsed(typed)
        return int(chosen.run(chosen))
    except Exception as error:
        explained = _explained(error)
        if explained is None:
            raise
        sys.stderr.write(f"{explained}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        gc.freeze()  # nor is anything looked through once more on leaving


def _parsed(typed: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wgbot", description="Working groups by consensus, in chat.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = next((each for each in typed if not each.startswith("-")), "")
    for name, summary in COMMANDS.items():
        each = commands.add_parser(name, help=summary, description=summary)
        if name == wanted:
            module = importlib.import_module(f"adapters.cli.{name}")
            module.options(each)
            each.set_defaults(run=module.run)
    return parser.parse_args(typed)


def _configure() -> None:
    """Log as the environment says, and warn of variables that mean nothing."""
    if any(name.startswith("WGBOT_") for name in os.environ):
        from adapters.shared.config import Installation, unknown  # late: most runs are configured by nothing

        settings = Installation.of(os.environ)
        configure(settings.log, secrets=settings.secret_values())
        for name, meant in unknown(os.environ):
            log.warning("%s means nothing%s", name, f"; did you mean {meant}?" if meant else "")


def _explained(error: Exception) -> str | None:
    """What an operator can do about an error that is theirs to mend; None for a bug."""
    from adapters.shared.environment import SettingsError
    from adapters.terminal.rooms import RoomsDamaged, RoomsInUse
    from storage.errors import StorageError

    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return "the output was closed"
    if isinstance(error, RoomsInUse | StorageError):
        return f"{error}. If wgbot is running there, stop it first, or give another folder with --data."
    if isinstance(error, RoomsDamaged):
        return f"{error}. Move the file away to go on without it; the database has everything that was decided."
    return str(error) if isinstance(error, SettingsError) else None


if __name__ == "__main__":
    sys.exit(main())
