"""The logs of Slack's libraries, without what they would tell: at DEBUG they write whole requests, Bolt at INFO bad ones.

What is not grave is dropped whatever level they are set to. Bolt's parts take the filter over from the logger they are given.
"""

from __future__ import annotations

import logging
import re
from typing import Final

SDK_LOG: Final = logging.getLogger("slack_sdk.wgbot")
BOLT_LOG: Final = logging.getLogger("slack_bolt.wgbot")


_CODE: Final = re.compile(r"(?<=with code: )\S+")
"""In what Bolt says of an installation that failed: what the token was asked for with."""


def _grave(record: logging.LogRecord) -> bool:
    record.msg = _CODE.sub("…", str(record.msg))
    return record.levelno >= logging.WARNING


for _each in (SDK_LOG, BOLT_LOG, logging.getLogger("slack_sdk"), logging.getLogger("slack_bolt")):
    _each.setLevel(logging.WARNING)
    _each.addFilter(_grave)
