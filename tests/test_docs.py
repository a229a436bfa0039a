"""Documentation that cannot rot: what it names exists, what it says to type is played, the answers it shows are given.

In the pages, a block fenced as `wg` is typed at the terminal, line by line, and one fenced as `text` shows answers: pieces
of them, with `…` for what is left out. The blocks of one page are one script, in a fresh sample community. A line that
begins with `!` is refused on purpose.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import io
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from adapters.main import main
from adapters.shared.config import Installation
from adapters.shared.environment import variable
from adapters.terminal.typed import unfinished
from bot.command import COMMANDS
from bot.context import Context
from bot.domain.community import Community, Settings
from bot.families import FAMILIES
from bot.slash import parse
from tests.builders import MAG, MONDAY, PRIVATE, World, spoken

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("**/*.md")])
README = ROOT / "README.md"
TUTORIAL = DOCS / "tutorial" / "first-formation.md"
GATES = DOCS / "explanation" / "gates.md"
CLAUSES = DOCS / "explanation" / "clauses.md"
DOCUMENT = ROOT / "tests" / "data" / "mag-working-groups.txt"
NOT_YET = "not yet"
GATES_THERE_ARE = {"hard", "exception", "warn", "flag", "—"}
PICTURES = DOCS / "pictures" / "make.py"
WIDTH = 80

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
PATH = re.compile(r"`((?:bot|adapters|storage|tests|docs|samples|tools|requirements)/[\w./-]*)")
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
SAID = re.compile(r"“(.*?[.…])”(?= |$)")
PLACE = re.compile(r"\{\w+\}")
TELLING = 12
"""Letters of a sentence, without what stands in its places, from which it is one and not just a frame for something."""
IN_QUOTES = 4
"""The column of the gates' tables that has a refusal's words."""
TYPED = re.compile(r"^(?:[^\s/!][^/!]*> |\[[^\]]+\].*? )?([/!]wg\b.*)$")
"""A command as a page shows it: alone on its line, after a prompt, or beside a button."""
ARRIVAL = re.compile(r"^[#@].* · wgbot")
"""A message that arrives: which of several comes first is not said."""


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, *kinds: str) -> list[str]:
    """The fenced blocks of a page; of these kinds, if any is named."""
    return [body for kind, body in FENCE.findall(text_of(page)) if not kinds or kind in kinds]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@cache
def played(script: str, *command: str) -> str:
    """What is seen of a script at the terminal, or of another command; it must go through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(WIDTH))
        patch.setattr(sys, "stdin", io.StringIO(script))
        patch.setattr(sys, "stdout", paper := io.StringIO())
        code = main(list(command or ("terminal",)))
    assert code == 0, paper.getvalue()
    return paper.getvalue()


def pieces(answers: str) -> Iterator[list[str]]:
    """What stands together in an answer."""
    piece: list[str] = []
    for line in answers.splitlines():
        left_out = line.strip() == "…"
        if piece and (left_out or ARRIVAL.match(line)):
            yield piece
            piece = []
        if not left_out:
            piece.append(line.rstrip())
    if piece:
        yield piece


def assert_shown(page: Path, seen: str) -> None:
    """Every piece of an answer on the page was seen."""
    lines = [line.rstrip() for line in seen.splitlines()]
    for answers in blocks(page, "text"):
        for piece in pieces(answers):
            places = range(len(lines) - len(piece) + 1)
            assert any(lines[at : at + len(piece)] == piece for at in places), "\n".join([named(page), *piece])


# --- what is typed, and what is answered ---------------------------------------------------------------------------


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "wg")], ids=named)
def test_what_a_page_says_to_type_is_answered_as_it_says(page: Path) -> None:
    assert_shown(page, played("".join(blocks(page, "wg"))))


def test_nothing_in_the_tutorial_is_refused() -> None:
    typed = "".join(blocks(TUTORIAL, "wg"))
    assert not re.search(r"^!", typed, re.MULTILINE)
    assert "✗" not in played(typed)


def test_the_readme_shows_the_demo() -> None:
    assert blocks(README, "text")
    assert_shown(README, played("", "demo"))


def test_the_picture_shows_what_the_demo_says() -> None:
    pictures = module_at(PICTURES)
    kept = text_of(PICTURES.with_name("formation.svg"))
    drawn = pictures.words(pictures.svg(pictures.played()))
    assert sorted(pictures.words(kept)) == sorted(drawn), "make it anew: .venv/bin/python docs/pictures/make.py"
    assert re.findall(r"https?://[^\s\"')]+", kept) == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in kept


def commands_on(page: Path) -> Iterator[str]:
    """The commands shown on a page, but for those that are wrong on purpose."""
    for body in blocks(page):
        lines = iter(body.splitlines())
        for line in lines:
            found = TYPED.match(line.strip("│ "))
            if found is None:
                continue
            typed = found[1]
            while unfinished(typed) and (following := next(lines, None)) is not None:
                typed += f"\n{following}"
            yield typed[len("/wg") :].strip()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_on_a_page_can_be_typed(page: Path) -> None:
    for typed in commands_on(page):
        parse(typed)  # raises a refusal for what is no command


def test_commands_are_found_however_they_are_shown() -> None:
    assert len(list(commands_on(REFERENCE / "commands.md"))) >= sum(not each.hidden for each in COMMANDS.values())
    assert "consensus support 1" in set(commands_on(TUTORIAL))
    assert "confirm 1" in set(commands_on(README))


def shell_lines() -> Iterator[tuple[Path, list[str]]]:
    """What the pages say to type in a shell, in words; a line that ends with a backslash goes on."""
    for page in PAGES:
        for body in blocks(page, "sh"):
            for line in body.replace("\\\n", " ").splitlines():
                words = shlex.split(line.partition(" < ")[0])
                yield page, words


def test_what_is_typed_in_a_shell_is_understood() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    understood = 0
    for page, words in shell_lines():
        if words[0] == "make":
            asked = [word for word in words[1:] if "=" not in word]
            assert set(asked) <= targets, named(page)
        elif words[0].endswith("wgbot"):
            understood += 1
            parser = argparse.ArgumentParser()
            importlib.import_module(f"adapters.cli.{words[1]}").options(parser)
            parser.parse_args(words[2:])
        elif words[0] == "export":
            assert words[1].partition("=")[0].removesuffix("_FILE") in map(variable, Installation.model_fields), named(
                page
            )
        else:
            assert words[0] == "git", f"{named(page)}: {words}"
    assert understood


# --- what is named -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", text_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert linked.is_relative_to(ROOT), target
        assert not heading or heading in anchors(linked), target


def anchors(page: Path) -> set[str]:
    """What a link may name in a page: its headings, as GitHub spells them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_and_folder_named_is_there(page: Path) -> None:
    for path in PATH.findall(text_of(page)):
        assert (ROOT / path).exists(), path


def test_every_test_that_shows_a_fault_is_survived_is_there() -> None:
    named_tests = re.findall(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", text_of(DOCS / "explanation" / "faults.md"))
    assert named_tests
    for path, name in named_tests:
        assert f"def {name}" in text_of(ROOT / path), (path, name)


def test_every_page_is_in_the_index() -> None:
    listed = {(DOCS / target.partition("#")[0]).resolve() for target in LINK.findall(text_of(DOCS / "README.md"))}
    decisions = DOCS / "adr"
    assert {page for page in PAGES if page.is_relative_to(DOCS) and page.parent != decisions} - listed == {
        DOCS / "README.md"
    }


def test_every_decision_is_in_its_index() -> None:
    index = text_of(DOCS / "adr" / "README.md")
    for record in sorted(DOCS.glob("adr/[0-9]*.md")):
        number, title = re.match(r"# (\d{4}) — (.+)\n", text_of(record)).groups()  # type: ignore[union-attr]  # it must
        assert record.name.startswith(f"{number}-")
        assert f"| [{number}]({record.name}) | {title} |" in index


# --- the reference -------------------------------------------------------------------------------------------------


def test_every_command_is_documented() -> None:
    page = text_of(REFERENCE / "commands.md")
    for declared in COMMANDS.values():
        assert declared.hidden or f"### `{declared.usage}`\n" in page, declared.name


def test_every_setting_is_documented() -> None:
    page = text_of(REFERENCE / "settings.md")
    assert [each.name for each in fields(Settings) if f"| `{each.name}` |" not in page] == []
    installing = text_of(DOCS / "how-to" / "found-a-community.md")
    assert [name for name in map(variable, Installation.model_fields) if f"| `{name}` |" not in installing] == []


# --- the gates -----------------------------------------------------------------------------------------------------


def proofs_in(path: Path) -> set[str]:
    """Every test in a file, by its name as pytest has it: `test_x`, `TestY::test_x`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = [("", node) for node in tree.body]
    inside += [(f"{node.name}::", each) for node in tree.body if isinstance(node, ast.ClassDef) for each in node.body]
    return {f"{prefix}{node.name}" for prefix, node in inside if isinstance(node, ast.FunctionDef)}


def test_every_test_named_is_there() -> None:
    proofs = [found for page in PAGES for found in NAMED_TEST.findall(text_of(page))]
    assert proofs
    assert [f"{path}::{name}" for path, name in proofs if name not in proofs_in(ROOT / path)] == []


def gates() -> dict[str, list[str]]:
    """The rows of the tables of gates, by number."""
    rows = [line.strip("| ").split(" | ") for line in text_of(GATES).splitlines() if re.match(r"\| \d+ \|", line)]
    return {row[0]: row for row in rows}


def test_every_gate_is_proven() -> None:
    proven = re.findall(r"^- (\d+): `tests/", text_of(GATES), re.MULTILINE)
    assert proven == [str(number) for number in range(1, len(gates()) + 1)]
    assert proven == list(gates())
    assert {row[3] for row in gates().values()} == {"hard", "exception", "warn", "flag"}


@cache
def sentences() -> list[re.Pattern[str]]:
    """Every sentence the program can say, with anything in its places."""
    literal: set[str] = set()
    for source in ROOT.glob("bot/**/*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("T", "Tn"):
                values = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
                literal.update(
                    value for value in values if isinstance(value, str) and len(PLACE.sub("", value)) > TELLING
                )
    return [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(each))) for each in literal]


@pytest.mark.parametrize("number", gates())
def test_a_gates_words_are_what_is_said(number: str) -> None:
    row = gates()[number]
    for said in SAID.findall(row[IN_QUOTES]):
        assert any(sentence.fullmatch(said) for sentence in sentences()), said


# --- the document, sentence by sentence ----------------------------------------------------------------------------


def document() -> list[str]:
    """What wgbot implements: its headings and sentences, in order."""
    lines = (line.strip().removeprefix("- ") for line in text_of(DOCUMENT).splitlines())
    return [sentence for line in lines if line for sentence in re.split(r"(?<=\.) (?=[A-Z])", line)]


def clauses() -> list[list[str]]:
    """The rows of the table of clauses: number, sentence, command, gate, proofs."""
    lines = [line for line in text_of(CLAUSES).splitlines() if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_sentence_of_the_document_is_there_in_its_own_words() -> None:
    assert [row[:2] for row in clauses()] == [[str(number), each] for number, each in enumerate(document(), start=1)]


def test_every_sentence_has_its_command_its_gate_and_its_proof(capsys: pytest.CaptureFixture[str]) -> None:
    """Which `test_every_test_named_is_there` looks up. What is not done is said so, and counted."""
    still_open = []
    for number, _, command, gate, proofs in clauses():
        assert {word.split()[0] for word in gate.split("; ")} <= GATES_THERE_ARE, number
        for typed in re.findall(r"`([a-z][a-z +-]*)`", command):
            assert typed in COMMANDS or typed in FAMILIES, f"{number}: {typed}"
        if "nothing to do" in proofs:
            continue
        missing = NOT_YET in f"{command} {proofs}".lower()
        assert missing or NAMED_TEST.search(proofs), number
        assert NAMED_TEST.sub("", proofs.replace("<br>", "")).strip() == "" or missing, number
        if missing:
            still_open.append(number)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(still_open)} of {len(clauses())} sentences are open: {', '.join(still_open) or 'none'}\n"
        )


# --- adding a command ----------------------------------------------------------------------------------------------


def module_at(path: Path, name: str = "made_for_a_page") -> ModuleType:
    """A file as a module, known under its name while it is read."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_the_command_that_is_added_for_example_works(tmp_path: Path) -> None:
    page = DOCS / "how-to" / "add-a-command.md"
    declaration, proof = blocks(page, "python")
    (tmp_path / "stewards.py").write_text(declaration, encoding="utf-8")
    before = dict(COMMANDS)
    try:
        module_at(tmp_path / "stewards.py")
        declared = COMMANDS["stewards"]
        assert f"/wg {declared.examples[0]}" in text_of(page)
        told: dict[str, Any] = {}
        exec(proof, told)  # noqa: S102 - the page's own test
        told["test_stewards_are_named"]()
        assert names_stewards(declared.handler, declared.arguments)
    finally:
        for name in set(COMMANDS) - set(before):
            del COMMANDS._declared[name]


def names_stewards(handler: Any, arguments: Any) -> bool:
    """Whether the example names the co-facilitators of a group that has some."""
    mag = World()
    mag.approved()
    with mag.store.reading() as reads:
        community = reads.get(Community, MAG)
        assert community is not None
        context = Context(reads, community, mag.system("stewards", "example"), MONDAY)
        return PRIVATE in spoken(handler(context, arguments(group="WG-MWP")))
