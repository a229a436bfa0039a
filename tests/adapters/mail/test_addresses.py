"""Addresses are believed exactly as they were made, whatever mail systems do to the case of their letters."""

from __future__ import annotations

import stat
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.addresses import LONGEST, Addresses, Purpose
from adapters.mail.keys import FILE, Keys, WeakKey
from bot.domain.ids import CommunityId

OLD, NEW = "an old key of enough letters".replace(" ", "-"), "a new key of enough letters".replace(" ", "-")
ADDRESSES = Addresses(Keys.of(NEW), "WG.example.org")
MAG = CommunityId("mag")

communities = st.sampled_from(["mag", "nri-of-a-long-name", "x"]).map(CommunityId)
people = st.text("0123456789abcdef", min_size=12, max_size=12) | st.text(min_size=1, max_size=40)
subjects = st.sampled_from(["", "check:3", "charter-change:9999999", "group:0123456789ab", "document:0123456789ab:12"])
rows = st.text("0123456789abcdef", min_size=20, max_size=20)


@given(communities, people, subjects, st.randoms())
def test_a_reply_address_is_read_back_in_any_case(
    community: CommunityId, person: str, subject: str, random: Random
) -> None:
    address = ADDRESSES.reply(community, person, subject)
    assert len(address.partition("@")[0]) <= LONGEST
    named = ADDRESSES.read("".join(random.choice([each.upper(), each.lower()]) for each in address))
    assert named is not None
    assert (named.purpose, named.subject) == (Purpose.REPLY, subject)
    assert ADDRESSES.found(named, [(MAG, "somebody else"), (community, person)]) == (community, person)
    assert ADDRESSES.found(named, [(CommunityId(f"{community}2"), person), (community, person + "0")]) is None


@given(people, rows)
def test_bounce_and_unsubscribe_addresses_find_whom_they_were_made_for(person: str, row: str) -> None:
    everybody = [(MAG, "another"), (MAG, f"@{person}"), (CommunityId("nri"), person), (MAG, person)]
    bounce, leaving = ADDRESSES.bounce(MAG, f"@{person}", row), ADDRESSES.unsubscribe(MAG, person)
    assert max(len(each.partition("@")[0]) for each in (bounce, leaving)) <= LONGEST
    bounced, left = ADDRESSES.read(f"<{bounce}>"), ADDRESSES.read(leaving)
    assert bounced is not None
    assert left is not None
    assert (bounced.row, bounced.subject, left.row) == (row, "", "")
    assert ADDRESSES.found(bounced, everybody) == (MAG, f"@{person}")
    assert ADDRESSES.found(left, everybody) == (MAG, person)


@given(communities, people, subjects, st.data())
def test_an_address_changed_in_any_letter_is_refused(
    community: CommunityId, person: str, subject: str, data: st.DataObject
) -> None:
    local, _, domain = ADDRESSES.reply(community, person, subject).partition("@")
    at = data.draw(st.integers(0, len(local) - 1))
    changed = local[:at] + data.draw(st.characters(exclude_characters=local[at])) + local[at + 1 :]
    named = ADDRESSES.read(f"{changed}@{domain}")
    if changed.lower() != local:
        assert named is None or not ADDRESSES.made_for(named, community, person)


@given(st.text())
def test_anything_else_is_not_ours(text: str) -> None:
    assert ADDRESSES.read(text) is None
    assert ADDRESSES.read(f"{text}@wg.example.org") is None


def test_a_token_of_one_purpose_is_none_of_another() -> None:
    named = ADDRESSES.read(ADDRESSES.unsubscribe(MAG, "ana").replace("unsubscribe+", "bounce+"))
    assert named is not None
    assert not ADDRESSES.made_for(named, MAG, "ana")


def test_a_key_is_replaced_without_a_gap() -> None:
    before, meanwhile = Addresses(Keys.of(OLD), "wg.example.org"), Addresses(Keys.of(f"{NEW}\n{OLD}"), "wg.example.org")
    old = meanwhile.read(before.reply(MAG, "ana", "check:3"))
    new = ADDRESSES.read(meanwhile.reply(MAG, "ana", "check:3"))
    assert old is not None
    assert new is not None
    assert meanwhile.made_for(old, MAG, "ana")
    assert ADDRESSES.made_for(new, MAG, "ana")
    assert not ADDRESSES.made_for(old, MAG, "ana")


def test_the_key_of_a_folder_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    keys = Keys.kept(tmp_path / "var")
    assert stat.S_IMODE((tmp_path / "var" / FILE).stat().st_mode) == 0o600
    assert Keys.kept(tmp_path / "var") == keys
    assert [each.name for each in (tmp_path / "var").iterdir()] == [FILE]
    assert str(keys.all[0]) not in repr(keys)
    with pytest.raises(WeakKey, match="openssl"):
        Keys.of("short")
