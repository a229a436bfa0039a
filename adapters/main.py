"""The `wgbot` command: finds the module that does what was asked, and imports no other."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys

COMMANDS = {
    "terminal": "talk to wgbot here; piped in, run a script in a fresh sample community",
    "demo": "watch a whole formation, from a real proposal to an active group",
    "community": "found a community, or list those there are",
    "audit": "verify the audit log, the tallies and the stored state",
}


def main(arguments: list[str] | None = None) -> int:
    """Run `wgbot`. Returns the exit code."""
    typed = sys.argv[1:] if arguments is None else arguments
    logging.basicConfig(
        level=os.environ.get("WGBOT_LOG", "WARNING").upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    parser = argparse.ArgumentParser(prog="wgbot", description="Working groups by consensus, in chat.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        each = commands.add_parser(name, help=summary, description=summary)
        if name in typed:
            module = importlib.import_module(f"adapters.cli.{name}")
            module.options(each)
            each.set_defaults(run=module.run)
    chosen = parser.parse_args(typed)
    try:
        return int(chosen.run(chosen))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
