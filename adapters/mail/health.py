"""What `wgbot doctor` looks at in mail: the settings, whether the server takes it from us, and whom nothing reaches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from adapters.mail.settings import MailSettings
from adapters.mail.smtp import Server
from adapters.shared.config import Installation
from adapters.shared.health import Check, Finding, attention, broken, communities, ok
from adapters.shared.sending import SendError, Shut
from bot.bouncing import all_failing, person_at
from bot.domain.groups import Group
from bot.domain.ids import MAG as EVERYBODY
from bot.domain.lists import list_of
from bot.domain.people import MAIL, Person, seated
from bot.letters import in_chat, list_lane, lives, reads_mail
from bot.ports import Store
from bot.text import Moment, Say, T, Tn, joined, term

MOST_LANES: Final = 10_000


def checks(settings: Installation, store: Store) -> Iterable[Check]:
    """What there is to look at; of mail that is not connected, only whether somebody waits for it."""
    mail = MailSettings.of(settings)
    if mail.problem() is not None or mail.connected:
        yield Setting(mail)
    if mail.problem() is None and mail.connected:
        yield Sending(mail)
        yield Answers(mail)
    yield Reached(mail, store)
    yield Lists(mail, store)


@dataclass(frozen=True)
class Setting:
    """Whether what is set is enough."""

    mail: MailSettings
    name = "Mail: settings"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        problem, see = self.mail.problem(), T("See docs/how-to/set-up-mail.md.")
        if problem is not None:
            yield broken(term(problem), see)
            return
        yield ok(
            T(
                "Mail goes out as {sender}; answers come back to {domain}.",
                sender=self.mail.sender,
                domain=self.mail.domain,
            )
        )
        if self.mail.tls == "none" and self.mail.user:
            yield attention(
                T("The password is sent to the server in the clear."), T("Set WGBOT_MAIL_TLS to starttls or tls.")
            )
        if not self.mail.public_url:
            yield attention(
                T("Letters have no link that ends them: some mail providers want one."),
                T("Set WGBOT_PUBLIC_URL, if this installation can be reached from outside."),
            )


@dataclass(frozen=True)
class Sending:
    """Whether the server is there, and takes mail from us."""

    mail: MailSettings
    name = "Mail: server"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        where = f"{self.mail.host}:{self.mail.port}"
        try:
            asyncio.run(self._reach())
        except Shut:
            yield broken(
                T("{server} does not let wgbot in.", server=where),
                T("Set WGBOT_MAIL_USER and WGBOT_MAIL_PASSWORD anew. What is to be sent waits until then."),
            )
        except SendError:
            yield broken(
                T("{server} cannot be reached, or not by {tls}.", server=where, tls=self.mail.tls),
                T("Compare WGBOT_MAIL_HOST, WGBOT_MAIL_PORT and WGBOT_MAIL_TLS with what its provider says."),
            )
        else:
            yield ok(T("{server} is there, and lets wgbot in.", server=where))

    async def _reach(self) -> None:
        server = Server(self.mail)
        try:
            await server.reached()
        finally:
            await server.close()


@dataclass(frozen=True)
class Answers:
    """Whether answers can come in, and who is believed."""

    mail: MailSettings
    name = "Mail: answers"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        see = T("See docs/how-to/set-up-mail.md.")
        if not self.mail.listen:
            yield attention(T("Nothing listens for answers: whoever replies to a letter is not heard."), see)
            return
        yield ok(T("Answers come in at {address}.", address=self.mail.listen))
        if not self.mail.trusted:
            yield attention(
                T("No mail server is trusted to say which senders are forged: WGBOT_MAIL_TRUSTED is not set."), see
            )


@dataclass(frozen=True)
class Reached:
    """Whether a community that writes mail can, and whether everybody seated is reached by something."""

    mail: MailSettings
    store: Store
    name = "Mail: people"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        found = False
        for reads, community in communities(self.store):
            if not community.settings.mail:
                continue
            found = True
            if not self.mail.connected:
                yield broken(
                    T("{name} is to write mail, and no mail server is set.", name=community.name),
                    T("See docs/how-to/set-up-mail.md; or {command}.", command=Say("settings set mail no")),
                )
            where = lives(reads, community)
            seats = [seat.person for seat in seated(reads, community)]
            letters = sum(reads_mail(reads, community, person, where) for person in seats)
            people = [person for person in seats if not in_chat(reads, community, person, where)]
            missed = [person for person in people if not reads_mail(reads, community, person, where)]
            yield ok(
                Tn(
                    "{name}: {count} person of those seated is written to by mail.",
                    "{name}: {count} people of those seated are written to by mail.",
                    letters,
                    name=community.name,
                )
            )
            failing = [each for each in all_failing(reads, community.id) if person_at(each.place) is not None]
            if failing:
                yield attention(
                    Tn(
                        "{name}: mail to {count} person comes back.",
                        "{name}: mail to {count} people comes back.",
                        len(failing),
                        name=community.name,
                    ),
                    T("The Secretariat sees whose: {command}.", command=Say("todo")),
                )
            if missed:
                names = [
                    term(one.name) for person in missed if (one := reads.get(Person, community.id, person)) is not None
                ]
                yield attention(
                    T("Nothing reaches, in {name}: {people}.", name=community.name, people=joined(names, ", ")),
                    T("They have no account where the body meets, and no address on the roster, or turned mail off."),
                )
        if not found:
            yield ok(T("No community writes mail."))


@dataclass(frozen=True)
class Lists:
    """When something last arrived at each mailing list. What arrived is known for a week."""

    mail: MailSettings
    store: Store
    name = "Mail: lists"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        found = False
        with self.store.backlog() as backlog:
            arrived = {(each, lane): when for each, lane, when in backlog.last_arrived(MAIL, MOST_LANES)}
        for reads, community in communities(self.store):
            bodies = (EVERYBODY, *(group.id for group in reads.all(Group, community=community.id)))
            for one in filter(None, (list_of(reads, community.id, body) for body in bodies)):
                found = True
                lane = list_lane(reads, community, one.body)
                if lane is None:
                    yield attention(
                        T("{list} is linked, and nothing is written to it.", list=one.address),
                        T("Let the community write mail: {command}.", command=Say("settings set mail yes")),
                    )
                elif (community.id, lane) in arrived:
                    when = Moment(arrived[community.id, lane], "UTC")
                    yield ok(T("{list} got a letter last {when}.", list=one.address, when=when))
                else:
                    yield ok(T("{list} got no letter for a week.", list=one.address))
        if not found:
            yield ok(T("No list is linked."))
