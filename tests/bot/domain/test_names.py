"""Names are found again however they are typed."""

import random
import re
import string
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.names import channel_name, duplicates, fold, nearest, numbered, short_name_problem, split_names

LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        (
            "wgco",
            [
                "WG - CO",
                "wgco",
                "WG-CO",
                "WG\u2011CO",
                "WG \u2013 CO",
                "W.G.C.O.",
                "wg_co",
                "“WG CO”",
                "W\u200bG\u00a0C\u00adO",
            ],
        ),
        ("wgco", ["\uff37\uff27\uff0d\uff23\uff2f", "‘WG’ CO", "«WG CO»", "WG•CO", "WG\u2212CO"]),
        ("ipekk", ["İpek K.", "ipek k", "IPEK K", "I\u0307pek K.", "\u0131pek-k"]),
        ("malgorzatao", ["Małgorzata O.", "Malgorzata O", "MAŁGORZATA O."]),
        ("sorent", ["Søren T.", "Soren T."]),
        ("zoeb", ["Zoë B.", "Zoe\u0308 B.", "ZOE B"]),
        ("obrien", ["O’Brien", "O'Brien", "O\u02bcBrien", "OBrien"]),
        ("strasse", ["Straße", "STRASSE", "STRA\u1e9eE"]),
        ("aethelthoreoeuvre", ["Æthelþor Éœuvre"]),
        ("djordegudrun", ["Djorđe Guðrun"]),
        ("محمد", ["محمد", "مُحَمَّد", "محـــمد"]),
        ("рабочаягруппа", ["Рабочая группа", "РАБОЧАЯ-ГРУППА"]),
        ("工作组", ["工作组", "工作 组", "工作・组"]),
        ("वर्किंगग्रुप", ["वर्किंग ग्रुप"]),
        ("r&d", ["R&D", "r & d"]),
        ("", ["", " ", "— …", "“”", "\u200b"]),
    ],
    ids=str,
)
def test_spellings_of_one_name_have_one_key(key: str, spellings: list[str]) -> None:
    assert {fold(spelling) for spelling in spellings} == {unicodedata.normalize("NFC", key)}


@pytest.mark.parametrize(
    ("one", "other"),
    [("WG-A", "WG-B"), ("कि", "कु"), ("が", "か"), ("محمد", "محمود"), ("C#", "C++"), ("WG 1", "WG 11")],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
@example("\u0130\u0131")
@example("\u0149 \u1e9e \ufb03 \u0345\u1fb3")
@example("\u13a0\uab70")
def test_folding_a_key_changes_nothing(name: str) -> None:
    key = fold(name)
    assert fold(key) == key
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name)) == key


@given(st.text(string.ascii_letters + "éøłßĞİñç", min_size=1, max_size=20))
def test_case_spaces_and_dashes_do_not_count(name: str) -> None:
    assert fold(f" {name.swapcase()}\u2011.") == fold("_".join(name))


# --- did you mean ---

GROUPS = ("WG-MWP", "WG - CO", "WG-Outreach", "WG-IMP", "WG-FUN", "Équipe Communication")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("WG MPW", "WG-MWP"),
        ("mwp", "WG-MWP"),
        ("wgco", "WG - CO"),
        ("outreech", "WG-Outreach"),
        ("equipe", "Équipe Communication"),
        ("WG-IMPR", "WG-IMP"),
    ],
)
def test_the_nearest_comes_first(word: str, meant: str) -> None:
    assert nearest(word, GROUPS)[0] == meant


def test_what_is_much_farther_than_the_nearest_was_not_meant() -> None:
    commands = ("approve", "consult", "consensus", "meeting", "meetings", "propose", "roster", "settings")
    assert nearest("propse", commands) == ("propose",)
    assert nearest("consnsus", commands) == ("consensus",)
    assert nearest("metting", commands) == ("meeting", "meetings", "settings")


def test_nothing_is_near_to_nothing_or_to_the_wholly_different() -> None:
    assert nearest("", GROUPS) == ()
    assert nearest("—", GROUPS) == ()
    assert nearest("xyzzy", GROUPS) == ()
    assert nearest("mwp", ()) == ()
    assert nearest("mwp", GROUPS, limit=0) == ()


def test_equals_keep_their_order_and_are_named_once() -> None:
    assert nearest("abc", ["abd", "abe", "abd", "abf", "abg"]) == ("abd", "abe", "abf")
    assert nearest("abc", ["abg", "abf", "ABC"], limit=2) == ("ABC",)


@given(LETTERS, st.lists(LETTERS, max_size=12), st.integers(1, 5))
def test_what_is_near_is_one_of_the_candidates(word: str, candidates: list[str], limit: int) -> None:
    found = nearest(word, candidates, limit)
    assert len(found) <= limit
    assert len(set(found)) == len(found)
    assert set(found) <= set(candidates)
    if fold(word) and any(fold(candidate) == fold(word) for candidate in candidates):
        assert fold(found[0]) == fold(word)


def test_ten_thousand_candidates_are_quick() -> None:
    chance = random.Random(1)
    first = ("Amina", "Małgorzata", "Søren", "José", "Qiang", "Wanjiru", "Xochitl", "İpek")
    people = [f"{chance.choice(first)} {''.join(chance.choices('abcdefgh ', k=8))}" for _ in range(10_000)]
    nearest("Qiang abc", people)
    took = min(timed(lambda: nearest("Malgorzta abcd", people)) for _ in range(3))
    assert took < 0.25, "about 30 ms of CPU; the rest is for a slow machine"


def timed(act: object) -> float:
    assert callable(act)
    begun = time.thread_time()
    act()
    return time.thread_time() - begun


# --- a working group's names ---


@pytest.mark.parametrize(
    "name",
    [
        "WG-MWP",
        " WGCO ",
        "WG - CO",
        "W1",
        "a" * 40,
        "AI4",
        "فريق العمل",
        "工作组",
        "РГ-1",
        "कार्य समूह",
        "R&D",
        "می‌خواهم",
        "AI 🌍",
    ],
)
def test_a_good_short_name(name: str) -> None:
    assert short_name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "characters; this one"),
        ("  ", "characters; this one"),
        ("W", "characters; this one"),
        ("a" * 41, "characters; this one"),
        ("W-", "two letters or digits"),
        ("🌍🌍🌍", "two letters or digits"),
        ("2027", "digits alone"),
        ("20-27", "digits alone"),
        ("WG\nCO", "control character"),
        ("WG\x00CO", "control character"),
        ("WG\u202eOC", "control character"),
        ("WG\u200bCO", "control character"),
        ("WG\ud800", "control character"),
        ("WG, CO", "separates or quotes"),
        ('WG "CO"', "separates or quotes"),
        ("--kind", "command or a mention"),
        ("@channel", "command or a mention"),
        ("#general", "command or a mention"),
    ],
    ids=ascii,
)
def test_a_bad_short_name_is_told_what_would_be_good(name: str, why: str) -> None:
    problem = short_name_problem(name)
    assert problem is not None
    assert why in problem.message
    assert "for example WG-" in problem.message


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("WG-MWP", "wg-mwp"),
        ("WG - CO", "wg-co"),
        ("W.G.C.O.", "wgco"),
        ("Équipe Łódź", "equipe-lodz"),
        ("O’Brien's group", "obriens-group"),
        ("R&D / AI", "r-d-ai"),
        ("İpek_Straße", "ipek-strasse"),
    ],
)
def test_a_channel_is_named_after_its_group(name: str, channel: str) -> None:
    assert channel_name(name) == channel


@pytest.mark.parametrize("name", ["فريق العمل", "工作组", "РГ", "🌍🌍", "—"])
def test_a_name_in_another_script_makes_a_channel_of_its_own(name: str) -> None:
    assert re.fullmatch(r"group-[0-9a-f]{8}", channel_name(name))
    assert channel_name(name) == channel_name(f" {name}")
    assert re.fullmatch(r"wg-[0-9a-f]{8}", channel_name(f"WG {name}ж"))
    assert channel_name("WG 工作") != channel_name("WG 作工")


@given(st.text(max_size=120))
def test_every_name_makes_a_channel_name(name: str) -> None:
    channel = channel_name(name)
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?", channel)
    assert channel == channel_name(name)


# --- several names ---


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Qiang R., Gift I.", ("Qiang R.", "Gift I.")),
        ("Qiang R. and Gift I.", ("Qiang R.", "Gift I.")),
        ("Qiang R., Gift I., and Åsa C.", ("Qiang R.", "Gift I.", "Åsa C.")),
        ("Qiang R. AND Gift I", ("Qiang R.", "Gift I")),
        ("Qiang R.; Gift I. & Zoë B.", ("Qiang R.", "Gift I.", "Zoë B.")),
        ("Qiang R.\nGift I.\r\n", ("Qiang R.", "Gift I.")),
        ("علي، محمد", ("علي", "محمد")),
        ("张伟、李娜", ("张伟", "李娜")),
        ('"R., Qiang", Gift I.', ("R., Qiang", "Gift I.")),
        ("“R., Qiang”, «Trinidad and Tobago»; ‘Gift, I.’", ("R., Qiang", "Trinidad and Tobago", "Gift, I.")),
        ("'R., Qiang', O'Brien", ("R., Qiang", "O'Brien")),
        ("Qiang R. <qiang17@mag.example>, Gift I.", ("Qiang R. <qiang17@mag.example>", "Gift I.")),
        ("@qiang @gift", ("@qiang", "@gift")),
        ("<@U1> <@U2|a, b> @c:mag.example", ("<@U1>", "<@U2|a, b>", "@c:mag.example")),
        ("WG-R&D, Rock-and-Roll, Sandy", ("WG-R&D", "Rock-and-Roll", "Sandy")),
        ("‘Alisi T., ‘Ofa K.", ("‘Alisi T.", "‘Ofa K.")),
        ('Qiang "Q R., Gift I.', ('Qiang "Q R.', "Gift I.")),
        ("  Qiang   R. ,, ", ("Qiang R.",)),
        ("Qiang R., Qiang R.", ("Qiang R.", "Qiang R.")),
        ("", ()),
        (" , ; and & ", ()),
    ],
)
def test_a_list_of_names_is_taken_apart(typed: str, names: tuple[str, ...]) -> None:
    assert split_names(typed) == names


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,8} [A-Z]\.", fullmatch=True), max_size=6))
def test_names_put_in_a_list_come_out_of_it(names: list[str]) -> None:
    for separator in (", ", "; ", " and ", " & ", "\n"):
        assert split_names(separator.join(names)) == tuple(names)
    assert split_names(", ".join(f'"{name}, and more"' for name in names)) == tuple(
        f"{name}, and more" for name in names
    )


@given(st.text(max_size=80))
def test_no_list_of_names_holds_an_empty_one(typed: str) -> None:
    assert all(name.strip() == name != "" for name in split_names(typed))


def test_somebody_named_twice_is_noticed() -> None:
    assert duplicates(("Qiang R.", "Gift I.", "qiang r", "QIANG  R.", "İpek K.", "Ipek K.")) == ("Qiang R.", "İpek K.")
    assert duplicates(("Qiang R.", "Gift I.")) == ()
    assert duplicates(("—", "…", "—")) == ("—",), "names of signs alone are compared as they are"
    assert duplicates(()) == ()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("3", 3), ("#3", 3), (" D3 ", 3), ("d 3", 3), ("2147483647", 2**31 - 1), ("2147483648", None), ("9" * 5_000, None)]
    + [(each, None) for each in ("", "D", "x3", "3.5", "-3", "²")],
)
def test_a_number_is_one_that_something_can_have(typed: str, number: int | None) -> None:
    assert numbered(typed, "Dd") == number
