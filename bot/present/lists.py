"""Mailing lists, in a sentence."""

from __future__ import annotations

from bot.domain.lists import MailingList
from bot.text import T, Text, said, term


def list_text(found: MailingList) -> Text:
    """Its address, and how one subscribes."""
    if not found.subscribe:
        return term(found.address)
    return T("{address}. To subscribe: {how}", address=found.address, how=said(found.subscribe))
