"""`wgbot slack`: what one pastes at Slack's to make the app, and what to tell whoever is to allow its scopes."""

from __future__ import annotations

import argparse
import sys

from adapters.slack.manifest import as_json, as_table, manifest


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot slack`."""
    acts = parser.add_subparsers(dest="act", required=True)
    made = acts.add_parser("manifest", help="print the app's manifest, as JSON")
    made.add_argument("--url", default="", help="the public address, for HTTP and OAuth (default: Socket Mode)")
    made.add_argument("--name", default="wgbot", help="what the app is called")
    acts.add_parser("scopes", help="print each scope with its reason")


def run(chosen: argparse.Namespace) -> int:
    """Print it."""
    shown = as_table() if chosen.act == "scopes" else as_json(manifest(chosen.url, chosen.name))
    sys.stdout.write(f"{shown}\n")
    return 0
