"""The sentences that people translate: found in the code, and written to the catalog of every language.

`python -m adapters.cli.messages` brings `adapters/shared/locale/LANGUAGE/LC_MESSAGES/wgbot.po` up to date, as `make
messages` does: new sentences come in without a translation, those nobody says any more go out, and nothing is guessed.
`--check` fails when a catalog does not hold what the code says; `--new LANGUAGE` begins one. The template that gettext
calls `.pot` is not kept: `--template FILE` writes it for whoever wants it.

Sentences are literals in `T(…)`, `Tn(…)`, `ask(…)` and `command(…)`, in Python and in the record's templates. What is
none (a preset's words, the choices of a command) is declared here, by who knows it; anything else is an error, so that
no sentence is said that cannot be translated.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from adapters.shared.catalogs import DOMAIN, LOCALE
from bot.command import COMMANDS
from bot.domain.charters import ENDS_ON
from bot.domain.community import INTERGOVERNMENTAL
from bot.domain.consensus.assessments import ObjectionState
from bot.domain.consensus.checks import Outcome
from bot.domain.facilitators import DIFFERENT, LENGTH, TWO
from bot.domain.meetings import MeetingState
from bot.domain.people import Role
from bot.domain.preparing import ActState
from bot.domain.presets import PRESETS
from bot.domain.template import EXTRA_SECTIONS, SECTIONS

ROOT: Final = Path(__file__).resolve().parents[2]
PARTS: Final = ("bot", "adapters")
"""Whose sentences people see."""

TEMPLATES: Final = "adapters/web/templates"
WIDTH: Final = 120

LITERAL: Final = {"T": 1, "Tn": 2, "ask": 2, "command": 2}
"""The functions that take sentences, and how many of their first arguments may be one."""

ELSEWHERE: Final = frozenset(
    {
        "bot/text.py",  # T itself
        "bot/command.py",  # ask and command; choices, which `declared` gives
        "bot/domain/agenda.py",  # states
        "bot/domain/charters.py",  # headings
        "bot/domain/consensus/acts.py",  # states
        "bot/domain/consensus/assessments.py",  # groups
        "bot/domain/facilitators.py",  # groups
        "bot/domain/preparing.py",  # states
        "bot/domain/roster_fields.py",  # groups, which `declared` gives
        "bot/history/formation.py",  # gates
        "bot/present/groups.py",  # headings and gates
        "bot/present/names.py",  # groups
        "bot/present/roster.py",  # groups
        "bot/reactions/formation.py",  # gates
        "adapters/terminal/people.py",  # roles and groups
    }
)
"""Where a sentence may be given by a variable: `declared` knows every value it can have."""


class Unreadable(ValueError):
    """A sentence that is no literal, in a file where none is declared."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence in the code. `where`: the file; `note`: what translators should know."""

    message: str
    plural: str | None
    where: str
    note: str = ""


def found() -> Iterator[Found]:
    """Every sentence people may see. Raises `Unreadable`."""
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            yield from in_python(path.read_text(), path.relative_to(ROOT).as_posix())
    for path in sorted((ROOT / TEMPLATES).glob("*.html")):
        yield from in_template(path.read_text(), path.relative_to(ROOT).as_posix())
    yield from declared()


@lru_cache(2_000)
def calls(source: str) -> tuple[tuple[str, ast.Call], ...]:
    """The calls of functions in a module, by name, in the order they stand there."""
    made = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call)]
    made.sort(key=lambda call: (call.lineno, call.col_offset))
    return tuple((each.func.id, each) for each in made if isinstance(each.func, ast.Name))


def in_python(source: str, where: str) -> Iterator[Found]:
    """The sentences of a module."""
    for name, node in calls(source):
        if name in {"ask", "command"} and not where.startswith("bot/"):
            continue  # another function
        if name == "command":
            given = [*node.args[1:2], *(each.value for each in node.keywords if each.arg == "summary")]
        elif name == "ask":
            given = [*node.args[:2], *(each.value for each in node.keywords if each.arg in {"question", "hint"})]
        elif name in LITERAL:
            given = node.args[: LITERAL[name]]
        else:
            continue
        said = [each.value if isinstance(each, ast.Constant) else None for each in given]
        yield from _said(name, said, where, ast.unparse(node))


def in_template(source: str, where: str) -> Iterator[Found]:
    """The sentences of a page of the record."""
    for node in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name in {"T", "Tn"}:
            name = node.node.name
            said = [each.value if isinstance(each, nodes.Const) else None for each in node.args[: LITERAL[name]]]
            yield from _said(name, said, where, f"line {node.lineno}")


def _said(name: str, given: Sequence[object], where: str, shown: str) -> Iterator[Found]:
    literal = [each for each in given if isinstance(each, str)]
    if len(literal) < len(given) or not given:
        if where not in ELSEWHERE:
            raise Unreadable(f"{where}: a sentence must be literal where it is said: {shown[:120]}")
    elif name == "Tn":
        yield Found(literal[0], literal[1], where)
    else:
        yield from (Found(each, None, where) for each in literal if each)


def declared() -> Iterator[Found]:
    """Words that no sentence in the code holds: what a body is founded with, what may be chosen, headings, gates."""
    where, title = (
        "bot/domain/presets.py",
        "A title a body is founded with; it stands for {chair}, {secretariat} and so on.",
    )
    for preset in PRESETS.values():
        yield from (Found(each, None, where, title) for each in astuple(preset.titles))
        groups = (*preset.stakeholder_groups, INTERGOVERNMENTAL, *preset.regional_groups)
        yield from (Found(each, None, where, "A stakeholder or regional group.") for each in groups)
    yield from (Found(each, None, "adapters/shared/words.py", "Between the parts of a list.") for each in (", ", "; "))
    yield Found("no stakeholder group", None, "bot/domain/facilitators.py", "In: Both are of …")
    headings = (*(heading for _, heading in (*SECTIONS, *EXTRA_SECTIONS)), ENDS_ON)
    yield from (Found(each, None, "bot/domain/template.py", "A heading of the template.") for each in headings)
    gates = (LENGTH, DIFFERENT, TWO)
    yield from (Found(each, None, "bot/domain/vacancies.py", "A gate that may be lifted.") for each in gates)
    for states in (MeetingState, ObjectionState, Outcome, ActState, Role):
        where = states.__module__.replace(".", "/") + ".py"
        yield from (Found(each.value, None, where, "A state or role, within a sentence.") for each in states)
    for command in COMMANDS.values():
        for argument in command.fields:
            where, note = command.handler.__module__.replace(".", "/") + ".py", "A choice in a form."
            yield from (Found(each, None, where, note) for each in argument.choices)


def template(sentences: Iterable[Found]) -> Catalog:
    """Every sentence, without a translation."""
    catalog = Catalog(charset="utf-8")
    for each in sentences:
        known = catalog.get(each.message)
        plural = each.plural or (known.id[1] if known is not None and known.pluralizable else None)
        message = (each.message, plural) if plural else each.message
        if known is not None and plural and not known.pluralizable:
            known.id, known.string = message, ("", "")
        catalog.add(message, locations=[(each.where, 0)], auto_comments=[each.note] if each.note else [])
    return catalog


def renewed(sentences: Catalog, po: str, language: str) -> str:
    """The catalog of a language with the sentences there are now; what translators wrote stays."""
    catalog = read_po(io.StringIO(po or "\n".join(_head("", language))), locale=language.replace("-", "_"))
    catalog.update(sentences, no_fuzzy_matching=True)
    for message in catalog:
        if message.pluralizable:
            given = tuple(message.string or ())
            message.string = (*given, *[""] * catalog.num_plurals)[: catalog.num_plurals]
    return written(catalog, language)


def written(catalog: Catalog, language: str = "") -> str:
    """As a file that is the same wherever and whenever it is written: sorted, no lines, dates, or addresses."""
    for message in catalog:
        message.locations = sorted(set(message.locations))
        message.auto_comments = sorted(set(message.auto_comments))
    body = io.BytesIO()
    write_po(body, catalog, WIDTH, omit_header=True, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    return "\n".join(_head(catalog.header_comment, language)) + "\n\n" + body.getvalue().decode().strip() + "\n"


def _head(comment: str, language: str) -> list[str]:
    """The head of a catalog, with what its translators wrote there."""
    lines = comment.splitlines()
    if not comment or "Translations template for PROJECT" in comment:
        name = Locale.parse(language, sep="-").english_name if language else "no language yet"
        lines = [f"# wgbot in {name}. `make messages` brings in what is new to say."]
    headers = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit"]
    if language:
        headers = [f"Language: {language}", *headers, f"Plural-Forms: {plural_forms(language)}"]
    return [*lines, 'msgid ""', 'msgstr ""', *(f'"{each}\\n"' for each in headers)]


def plural_forms(language: str) -> str:
    """How a language counts, for its header. Babel's Arabic has the last two forms the other way round than all others."""
    if language.partition("-")[0] == "ar":
        return "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
    return Catalog(language.replace("-", "_")).plural_forms


def main(arguments: list[str] | None = None) -> int:
    """Write the catalogs, or with `--check` compare them; 1 when one is out of date."""
    parser = argparse.ArgumentParser(prog="messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    parser.add_argument("--new", metavar="LANGUAGE", help="begin the catalog of a language, such as es or pt-BR")
    parser.add_argument(
        "--template", metavar="FILE", type=Path, help="write the sentences without translation, as a .pot"
    )
    chosen = parser.parse_args(arguments)
    sentences = template(found())
    if chosen.template:
        chosen.template.write_text(written(sentences))
        return 0
    if chosen.new:
        path = LOCALE / chosen.new / "LC_MESSAGES" / f"{DOMAIN}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    stale = []
    for path in sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        now = path.read_text()
        made = renewed(sentences, now, path.parts[-3])
        if made != now:
            stale.append(path.parts[-3])
            if not chosen.check:
                path.write_text(made)
    if chosen.check and stale:
        print(f"out of date: the catalogs of {', '.join(stale)}; run `make messages`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
