"""Files that a person names in a command: read here, because only the terminal sees the person's disk."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.command import COMMANDS
from bot.domain.errors import Invalid, NotFound
from bot.domain.hygiene import one_line
from bot.domain.names import nearest
from bot.text import T, UserText

LARGEST: Final = 4_000_000
"""Bytes of a file; every argument has a limit of its own besides."""


def with_files(command: str, arguments: dict[str, str]) -> dict[str, str]:
    """The arguments, with texts for the files they name. What has several lines is a text already.

    Raises a `Refusal` that says what is wrong with a file.
    """
    declared = COMMANDS.get(command)
    if declared is None:
        return arguments
    named = {each.name for each in declared.fields if each.ask.file}
    return {
        name: text_of(value, name) if name in named and value.strip() and "\n" not in value else value
        for name, value in arguments.items()
    }


def text_of(typed: str, field: str) -> str:
    """The text of a file: UTF-8, with a byte order mark or without. Raises `NotFound` or `Invalid`."""
    name = typed.strip().strip("\"'")
    shown = UserText(one_line(name))
    try:
        path = Path(name).expanduser()
        if path.is_dir():
            raise Invalid(T("{name} is a folder.", name=shown), T("Name a file in it."), field=field)
        if path.stat().st_size > LARGEST:
            raise Invalid(
                T("{name} is larger than {limit} megabytes.", name=shown, limit=LARGEST // 1_000_000),
                T("Send a smaller one, or its text in parts."),
                field=field,
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise _missing(Path(name).expanduser(), shown, field) from None
    except (OSError, ValueError, RuntimeError):  # not readable; no path at all; no such home
        raise Invalid(
            T("{name} cannot be read.", name=shown),
            T("Check its name and that you may read it."),
            field=field,
        ) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            T("{name} is not UTF-8 text: byte {position} cannot be read.", name=shown, position=error.start + 1),
            T("Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and try again."),
            field=field,
        ) from None


def _missing(path: Path, shown: UserText, field: str) -> NotFound:
    what = T("There is no file {name} here.", name=shown)
    try:
        beside = [each.name for each in path.parent.iterdir()]
    except OSError:
        beside = []
    near = nearest(path.name, beside, limit=1)
    if near:
        return NotFound(what, T("Did you mean {name}?", name=UserText(str(path.with_name(near[0])))), field=field)
    return NotFound(
        what, T("Give its path as seen from where wgbot was started, or paste the text in quotes."), field=field
    )
