"""What the environment says of a setting, as it stands there: `adapters.shared.config` says which there are, and checks them.

A secret may lie in a file instead, which `…_FILE` names: what is in the environment of a process is seen by whoever may look
at the process. What is here imports little, for programs that run for a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.domain.languages import LANGUAGES, spoken

PREFIX: Final = "WGBOT_"
BY_FILE: Final = "_FILE"
"""Behind the variable of a secret: the file it is in."""

MOST_BYTES: Final = 65_536
"""What a file with a secret has at most: a wrong path may lead to anything."""

DATA: Final = Path("var")
"""The folder for everything kept, where none is chosen."""


class SettingsError(Exception):
    """A variable has a value that cannot be used; the message says which, why, and what can."""


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def said(name: str, environment: Mapping[str, str], *, secret: bool = False) -> str:
    """What an environment says of a setting; "" for nothing. A `secret` may lie in a file. Raises `SettingsError`."""
    found = environment.get(variable(name), "").strip()
    named = variable(name) + BY_FILE
    path = environment.get(named, "").strip() if secret else ""
    if not path:
        return found
    if found:
        raise SettingsError(f"{variable(name)} and {named} are both set; unset one of them.")
    return _read(named, Path(path))


def languages_of(listed: str) -> tuple[str, ...]:
    """The languages of a list with commas. Raises `SettingsError` for one that wgbot does not speak."""
    found = tuple(each.strip() for each in listed.split(",") if each.strip())
    wrong = [each for each in found if not spoken(each)]
    if wrong:
        there = ", ".join(LANGUAGES)
        raise SettingsError(f"wgbot does not speak {wrong[0]!r}: write those it does, {there}, with commas between.")
    return tuple(map(spoken, found))


def is_address(text: str) -> bool:
    """Whether a text is a whole web address."""
    return text.startswith(("https://", "http://"))


def url_of(typed: str) -> str:
    """A web address, or none ("") as it was typed. Raises `SettingsError` for what is none."""
    if typed and not is_address(typed):
        raise SettingsError(f"{typed!r} is no web address: write it whole, such as https://www.example.org/groups.")
    return typed


def _read(named: str, path: Path) -> str:
    """What a file says, without the white space around it. An empty one is a mistake: a secret was meant."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise SettingsError(f"{named} cannot be used: {path} is too large for a secret.")
        secret = content.decode().strip()
    except OSError as error:
        raise SettingsError(f"{named} cannot be used: {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{named} cannot be used: {path} is not text.") from None
    if not secret:
        raise SettingsError(f"{named} cannot be used: {path} is empty.")
    return secret
