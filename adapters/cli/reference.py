"""The generated part of the documentation: every command, who may give it, every setting, every event, and what is exported;
and the settings of an image, explained, for `docker/.env`.

`python -m adapters.cli.reference` writes it; `--check` fails when what is written is not what the declarations say.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, NewType, get_args, get_origin, get_type_hints

from adapters.shared.config import Installation, secrets
from adapters.shared.environment import BY_FILE, variable
from adapters.shared.words import Words
from adapters.web.api import openapi
from bot.command import COMMANDS, Command
from bot.commands.community import MEANINGS
from bot.domain.community import Settings
from bot.domain.events import EVENTS
from bot.domain.records import SHAPES
from bot.families import FAMILIES
from storage.transfer.lines import FORMAT, LINES, tables

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
SET_IN_THE_IMAGE = ("data", "http_host", "http_port")
"""What `docker/Dockerfile` sets. `docker/compose.yaml` names the file of the database's address."""
MADE = "<!-- Made by `make docs` from the declarations in `bot/`; change those, not this. -->\n"
WORDS = Words(code="`{}`".format)


def commands_page() -> str:
    """Every command people can give, by family."""
    shown = [each for each in COMMANDS.values() if not each.hidden]
    parts = [
        MADE,
        "# Commands\n\nThey begin with `/wg`; a missing argument is asked for.\n",
    ]
    for family in FAMILIES:
        members = [each for each in shown if each.family == family]
        if not members:
            continue
        summary = FAMILIES[family].summary
        meaning = f": {WORDS.say(summary)}" if summary is not None else ""
        parts.append(f"## {family}{meaning}\n")
        parts += [_command(each) for each in members]
    return "\n".join(parts)


def _command(declared: Command) -> str:
    lines = [f"### `{declared.usage}`\n", f"{WORDS.say(declared.summary)}. For {WORDS.say(declared.who.text)}."]
    if declared.prepares:
        lines[-1] += " The Secretariat may prepare it; it takes effect when the Chair confirms."
    if declared.fields:
        lines += ["", "| argument | asked as | hint | needed |", "| --- | --- | --- | --- |"]
    for each in declared.fields:
        hint = WORDS.say(each.ask.hint) if each.ask.hint else ""
        name = each.name.replace("_", "-")
        shown = f"`--{name}`" if each.ask.option or each.flag else f"`{name}`"
        needed = "yes" if each.required else "no"
        lines.append(f"| {shown} | {_cell(WORDS.say(each.ask.question))} | {_cell(hint)} | {needed} |")
    if declared.examples:
        lines += ["", "```", *(f"/wg {example}".rstrip() for example in declared.examples), "```"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def authorization_page() -> str:
    """Who may give which command: the table a reviewer reads."""
    lines = [
        MADE,
        "# Who may do what\n",
        "Each command's rule, as it is enforced. Rules that depend on a group or a check are tested against that one.",
        "Gates of *time and state* come after these, and are listed in [the gates](../explanation/gates.md).",
        "Every example of every command is given by everybody one can be, in each state of a group, and compared with this table:",
        "`tests/bot/test_authorization.py`. [What came of it](authorization-by-state.md) is a table by state.\n",
        "| command | who | reads only | prepared by the Secretariat |",
        "| --- | --- | --- | --- |",
    ]
    for each in sorted(COMMANDS.values(), key=lambda declared: declared.name):
        reads, prepares = ("yes" if each.reads else ""), ("yes" if each.prepares else "")
        lines.append(f"| `{each.name}` | {each.who.key} | {reads} | {prepares} |")
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """What a community may choose."""
    lines = [
        MADE,
        "# Settings of a community\n",
        "Shown by `/wg settings`, changed by `/wg settings set NAME VALUE` (the Chair or the Secretariat).\n",
        "| setting | default | meaning |",
        "| --- | --- | --- |",
    ]
    for each in fields(Settings):
        default = (
            each.default if each.default not in ((), True, False) else {(): "—", True: "yes", False: "no"}[each.default]
        )
        lines.append(f"| `{each.name}` | {default} | {WORDS.say(MEANINGS[each.name])} |")
    return "\n".join(lines) + "\n"


def events_page() -> str:
    """Everything that can happen, as the audit log names it."""
    lines = [
        MADE,
        "# Events\n",
        "What the audit log holds. *Private* fields (names, addresses, free text, secret choices) are in the hash chain",
        "only as salted commitments; value and salt lie beside it and can be erased.\n",
        "| event | fields | private | what happened |",
        "| --- | --- | --- | --- |",
    ]
    for name, kind in sorted(EVENTS.items()):
        names = ", ".join(f"`{each.name}`" for each in fields(kind.cls))
        private = ", ".join(f"`{each}`" for each in kind.private)
        meaning = " ".join((kind.cls.__doc__ or "").split())
        lines.append(f"| `{name}` | {names} | {private} | {meaning} |")
    return "\n".join(lines) + "\n"


def export_page() -> str:
    """What is in the file that `wgbot export` writes."""
    lines = [
        MADE,
        "# The export file\n",
        "`wgbot export` writes a community as JSON Lines: UTF-8, one JSON object a line, in the order of this table. `line`",
        f"says which kind a line is. This is format {FORMAT}; an importing wgbot needs the same format and the same `revision`",
        "of the tables. The same state gives the same bytes, whichever database it is in.\n",
        "| `line` | fields | what it holds |",
        "| --- | --- | --- |",
    ]
    for each in LINES:
        names = ", ".join(f"`{name}`" for name in each.__struct_fields__)
        lines.append(f"| `{each.__struct_config__.tag}` | {names} | {' '.join((each.__doc__ or '').split())} |")
    lines += [
        "",
        "A field that is not there has its default: nothing, 0 or an empty text. Instants are ISO 8601 in UTC, days",
        "`2027-01-31`; the words of a closed choice are as below. The `name` and `body` of an entry are those of",
        "[the events](events.md); each `hash` follows from the one before it, so a line that was changed, left out or",
        "added is found on import. The last line counts the others, so a file that was cut off is found too.\n",
        "## Records\n",
        "`of` names one of these. *Beside the log*: it does not follow from the events.\n",
        "| record | found by | fields | |",
        "| --- | --- | --- | --- |",
    ]
    for name, kind in tables().items():
        hints = get_type_hints(kind)
        held = ", ".join(f"`{each.name}` {_cell(_type(hints[each.name]))}" for each in fields(kind))
        shape = SHAPES[kind]
        beside = "" if shape.logged else "beside the log"
        lines.append(f"| `{name}` | {', '.join(f'`{each}`' for each in shape.key)} | {held} | {beside} |")
    return "\n".join(lines) + "\n"


def api_page() -> str:
    """What programs may ask the public record for."""
    described = json.loads(openapi())
    lines = [
        MADE,
        "# The record for programs\n",
        f"{described['info']['description']}\n",
        "The same files are [exported and served](../how-to/publish-the-record.md), below `api/v1/`. `openapi.json` there describes them (OpenAPI",
        "3.1) for programs; served, they have an `ETag`, a part of a list has a `Link` to those beside it, and an error is",
        "`application/problem+json`; scripts of any website may read them (CORS).\n",
        "| address | what it is | of the kind |",
        "| --- | --- | --- |",
    ]
    for path, item in described["paths"].items():
        schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        lines.append(f"| `{path[1:]}` | {item['get']['summary']} | {_kind(schema)} |")
    for name, schema in sorted(described["components"]["schemas"].items()):
        lines += [f"\n## {name}\n", f"{schema['description']}\n", "| field | |", "| --- | --- |"]
        lines += [f"| `{field}` | {_kind(of)} |" for field, of in sorted(schema["properties"].items())]
    return "\n".join(lines) + "\n"


def _kind(schema: dict[str, Any]) -> str:
    """A schema in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if "const" in schema:
        return f"*{schema['const']}*"
    if schema["type"] == "array":
        inner = schema.get("prefixItems") or [schema["items"]]
        return f"list of {_kind(inner[0])}" if "items" in schema else f"[{', '.join(map(_kind, inner))}]"
    if schema["type"] == "object":
        return f"object of {_kind(schema['additionalProperties'])}"
    return {"date-time": "time (UTC)", "date": "day"}.get(schema.get("format", ""), _PLAIN[schema["type"]])


_PLAIN = {"string": "text", "integer": "number", "boolean": "true or false", "null": "null"}

TYPES: dict[Any, str] = {str: "text", int: "number", bool: "true or false", datetime: "instant", date: "day"}


def _type(hint: Any) -> str:
    """A field's type, as a reader of the file needs to know it."""
    if isinstance(hint, NewType):
        return _type(hint.__supertype__)
    if hint in TYPES:
        return TYPES[hint]
    arguments = get_args(hint)
    if NoneType in arguments:
        return f"{_type(next(each for each in arguments if each is not NoneType))} or null"
    if get_origin(hint) is tuple:
        inner = [_type(each) for each in arguments if each is not Ellipsis]
        return f"list of {inner[0]}" if Ellipsis in arguments else f"[{', '.join(inner)}]"
    if get_origin(hint) is dict:
        return f"object of {_type(arguments[1])}"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " · ".join(f"*{each.value}*" for each in hint)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return f"{{{', '.join(f'{each.name}: {_type(hints[each.name])}' for each in fields(hint))}}}"
    return "any"


def environment_page() -> str:
    """Every setting of an installation, to be copied to `docker/.env` and chosen from."""
    hidden = secrets()
    lines = [
        "# Made by `make docs` from adapters/shared/config.py. Copy it to docker/.env, and take the # from what you choose.",
        "# What is secret lies in docker/secrets/, one file each, which is /run/secrets/ in the container.",
        "",
        "# Where wgbot's port is on this machine: for a proxy that ends TLS.",
        "#PUBLISH=127.0.0.1:3000",
        "# The name of the homeserver that the profile matrix starts, which is in the ids of its users.",
        "#SYNAPSE_SERVER_NAME=localhost",
    ]
    for name, field in Installation.model_fields.items():
        lines += ["", f"# {field.description}"]
        if name in SET_IN_THE_IMAGE:
            lines.append("# The image sets it: leave it.")
        if name in hidden:
            lines.append(f"#{variable(name)}{BY_FILE}=/run/secrets/{name}")
        else:
            lines.append(f"#{variable(name)}={(field.examples or [''])[0]}")
    return "\n".join(lines) + "\n"


PAGES = {
    "commands.md": commands_page,
    "authorization.md": authorization_page,
    "settings.md": settings_page,
    "events.md": events_page,
    "export.md": export_page,
    "api.md": api_page,
    "docker/.env.example": environment_page,
}


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or with `--check` compare them; 1 when they differ."""
    parser = argparse.ArgumentParser(prog="reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    chosen = parser.parse_args(arguments)
    stale = []
    for name, page in PAGES.items():
        path, text = (ROOT / name if "/" in name else FOLDER / name), page()
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if not chosen.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if chosen.check and stale:
        print(f"out of date: {', '.join(stale)}; run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
