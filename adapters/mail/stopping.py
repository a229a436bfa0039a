"""The pages that end somebody's mail: one with a button, and what the button does (RFC 8058). Nothing in them needs a script.

Mail programs press it by themselves when their reader says so. Whoever has the link may use it, and learns nothing by it: not
even whose it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.mail.addresses import Addresses, Purpose
from adapters.mail.reader import Reader, escaped
from adapters.mail.sender import STOPPING
from adapters.shared.asking import Desk
from bot.context import Request, Space
from bot.domain.community import Community
from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import MAIL, Person
from bot.domain.records import Reads
from bot.letters import in_chat, lives
from bot.ports import Store
from bot.text import Say, T, Text

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
STYLE: Final = (
    ":root{color-scheme:light dark}body{margin:0;background:#f3f6f9;color:#17222d;"
    "font:17px/1.5 system-ui,'Segoe UI','Noto Sans','Noto Sans Arabic',sans-serif}"
    "main{max-width:34rem;margin:12vh auto 0;padding:0 1.2rem}h1{font-size:1.4rem;line-height:1.3}"
    "button{font:inherit;font-weight:600;color:#fff;background:#005c94;border:0;border-radius:6px;padding:.7rem 1.2rem;cursor:pointer}"
    "button:focus-visible{outline:3px solid #8fb4cc;outline-offset:2px}code{white-space:nowrap}"
    "@media(prefers-color-scheme:dark){body{background:#0c131a;color:#e6ecf1}button{background:#7cc0ee;color:#0c131a}}"
)


@dataclass(frozen=True, slots=True)
class _Whom:
    """Whose mail a link ends, in whose words; `elsewhere`: chat reaches them too."""

    community: Community
    person: PersonId
    reader: Reader
    elsewhere: bool


class Stopping:
    """The pages as routes."""

    def __init__(self, store: Store, addresses: Addresses) -> None:
        self._store = store
        self._addresses = addresses
        self._desk: Desk | None = None

    def answer(self, desk: Desk) -> None:
        """Do what is asked through `desk` from now on."""
        self._desk = desk

    def routes(self) -> Sequence[BaseRoute]:
        """What is mounted in the web application."""
        return (Route(f"{STOPPING}{{token}}", self._page, methods=["GET", "POST"]),)

    async def _page(self, request: HttpRequest) -> Response:
        desk = self._desk
        token = str(request.path_params["token"])
        whom = await desk.look(lambda reads: self._whom(reads, token)) if desk is not None else None
        if whom is None or desk is None:
            return _shown(Reader(), T("This link leads nowhere."), [T("It is cut short, or no longer used.")], 404)
        if request.method == "POST":
            now = datetime.now(UTC)
            origin = f"mail-stop:{whom.person}:{now.isoformat()}"
            asked = {"person": str(whom.person)}
            space = Space(MAIL, MAIL, f"@{whom.person}", private=True)
            await desk.ask(Request(whom.community.id, space, "mail stop", origin, now, arguments=asked, system=True))
            return _shown(whom.reader, T("{name} writes you no more mail.", name=whom.community.name), _after(whom))
        title = T("Shall {name} write you no more mail?", name=whom.community.name)
        return _shown(whom.reader, title, _before(whom), button=T("Write me no more"))

    def _whom(self, reads: Reads, token: str) -> _Whom | None:
        named = self._addresses.read_local(token)
        if named is None or named.purpose is not Purpose.UNSUBSCRIBE:
            return None
        among = [
            (each, person.id) for each in self._store.communities() for person in reads.all(Person, community=each)
        ]
        found = self._addresses.found(named, among)
        community = reads.get(Community, found[0]) if found is not None else None
        person = reads.get(Person, CommunityId(found[0]), found[1]) if found is not None else None
        if community is None or person is None:
            return None
        elsewhere = in_chat(reads, community, person.id, lives(reads, community))
        return _Whom(community, person.id, Reader(person.language or community.language), elsewhere)


def _before(whom: _Whom) -> list[Text]:
    if whom.elsewhere:
        return [T("What is for you is brought to you in chat from then on.")]
    return [
        T(
            "You have no account where this body meets in chat, so nothing would reach you any more: not what you are asked either."
        )
    ]


def _after(whom: _Whom) -> list[Text]:
    again = T(
        "To be written to again, reply to any earlier letter with {command} as its first line, or ask the {secretariat}.",
        command=Say("preferences set --mail yes"),
        secretariat=whom.community.titles.secretariat,
    )
    return [again, T("What you ask by mail is still answered.")]


def _shown(
    reader: Reader, title: Text, said: Sequence[Text], status: int = 200, button: Text | None = None
) -> Response:
    say = Reader(reader.language, answers=False).rich.say
    paragraphs = "".join(f"<p>{say(each)}</p>" for each in said)
    form = f'<form method="post"><button type="submit">{say(button)}</button></form>' if button is not None else ""
    page = (
        f'<!DOCTYPE html>\n<html lang="{escaped(reader.language)}" dir="{reader.direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{say(title)}</title><style>{STYLE}</style></head>'
        f"<body><main><h1>{say(title)}</h1>{paragraphs}{form}</main></body></html>\n"
    )
    return HTMLResponse(page, status, headers=HEADERS)
