"""The logs of Slack's libraries, without what they would tell: at DEBUG they write whole requests, Bolt at INFO bad ones."""

from __future__ import annotations

import logging
from typing import Final

SDK_LOG: Final = logging.getLogger("slack_sdk.wgbot")
BOLT_LOG: Final = logging.getLogger("slack_bolt.wgbot")

for _each in (SDK_LOG, BOLT_LOG, logging.getLogger("slack_sdk"), logging.getLogger("slack_bolt")):
    _each.setLevel(logging.WARNING)
