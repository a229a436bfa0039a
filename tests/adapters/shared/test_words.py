"""Sentences as one reader reads them: parameters by type, times across DST, nothing a member types formatted twice."""

from __future__ import annotations

import io
import logging
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared import catalogs, dates, words
from adapters.shared.catalogs import catalog
from adapters.shared.pseudo import Pseudo
from adapters.shared.words import Words
from bot.domain.languages import LANGUAGES
from bot.text import Day, Moment, PersonName, Say, Span, T, Text, Tn, UserText, joined, said, term

NOVEMBER = datetime(2026, 11, 27, 14, tzinfo=UTC)


def html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


# Parameters


def test_each_parameter_reads_as_what_it_is() -> None:
    text = T(
        "{who} moved {group} by {span} to {when}: {why} {then} ({count})",
        who=PersonName("p1", "Amina A."),
        group="WG-MWP",
        span=Span(36 * 3600),
        when=Moment(NOVEMBER),
        why=UserText("too soon"),
        then=T("See {command}.", command=Say("show WG-MWP")),
        count=3,
    )
    assert Words().say(text) == (
        "Amina A. moved WG-MWP by 36 hours to Fri 27 Nov 2026, 14:00 UTC: too soon See /wg show WG-MWP. (3)"
    )


def test_a_day_that_belongs_to_no_zone_is_written_as_the_language_writes_days() -> None:
    text = T("{day}", day=Day(date(2026, 11, 27)))
    assert Words(zone="Pacific/Kiritimati").say(text) == "Fri 27 Nov 2026"
    assert Words("fr").say(text) == "ven. 27 nov. 2026"
    assert [dates.month(NOVEMBER, language) for language in ("en", "fr", "ar")] == [
        "Nov 2026",
        "nov. 2026",
        "نوفمبر 2026",
    ]


def test_a_command_carries_the_platforms_prefix_and_type() -> None:
    slack = Words(escape=html, code=lambda command: f"`{html(command)}`")
    matrix = Words(prefix="!wg")
    text = T("Type {command}.", command=Say('show "R&D"'))
    assert slack.say(text) == 'Type `/wg show "R&amp;D"`.'
    assert matrix.say(text) == 'Type !wg show "R&D".'


def test_the_prefix_alone_is_a_command_too() -> None:
    assert Words().say(T("Type {command}.", command=Say(""))) == "Type /wg."


def test_every_piece_is_escaped_once() -> None:
    text = T(
        "R&D: {typed} {term} {name} {nested}",
        typed=UserText("<!channel> &amp;"),
        term="A&B",
        name=PersonName("p", "X & Y"),
        nested=T("{a}", a=T("{b}", b=UserText("&"))),
    )
    assert Words(escape=html).say(text) == "R&amp;D: &lt;!channel> &amp;amp; A&amp;B X &amp; Y &amp;"


@given(st.text(), st.text())
def test_what_a_member_types_is_never_formatted_again(one: str, other: str) -> None:
    text = T("{a}|{b}", a=UserText(one), b=T("{a}", a=UserText(other)))
    assert Words().say(text) == f"{one}|{other}"


def test_braces_in_a_parameter_are_not_places() -> None:
    text = joined([said("{p1} {text} {count:>1000000}"), term("{p0}")])
    assert Words().say(text) == "{p1} {text} {count:>1000000} {p0}"


def test_a_missing_parameter_is_shown_as_its_place_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert Words(escape=html).say(T("Ask {who} & wait.")) == "Ask {who} &amp; wait."
    assert "no parameter who" in caplog.text


@pytest.mark.parametrize(("count", "shown"), [(0, "0 days left"), (1, "1 day left"), (2, "2 days left")])
def test_counted_sentences_agree_with_their_number(count: int, shown: str) -> None:
    assert Words().say(Tn("{count} day left", "{count} days left", count)) == shown


# Times


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("", "Fri 27 Nov 2026, 17:00 (Nairobi time, 14:00 UTC)"),
        ("Europe/Zurich", "Fri 27 Nov 2026, 15:00 (Zurich time, 14:00 UTC)"),
        ("America/Argentina/Buenos_Aires", "Fri 27 Nov 2026, 11:00 (Buenos Aires time, 14:00 UTC)"),
        ("Asia/Kathmandu", "Fri 27 Nov 2026, 19:45 (Kathmandu time, 14:00 UTC)"),
        ("Pacific/Kiritimati", "Sat 28 Nov 2026, 04:00 (Kiritimati time, Fri 27 Nov 14:00 UTC)"),
        ("Europe/London", "Fri 27 Nov 2026, 14:00 (London time and UTC)"),
        ("UTC", "Fri 27 Nov 2026, 14:00 UTC"),
        ("Etc/UTC", "Fri 27 Nov 2026, 14:00 UTC"),
        ("Etc/GMT+5", "Fri 27 Nov 2026, 09:00 (UTC−5, 14:00 UTC)"),
        ("Mars/Olympus_Mons", "Fri 27 Nov 2026, 17:00 (Nairobi time, 14:00 UTC)"),
        ("../../etc/passwd", "Fri 27 Nov 2026, 17:00 (Nairobi time, 14:00 UTC)"),
        ("Europe", "Fri 27 Nov 2026, 17:00 (Nairobi time, 14:00 UTC)"),
    ],
)
def test_a_moment_is_told_on_the_readers_own_clock_and_in_utc(zone: str, shown: str) -> None:
    assert Words(zone=zone).say(T("{when}", when=Moment(NOVEMBER, "Africa/Nairobi"))) == shown


@pytest.mark.parametrize(
    ("utc", "shown"),
    [
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "Sun 28 Mar 2027, 01:59 (Zurich time, 00:59 UTC)"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "Sun 28 Mar 2027, 03:00 (Zurich time, 01:00 UTC)"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "Sun 31 Oct 2027, 02:30 (Zurich time, 00:30 UTC)"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "Sun 31 Oct 2027, 02:30 (Zurich time, 01:30 UTC)"),
    ],
    ids=["before the gap", "after the gap", "02:30 the first time", "02:30 the second time"],
)
def test_clocks_that_change_are_told_right(utc: datetime, shown: str) -> None:
    assert Words(zone="Europe/Zurich").moment(utc) == shown


def test_an_instant_is_the_same_whatever_offset_it_is_given_in() -> None:
    east = NOVEMBER.astimezone(timezone(timedelta(hours=9)))
    assert Words().moment(east) == Words().moment(NOVEMBER) == Words().moment(NOVEMBER.replace(tzinfo=None))


def test_the_wall_clock_alone_where_room_is_short() -> None:
    assert Words(zone="Europe/Zurich").clock(NOVEMBER) == "Fri 27 Nov, 15:00"
    assert Words().clock(NOVEMBER) == "Fri 27 Nov, 14:00"


def test_with_now_a_time_also_says_how_far_away_it_is() -> None:
    words_then = Words(zone="Europe/Zurich", now=NOVEMBER)
    assert (
        words_then.moment(NOVEMBER + timedelta(days=7)) == "Fri 4 Dec 2026, 15:00 (Zurich time, 14:00 UTC; in 7 days)"
    )
    assert (
        Words(now=NOVEMBER).moment(NOVEMBER - timedelta(minutes=90))
        == "Fri 27 Nov 2026, 12:30 UTC (1 hour 30 minutes ago)"
    )
    assert Words(now=NOVEMBER).moment(NOVEMBER) == "Fri 27 Nov 2026, 14:00 UTC (now)"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 minutes"),
        (1, "1 second"),
        (90, "1 minute 30 seconds"),
        (90 * 60, "1 hour 30 minutes"),
        (86_400, "1 day"),
        (36 * 3600, "36 hours"),
        (48 * 3600, "2 days"),
        (71 * 3600, "71 hours"),
        (73 * 3600, "3 days 1 hour"),
        (7 * 86_400, "7 days"),
        (7 * 86_400 + 61, "7 days 1 minute"),
        (-3600, "−1 hour"),
    ],
)
def test_a_length_of_time_reads_as_people_say_it(seconds: int, shown: str) -> None:
    assert Words().span(seconds) == shown


# Languages


def test_english_needs_no_catalog() -> None:
    assert catalog("en") is None
    assert catalog("en-GB") is None


@pytest.mark.parametrize("language", ["", "../../etc", "tlh", "x" * 100, "fr/../.."])
def test_a_language_without_a_catalog_reads_english(language: str) -> None:
    assert Words(language).say(T("Hello {name}.", name="you")) == "Hello you."


FRENCH = r"""
msgid ""
msgstr ""
"Language: fr\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

#: bot/somewhere.py
msgid "It closes {when} at {where}."
msgstr ""
"À {where}, "
"fin : {when}."

msgid "{count} day"
msgid_plural "{count} days"
msgstr[0] "{count} jour"
msgstr[1] "{count} jours"

msgid "a \"quoted\"\tword"
msgstr "un mot « cité »"

msgid "not translated"
msgstr ""

#~ msgid "gone"
#~ msgstr "parti"
"""


def spoken(monkeypatch: pytest.MonkeyPatch, language: str, po: str) -> Words:
    monkeypatch.setattr(words, "catalog", lambda asked: catalogs.read(po) if asked == language else None)
    return Words(language)


def test_another_language_reorders_places_and_counts_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    french = spoken(monkeypatch, "fr", FRENCH)
    assert french.say(T("It closes {when} at {where}.", when="demain", where="Genève")) == "À Genève, fin : demain."
    assert french.say(Tn("{count} day", "{count} days", 0)) == "0 jour"
    assert french.span(7 * 86_400) == "7 jours"
    assert french.say(Text("")) == ""
    assert french.say(T('a "quoted"\tword')) == "un mot « cité »"
    assert french.say(T("not translated")) == "not translated"
    assert french.say(T("gone")) == "gone"


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_catalog_reads_as_babel_reads_it(language: str) -> None:
    path = catalogs.LOCALE / language / "LC_MESSAGES" / "wgbot.po"
    ours, theirs = catalogs.read(path.read_text()), read_po(io.StringIO(path.read_text()))
    for message in theirs:
        if isinstance(message.id, str):
            assert ours.gettext(message.id) == (message.string or message.id) or not message.id
        else:
            singular, plural = message.id
            assert {ours.ngettext(singular, plural, count) for count in range(200)} == set(message.string or ())


def test_the_languages_named_are_those_with_a_catalog() -> None:
    assert {"en", *(path.name for path in catalogs.LOCALE.iterdir())} == set(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("fr", "Europe/Zurich", "ven. 27 nov. 2026"),
        ("ar", "Africa/Cairo", "الجمعة، 27 نوفمبر 2026"),
        ("en", "Europe/Zurich", "Fri 27 Nov 2026"),
        ("en-GB", "Europe/Zurich", "Fri 27 Nov 2026"),
        ("de", "Europe/Zurich", "Fri 27 Nov 2026"),
        ("en-XA", "Europe/Zurich", "Ƒŕî 27 Ñöṽ 2026"),
    ],
)
def test_days_are_written_as_the_language_writes_them(language: str, zone: str, shown: str) -> None:
    assert Words(language, zone).day(NOVEMBER, zone) == shown
    assert Words(language, zone).moment(NOVEMBER).startswith(shown) or language == "en-XA"


def test_cities_are_called_as_the_language_calls_them() -> None:
    assert dates.city("Africa/Cairo", "ar") == "القاهرة"
    assert dates.city("Europe/London", "fr") == "Londres"
    assert dates.city("America/Argentina/Buenos_Aires", "fr") == "Buenos Aires"
    assert dates.city("Asia/Kolkata", "ar") == "كالكتا"
    assert dates.city("Mars/Olympus_Mons", "fr") == "Olympus Mons"


def test_names_and_commands_are_set_apart_in_a_language_read_from_the_right() -> None:
    text = joined([said("R&D (2)"), T("{command}", command=Say("show WG-MWP")), term("WG-MWP")], ", ")
    apart = "\u2068{}\u2069".format
    assert Words("ar").say(text) == "{}, {}, {}".replace(", ", (catalog("ar") or Pseudo()).gettext(", ")).format(
        apart("R&D (2)"), apart("/wg show WG-MWP"), apart("WG-MWP")
    )
    assert Words("ar", isolating=False).say(term("WG-MWP")) == "WG-MWP"
    assert Words("fr").say(term("WG-MWP")) == "WG-MWP"
    assert Words("ar").say(T("{text}.", text=UserText("by Qiang R."))) == apart("by Qiang R.")


def test_titles_a_body_was_founded_with_are_translated_and_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    french = spoken(monkeypatch, "fr", 'msgid "MAG Chair"\nmsgstr "présidence du MAG"\n')
    assert french.say(term("MAG Chair")) == "présidence du MAG"
    assert french.say(term("Convener")) == "Convener"


def test_the_pseudo_locale_brackets_each_sentence_and_keeps_places_and_what_was_typed() -> None:
    pseudo = Words("en-XA")
    assert pseudo.say(T("{who} left.", who=PersonName("p", "Amina A."))) == "[Amina A. ļéƒţ. ~~]"
    assert pseudo.say(Tn("One person.", "{count} people.", 2)) == "[2 þéöþļé. ~~]"
    assert pseudo.say(joined([said("plain"), term("WG-MWP")], " · ")) == "plain · WG-MWP"
