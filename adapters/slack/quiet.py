"""The logs of Slack's libraries, without what they would tell: at DEBUG they write whole requests, Bolt at INFO bad ones.

What is not grave is dropped whatever level they are set to. Bolt's parts take the filter over from the logger they are given.
"""

from __future__ import annotations

import logging
from typing import Final

SDK_LOG: Final = logging.getLogger("slack_sdk.wgbot")
BOLT_LOG: Final = logging.getLogger("slack_bolt.wgbot")


def _grave(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


for _each in (SDK_LOG, BOLT_LOG, logging.getLogger("slack_sdk"), logging.getLogger("slack_bolt")):
    _each.setLevel(logging.WARNING)
    _each.addFilter(_grave)
