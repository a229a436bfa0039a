"""`wgbot community`: founding a real community, and listing those there are."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import date, timedelta
from email.utils import parseaddr

from adapters.cli.house import House, open_house
from adapters.cli.opened import also_behind, database_options
from adapters.shared.words import Words
from bot.commands.link import new_code
from bot.domain.community import Community, Titles
from bot.domain.cycles import current_cycle
from bot.domain.days import parse_day
from bot.domain.errors import Refusal
from bot.domain.ids import CommunityId
from bot.domain.languages import read_language
from bot.domain.people import Person, Role, seated
from bot.domain.presets import PRESETS, titles
from bot.engine import utc_now
from bot.founding import Foundation, Founder, found, hand_out_code, open_terminal
from bot.ports import UnitOfWork

ID = re.compile(r"[a-z][a-z0-9-]{1,30}")


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot community`."""
    database_options(parser)
    acts = parser.add_subparsers(dest="act", required=True)
    create = acts.add_parser("create", aliases=["add"], help="found a community")
    create.add_argument("id", help="a short id, such as mag or dc-iot: lower case letters, digits and hyphens")
    kinds = "; ".join(f"{each.name}: {each.meaning}" for each in PRESETS.values())
    create.add_argument("--preset", choices=tuple(PRESETS), default="mag", help=f"what it begins with. {kinds}")
    create.add_argument("--name", required=True, help="the body's name")
    create.add_argument("--chair", required=True, help='the first Chair: "Name <address>"')
    create.add_argument("--chair-group", required=True, help="the Chair's stakeholder group")
    create.add_argument("--secretariat", required=True, action="append", help='"Name <address>"; may be given again')
    create.add_argument("--cycle", required=True, help="the current cycle's name, such as “IGF 2027”")
    create.add_argument("--first-day", required=True, help="its first day, such as 2026-12-01")
    create.add_argument("--last-day", help="its last day (default: a year later)")
    create.add_argument("--zone", default="UTC", help="IANA time zone, such as Europe/Zurich")
    create.add_argument("--language", default="en", help="the language of its channels")
    create.add_argument("--groups", help="stakeholder groups, by commas (default: the preset's)")
    create.add_argument("--regions", help="regional groups, by commas; none: '' (default: the preset's)")
    create.add_argument("--body", help="what the body is called for short (default: the preset's)")
    create.add_argument("--chair-title", help="what its Chair is called (with --body: BODY Chair)")
    create.add_argument("--member-title", help="what its members are called (with --body: BODY member)")
    create.add_argument(
        "--facilitator-title", help="what its co-facilitators are called (with --body: BODY co-facilitator)"
    )
    acts.add_parser("list", help="list the communities")
    also_behind(acts.choices.values())


def run(chosen: argparse.Namespace) -> int:
    """Found or list; 1 with a sentence when it cannot be done."""
    try:
        with open_house(chosen.data, chosen.database) as house:
            return _list(house) if chosen.act == "list" else _create(house, chosen)
    except Refusal as refusal:
        words = Words()
        print(words.say(refusal.what), words.say(refusal.next_step) if refusal.next_step else "", file=sys.stderr)
        return 1


def _create(house: House, chosen: argparse.Namespace) -> int:
    if ID.fullmatch(chosen.id) is None:
        print(
            f"{chosen.id!r} cannot be an id: lower case letters, digits and hyphens, such as dc-iot.", file=sys.stderr
        )
        return 1
    plan = _plan(chosen)
    codes: dict[str, str] = {}

    def create(work: UnitOfWork) -> None:
        now = utc_now()
        community = found(work, plan, now)
        open_terminal(work, community, now, f"#{plan.id}")
        for founder in plan.founders:
            (person,) = work.all(Person, community=plan.id, email=founder.email.lower())
            codes[founder.name] = new_code()
            hand_out_code(work, community, person.id, codes[founder.name], now)

    house.writer.call(create, [plan.id]).result()
    print(f"{plan.name} is founded as {plan.id}. Hand these one-time codes to them in private; each works once:")
    for name, code in codes.items():
        print(f"  {name}: /wg link {code}")
    print(f"Talk to it here: wgbot terminal --community {plan.id}")
    return 0


def _plan(chosen: argparse.Namespace) -> Foundation:
    preset = PRESETS[chosen.preset]
    first = parse_day(chosen.first_day)
    groups = _listed(chosen.groups) or preset.stakeholder_groups
    if chosen.chair_group not in groups:
        raise SystemExit(f"{chosen.chair_group!r} is none of the stakeholder groups: {', '.join(groups)}.")
    return Foundation(
        CommunityId(chosen.id),
        chosen.name,
        (
            _founder(chosen.chair, Role.CHAIR, chosen.chair_group),
            *(_founder(each, Role.SECRETARIAT, "") for each in chosen.secretariat),
        ),
        chosen.cycle,
        first,
        parse_day(chosen.last_day) if chosen.last_day else _year_after(first),
        zone=chosen.zone,
        language=read_language(chosen.language, "language"),
        titles=_titles(chosen, preset.titles),
        stakeholder_groups=groups,
        regional_groups=preset.regional_groups if chosen.regions is None else _listed(chosen.regions),
        settings=preset.settings,
    )


def _titles(chosen: argparse.Namespace, otherwise: Titles) -> Titles:
    """What things are called: as was said, else by the body's own short name, else as in the preset."""
    called = titles(chosen.body) if chosen.body else otherwise
    return Titles(
        called.body,
        chosen.chair_title or called.chair,
        chosen.member_title or called.member,
        called.secretariat,
        chosen.facilitator_title or called.co_facilitator,
    )


def _founder(typed: str, role: Role, group: str) -> Founder:
    name, address = parseaddr(typed)
    if not name or "@" not in address:
        raise SystemExit(f'{typed!r} needs a name and an address: "Amina A. <amina@example.org>".')
    return Founder(name, address, role, group)


def _listed(typed: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (typed or "").split(",") if part.strip())


def _year_after(first: date) -> date:
    return first + timedelta(days=364)


def _list(house: House) -> int:
    with house.store.reading() as reads:
        for community_id in house.store.communities():
            community = reads.get(Community, community_id)
            if community is not None:
                cycle = current_cycle(reads, community)
                seats = len(seated(reads, community))
                note = " (sample)" if community.sample else ""
                print(f"{community.id}: {community.name}{note}, {cycle.name if cycle else 'no cycle'}, {seats} seated")
    return 0
