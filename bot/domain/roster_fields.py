"""What each value of a roster may be: read as people write it, or refused with what to write instead.

One value at a time; what a file or a whole roster says together is judged in `bot.domain.roster_csv` and
`bot.domain.roster`. Every reader raises `Invalid` with its own name as the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.community import INTERGOVERNMENTAL, Community
from bot.domain.errors import Invalid
from bot.domain.hygiene import clean, one_line
from bot.domain.names import fold, nearest
from bot.domain.people import ASKED, Role
from bot.text import T, Text, UserText, joined, term

NAME_LONGEST: Final = 120
EMAIL_LONGEST: Final = 254
"""In characters (RFC 5321 §4.5.3.1.3, without the angle brackets)."""

_LOCAL_LONGEST: Final = 64
_LABEL_LONGEST: Final = 63
_MATRIX_LONGEST: Final = 255
_TERM_LONGEST: Final = 120
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class AccountName:
    """An account as a roster names it. `team`: the Slack workspace ("" until it is known), or the Matrix server."""

    platform: str
    team: str
    user: str

    def names(self, platform: str, team: str, user: str) -> bool:
        """Whether this is that account; without a team of its own it is the user's account in any."""
        return self.platform == platform and self.user == user and self.team in ("", team)

    def __str__(self) -> str:
        return f"{self.team}/{self.user}" if self.platform == "slack" and self.team else self.user


def _cleaned(text: str, field: str, limit: int, what: Text) -> str:
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return " ".join(text.split())
    return " ".join(clean(text, limit=limit, field=field, what=what).split())


def shown(typed: str) -> UserText:
    """What was typed, short enough to be said back."""
    return UserText(one_line(typed, _SHOWN))


def _listed(names: Iterable[str]) -> Text:
    return joined([term(str(each)) for each in names], " · ")


# --- name and e-mail address ---------------------------------------------------------------------------------------

_FORMULA: Final = re.compile(r"'?[=+@\-\uff1d\uff0b\uff20\uff0d\u2212]")
# letters, digits and marks of every script, for internationalized addresses (RFC 6531) as well
_LOCAL: Final = re.compile(r"\w[\w!#$%&'*+/=?^`{|}~-]*(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL: Final = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")


def read_name(text: str) -> str:
    """A person's name: up to 120 characters, at least one letter, no formula, no address."""
    name = _cleaned(text, "name", NAME_LONGEST, T("the name"))
    if not name:
        raise Invalid(T("The name is missing."), T("Give the name as the person is called."), field="name")
    if _FORMULA.match(name):
        raise Invalid(
            T("The name {typed} begins like a spreadsheet formula.", typed=shown(name)),
            T("Write the name without “{sign}” before it.", sign=UserText(name[:2].strip("'")[:1])),
            field="name",
        )
    if "@" in name:
        raise Invalid(
            T("The name {typed} looks like an e-mail address or an account.", typed=shown(name)),
            T("Give the person's name; check that the columns are in the order the first line says."),
            field="name",
        )
    if not any(letter.isalpha() for letter in name) or not fold(name):
        raise Invalid(
            T("The name {typed} has no letter in it.", typed=shown(name)),
            T("Give the name as the person is called."),
            field="name",
        )
    return name


def read_email(text: str) -> str:
    """An e-mail address in lower case: it tells people apart."""
    address = _cleaned(text, "email", EMAIL_LONGEST, T("the e-mail address")).lower()
    if not address:
        raise Invalid(
            T("The e-mail address is missing; it tells people apart."),
            T("Give one for each person: name@example.org."),
            field="email",
        )
    local, at, domain = address.rpartition("@")
    labels = domain.split(".")
    if (
        not at
        or len(local) > _LOCAL_LONGEST
        or not _LOCAL.fullmatch(local)
        or len(labels) < 2  # noqa: PLR2004 - a name and its top-level domain
        or not all(len(label) <= _LABEL_LONGEST and _LABEL.fullmatch(label) for label in labels)
    ):
        raise Invalid(
            T("{typed} is not an e-mail address.", typed=shown(text)),
            T("Give one address and nothing else, such as name@example.org."),
            field="email",
        )
    return address


# --- role and groups -----------------------------------------------------------------------------------------------

_ROLES: Final[Mapping[str, Role]] = {
    "magchair": Role.CHAIR,
    "chairperson": Role.CHAIR,
    "magmember": Role.MEMBER,
    "members": Role.MEMBER,
    "hostcountry": Role.HOST_CO_CHAIR,
    "hostcochair": Role.HOST_CO_CHAIR,
    "hostcountrycochairperson": Role.HOST_CO_CHAIR,
    "incominghost": Role.INCOMING_HOST,
    "pasthost": Role.PAST_HOST,
    "pasthostcountryrepresentative": Role.PAST_HOST,
    "observers": Role.OBSERVER,
    "secretary": Role.SECRETARIAT,
    "igfsecretariat": Role.SECRETARIAT,
}
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Government": ("governments", "governmental", "gov", "govt"),
    "Private Sector": ("private", "business", "businesscommunity", "industry", "ps"),
    "Civil Society": ("civil", "cs", "ngo", "ngos"),
    "Technical Community": ("technical", "tech", "techcommunity", "tc"),
}
_INTERGOVERNMENTAL: Final = frozenset(
    fold(name)
    for name in (
        INTERGOVERNMENTAL,
        "Intergovernmental Organization",
        "Intergovernmental Organisation",
        "Intergovernmental Organisations",
        "International Organization",
        "International Organizations",
        "Intergovernmental",
        "IGO",
        "IGOs",
    )
)
_REGIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "African Group": ("africa", "african", "africangroupofstates"),
    "Asia-Pacific Group": ("asiapacific", "asia", "asiaandpacific", "asiaandthepacific", "apg"),
    "Eastern European Group": ("easterneurope", "easterneuropean", "eeg"),
    "GRULAC": ("latinamericaandthecaribbean", "latinamericaandcaribbean", "latinamericanandcaribbeangroup", "lac"),
    "WEOG": ("westerneuropeanandothersgroup", "westerneuropeanandothers", "westerneuropeandothers", "weo"),
}


def role_called(text: str, community: Community) -> Role | None:
    """The role of that name, spelled in any way, in the community's own titles too."""
    wanted = fold(text)
    titles = community.titles
    own = {
        fold(titles.chair): Role.CHAIR,
        fold(titles.member): Role.MEMBER,
        fold(titles.secretariat): Role.SECRETARIAT,
    }
    return {**_ROLES, **own, **{fold(role): role for role in Role}}.get(wanted)


def group_called(text: str, community: Community) -> str:
    """The stakeholder group of that name, spelled in any way, or as is usual for short; "" when there is none."""
    own = _called(text, community.stakeholder_groups, _GROUPS)
    return own or (INTERGOVERNMENTAL if fold(text) in _INTERGOVERNMENTAL else "")


def region_called(text: str, community: Community) -> str:
    """The regional group of that name, spelled in any way, or as is usual for short; "" when there is none."""
    return _called(text, community.regional_groups, _REGIONS)


def _called(text: str, names: tuple[str, ...], usual: Mapping[str, tuple[str, ...]]) -> str:
    wanted = fold(text)
    if not wanted:
        return ""
    for name in names:
        if fold(name) == wanted:
            return name
    return next((name for name in names if wanted in usual.get(name, ())), "")


def read_role(text: str, community: Community, *, near: bool = True) -> Role:
    """What the seat is. `near`: whether a refusal looks for what may have been meant (here and below)."""
    typed = _cleaned(text, "role", _TERM_LONGEST, T("the role"))
    if not typed:
        raise Invalid(T("The role is missing."), T("One of: {roles}.", roles=_listed(Role)), field="role")
    role = role_called(typed, community)
    if role is None:
        instead = _instead(typed if near else "", tuple(Role))
        raise Invalid(T("There is no role {typed}.", typed=shown(typed)), instead, field="role")
    return role


def read_stakeholder_group(text: str, community: Community, role: Role | None, *, near: bool = True) -> str:
    """The seat's stakeholder group. Members and the Chair have one of the community's; None: the role is not known."""
    field, groups = "stakeholder_group", community.stakeholder_groups
    typed = _cleaned(text, field, _TERM_LONGEST, T("the stakeholder group"))
    if not typed:
        if role in ASKED and groups:
            raise Invalid(
                T("The stakeholder group is missing; members and the Chair have one."),
                T("One of: {groups}.", groups=_listed(groups)),
                field=field,
            )
        return ""
    group = group_called(typed, community)
    if not group:
        known = groups if role in ASKED else (*groups, INTERGOVERNMENTAL)
        instead = _instead(typed if near else "", known)
        raise Invalid(T("There is no stakeholder group {typed}.", typed=shown(typed)), instead, field=field)
    if group not in groups and role not in (Role.OBSERVER, None):
        raise Invalid(
            T("{group} is for observers; this seat is not one.", group=T(group)),
            _instead("", groups) if role in ASKED else T("Make it an observer, or leave the group blank."),
            field=field,
        )
    return group


def read_regional_group(text: str, community: Community, *, near: bool = True) -> str:
    """The seat's regional group, which may be blank."""
    field, regions = "regional_group", community.regional_groups
    typed = _cleaned(text, field, _TERM_LONGEST, T("the regional group"))
    region = region_called(typed, community)
    if typed and not region:
        raise Invalid(
            T("There is no regional group {typed}.", typed=shown(typed)),
            joined([_instead(typed if near else "", regions), T("It may be left blank.")])
            if regions
            else T("Leave it blank; this community has none."),
            field=field,
        )
    return region


def _instead(typed: str, names: tuple[str, ...]) -> Text:
    near = nearest(typed, names)
    if near:
        return T("Did you mean {names}?", names=_listed(near))
    return T("One of: {names}.", names=_listed(names))


# --- accounts ------------------------------------------------------------------------------------------------------

_SLACK: Final = re.compile(r"(?:([TE][A-Z0-9]{1,40})/)?([UW][A-Z0-9]{1,40})")
_MATRIX: Final = re.compile(r"@[!-9;-~]+:((?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?)")


def read_slack_id(text: str) -> AccountName | None:
    """A Slack member ID (`U…` or `W…`), with the workspace before it where one wants to (`T…/U…`); None when blank."""
    typed = _cleaned(text, "slack_id", _TERM_LONGEST, T("the Slack ID"))
    if not typed:
        return None
    found = _SLACK.fullmatch(typed)
    if found is None:
        raise Invalid(
            T("{typed} is not a Slack member ID.", typed=shown(typed)),
            T(
                "It begins with U or W, in capitals: U024BE7LH. In Slack it is under Profile, ⋮, Copy member ID; it is "
                "not the name. It may be left blank."
            ),
            field="slack_id",
        )
    return AccountName("slack", found[1] or "", found[2])


def read_matrix_id(text: str) -> AccountName | None:
    """A Matrix user ID (`@user:server`), whole; its server is the team. None when blank."""
    typed = _cleaned(text, "matrix_id", _MATRIX_LONGEST, T("the Matrix ID"))
    if not typed:
        return None
    found = _MATRIX.fullmatch(typed)
    if found is None:
        raise Invalid(
            T("{typed} is not a Matrix user ID.", typed=shown(typed)),
            T("It reads @user:server, such as @nia:example.org. It may be left blank."),
            field="matrix_id",
        )
    return AccountName("matrix", found[1], typed)
