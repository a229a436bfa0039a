"""The sentences in the code and in the catalogs: each is found, and French and Arabic have a whole translation of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from adapters.cli import messages
from adapters.cli.messages import PARTS, ROOT, Unreadable, calls, found, in_python, in_template, main, renewed, template
from adapters.shared.catalogs import DOMAIN, LOCALE
from adapters.shared.words import Words
from bot.domain.consensus.positions import Position
from bot.domain.names import fold
from bot.present.names import POSITIONS, QUICK_POSITIONS
from bot.replying import ALSO_POSITIONS

TRANSLATED = sorted(path.name for path in LOCALE.iterdir())
PLACE = re.compile(r"\{\w+\}")
LATIN = re.compile(r"[a-zA-Z]")


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    """Every sentence there is. That it can be read says that each is literal where it is said, or declared."""
    return template(found())


def file_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def pairs(language: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every sentence of a catalog, in English (one form or two), with each form of its translation."""
    for message in read_po(StringIO(file_of(language).read_text())):
        if message.id:
            english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            given = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            yield from ((english, form) for form in given)


def slips(language: str, wrong: str) -> list[tuple[str, str]]:
    """Words with wrong punctuation, but for those that stand so in English too: what is typed is typed so in any language."""
    pattern = re.compile(wrong)
    return [
        (form, found[0])
        for english, form in pairs(language)
        for found in pattern.finditer(form)
        if not any(found[0] in each for each in english)
    ]


def test_sentences_are_found_wherever_they_are_said(sentences: Catalog) -> None:
    for said in (
        "Should {group} ({name}) be formed?",  # the core
        "What the working groups of the {body} are doing",  # a template
        "Purpose of the WG",  # a question, and a heading
        "MAG Chair",
        "Civil Society",
        "live-with",  # a choice
    ):
        assert sentences.get(said) is not None, said
    counted = sentences.get("{count} day")
    assert counted is not None
    assert counted.id == ("{count} day", "{count} days")


def test_a_sentence_that_is_no_literal_is_an_error() -> None:
    with pytest.raises(Unreadable, match=r"bot/new\.py"):
        list(in_python("T(name)", "bot/new.py"))
    with pytest.raises(Unreadable, match=r"new\.html"):
        list(in_template("{{ T(page.name) }}", "new.html"))


def test_nothing_said_within_a_sentence_is_plain_english() -> None:
    typed = re.compile(
        r"/|--|https:|rough, |wgbot |\S+$"
    )  # commands, options, links, and single words as they are typed
    plain = [
        (path.relative_to(ROOT).as_posix(), words)
        for part in PARTS
        for path in (ROOT / part).rglob("*.py")
        for name, call in calls(path.read_text())
        for given in _given(name, call)
        for words in _words(given)
        if not typed.match(words)
    ]
    assert plain == []


def _given(name: str, call: ast.Call) -> list[ast.expr]:
    if name in {"T", "Tn"}:
        return [each.value for each in call.keywords]
    return call.args if name in {"UserText", "said", "term"} else []


def _words(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(str(text)) if LATIN.search(text):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*_words(one), *_words(other))
        case ast.BoolOp(values=values):
            yield from (word for each in values for word in _words(each))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalog_holds_what_the_code_says(language: str, sentences: Catalog) -> None:
    now = file_of(language).read_text()
    assert renewed(sentences, now, language) == now, "run `make messages`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_whole(language: str) -> None:
    wrong = []
    for english, form in pairs(language):
        places = {frozenset(PLACE.findall(each)) for each in english}
        if len(english) > 1:  # a form for none, one or two may say the number by its words
            places |= {each - {"{count}"} for each in places}
        if (
            not form.strip()
            or frozenset(PLACE.findall(form)) not in places
            or (form != form.strip() and english[0] not in {", ", "; "})
        ):
            wrong.append((english, form))
    assert wrong == []
    assert "#, fuzzy" not in file_of(language).read_text()


def test_french_is_set_as_french_is() -> None:
    """No-break spaces before : ; ! ? and within quotation marks, and apostrophes that curl."""
    assert slips("fr", r"\S*[^\s\u00a0\u202f:/{]:(?=\s|$)|\S*[ \w»)}][;!?](?=[\s»]|$)|« |\w+ »|\w+'\w+|\"") == []


def test_arabic_is_set_as_arabic_is() -> None:
    """Its own comma, semicolon and question mark, its own quotation marks, and nothing that overrides direction."""
    assert slips("ar", r"[\u0600-\u06ff}»)]\s?[,;?](?=\s|$)|[\u2066-\u2069\u202a-\u202e]|[“”\"]") == []


def test_the_command_writes_what_is_missing_and_says_what_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    monkeypatch.setattr(messages, "found", lambda: in_python('T("Hello {name}.")', "bot/a.py"))
    assert main(["--new", "pl"]) == 0
    path = tmp_path / "pl" / "LC_MESSAGES" / "wgbot.po"
    path.write_text(
        path.read_text()
        .replace('msgstr ""\n', 'msgstr "Cześć {name}."\n')
        .replace('msgid ""\nmsgstr "Cześć {name}."', 'msgid ""\nmsgstr ""')
    )
    monkeypatch.setattr(messages, "found", lambda: in_python('T("Hello {name}."); T("Bye.")', "bot/a.py"))
    assert main(["--check"]) == 1
    assert "the catalogs of pl" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0
    written = path.read_text()
    assert 'msgid "Bye."\nmsgstr ""' in written
    assert 'msgstr "Cześć {name}."' in written
    assert "nplurals=4" in written or "nplurals=3" in written
    assert main(["--template", str(tmp_path / "wgbot.pot")]) == 0
    assert "Cześć" not in (tmp_path / "wgbot.pot").read_text()


@pytest.mark.parametrize("language", [*TRANSLATED, "en"])
def test_words_for_positions_are_short_and_mean_one_thing(language: str) -> None:
    words, means = Words(language), dict[str, Position]()
    labels = [*POSITIONS.items(), *QUICK_POSITIONS.items(), *((position, text) for text, position in ALSO_POSITIONS)]
    for position, text in labels:
        said = fold(words.say(text))
        assert means.setdefault(said, position) is position, said
        assert len(said) <= 25
