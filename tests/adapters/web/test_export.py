"""The export as files: what changed is made anew and the rest left alone, and the folder is as if all were made anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from adapters.web import api, manifest, paths
from adapters.web import export as exporting
from adapters.web.export import NotOurs, Wanted, export
from adapters.web.folder import Folder
from adapters.web.held import Prints, each_of
from adapters.web.inputs import FOREVER, Noted, Watched
from adapters.web.leaves import Leaf
from adapters.web.pages import _OF
from adapters.web.site import Site, record, source_of
from bot.domain.consensus.checks import Held as Position
from bot.domain.ids import GroupId
from bot.domain.people import Person
from bot.ports import Parts
from storage.memory import MemoryStore
from tests.bench.archive import Archive, one_more_document
from tests.bench.community import BENCH
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, SECRETARIAT, TECHNICAL, World

BASE = "https://record.example.org/wg"
WANTED = Wanted(MAG, BASE)


def lying(folder: Path) -> dict[str, bytes]:
    """Every file of the record in a folder."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    del found[manifest.NAME]
    return found


def whole(mag: World, languages: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Every file, made without an export."""
    with mag.store.reading() as reads:
        return {each.path: each.content for each in record(reads, MAG, datetime.now(UTC), BASE, languages)}


def bring(mag: World, folder: Path, wanted: Wanted = WANTED) -> exporting.Exported:
    with mag.store.reading() as snapshot:
        return export(snapshot, wanted, datetime.now(UTC), folder)


ACTS = (
    (CHAIR, "clock +3h", "#mag"),
    (CHAIR, "clock +30h", "#mag"),
    (CHAIR, "clock +4d", "#mag"),
    (CHAIR, "clock +40d", "#mag"),
    (CIVIL, "consult comment {group} concern Who pays?", "#mag"),
    (PRIVATE, 'propose new "Work of {new}" {new} --purpose "P." --objectives "- O by May" --outputs "R" --timeframe "T"', "#mag"),
    (PRIVATE, 'propose revise {group} --objectives "- Collect by {number} May"', "#mag"),
    (PRIVATE, 'consensus "Move the call to {number}?" 24h', "#wg-mwp"),
    (TECHNICAL, "consensus support", "#wg-mwp"),
    (GOVERNMENT, 'consensus object {number} "Too early" --public', "#mag"),
    (PRIVATE, 'meeting schedule "Call {number}" "2027-0{month}-1{digit} 14:00"', "#wg-mwp"),
    (PRIVATE, "meeting cancel {number} Ill.", "#wg-mwp"),
    (PRIVATE, 'update WG-MWP "{number} done"', "#wg-mwp"),
    (PRIVATE, 'document add WG-MWP "Outline {number}" https://example.org/{number}', "#wg-mwp"),
    (PRIVATE, "document withdraw D{digit} Superseded.", "#wg-mwp"),
    (CIVIL, "join WG-MWP", "#mag"),
    (CIVIL, "leave WG-MWP", "#mag"),
)  # fmt: skip
"""What people do; much of it is refused, as it comes."""


@pytest.mark.timeout(120)
def test_an_export_of_what_changed_is_the_whole_one_byte_for_byte(tmp_path: Path) -> None:
    mag = World()
    mag.approved()
    folder = tmp_path / "site"
    random = Random(6)
    done, left = 0, 0
    bring(mag, folder)
    for number in range(1, 6):
        for who, typed, room in random.choices(ACTS, k=5):
            place = {
                "number": number, "digit": number % 10, "month": random.randrange(2, 9), "new": f"WG-{number}",
                "group": random.choice(["WG-MWP", "WG-1", "WG-2", "WG-3"]),
            }  # fmt: skip
            done += mag(who, typed.format(**place), room).done
        exported = bring(mag, folder)
        left += exported.files - exported.made
        assert lying(folder) == whole(mag)
    assert done >= 10
    assert left > 150  # it is no proof where everything is made anew
    mag.does(CHAIR, "settings set participants no")
    assert bring(mag, folder).written > 0
    assert lying(folder) == whole(mag)


def test_an_export_that_is_broken_off_is_completed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mag = World()
    mag.proposed()
    folder = tmp_path / "site"
    bring(mag, folder)
    mag.does(CIVIL, "consult comment WG-MWP Good idea.")
    write, writes = Folder.write, []

    def breaks(there: Any, each: Any) -> bool:
        writes.append(each.path)
        if len(writes) == 5:
            (folder / f"{each.path}.part").write_bytes(b"half")
            raise KeyboardInterrupt
        return write(there, each)

    monkeypatch.setattr(Folder, "write", breaks)
    with pytest.raises(KeyboardInterrupt):
        bring(mag, folder)
    monkeypatch.undo()
    mag.does(PRIVATE, "propose withdraw WG-MWP Not-now")
    bring(mag, folder)
    assert lying(folder) == whole(mag)


def test_what_is_missing_or_of_another_version_is_made_anew_and_what_is_gone_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mag = World()
    mag.proposed()
    folder = tmp_path / "site"
    first = bring(mag, folder, Wanted(MAG, BASE, ("fr",)))
    assert first.made == first.written == first.files
    assert bring(mag, folder, Wanted(MAG, BASE, ("fr",))).made == 0
    (folder / "archive.html").unlink()
    assert bring(mag, folder, Wanted(MAG, BASE, ("fr",))).written == 1
    shorter = bring(mag, folder)
    assert shorter.removed > 10
    assert not (folder / "fr" / "index.html").exists()
    monkeypatch.setattr(exporting, "_made_by", lambda: "another version")
    again = bring(mag, folder)
    assert (again.made, again.written) == (again.files, 0)
    assert bring(mag, folder, Wanted(MAG, BASE, anew=True)).made == again.files
    (folder / manifest.NAME).write_text('{"by": "another version", "sections": {"record": [[], 5]}}')
    assert bring(mag, folder).made == again.files
    assert lying(folder) == whole(mag)


def test_an_index_of_search_that_was_left_as_it_was_is_made_when_it_is_asked_for(tmp_path: Path) -> None:
    mag = World()
    mag.proposed()
    folder = tmp_path / "site"
    bring(mag, folder)
    index = (folder / paths.INDEX).read_bytes()
    mag.does(PRIVATE, "propose withdraw WG-MWP Not-now")
    for _ in range(2):
        bring(mag, folder, Wanted(MAG, BASE, keep_search=True))
        assert (folder / paths.INDEX).read_bytes() == index
    bring(mag, folder)
    assert (folder / paths.INDEX).read_bytes() != index
    assert lying(folder) == whole(mag)


def test_prints_in_a_public_folder_do_not_say_whether_a_guess_is_right(tmp_path: Path) -> None:
    """A member's position, or address, is soon guessed; whoever could check the guess against a print would know it."""
    mag = World()
    mag.approved()
    mag.does(PRIVATE, 'consensus "Move the call?" 24h', "#wg-mwp")
    mag.does(TECHNICAL, "consensus support", "#wg-mwp")
    bring(mag, tmp_path)
    found = manifest.read(tmp_path)
    assert found is not None
    listed = b"".join((tmp_path / manifest.NAME).read_bytes().split())
    with mag.store.reading() as snapshot:
        for kind in (Person, Position):
            rows = snapshot.rows(kind, MAG).rows
            guessed = Prints(b"")
            known = each_of(found.kinds[kind.__name__].rows)
            assert len(known) == len(rows) > 0
            assert set(known).isdisjoint(each_of(guessed.short(rows)))
            assert not any(guessed.of([each]).encode() in listed for each in rows)


def test_a_change_in_one_group_lists_no_other_group_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, folder, listed = MemoryStore(), tmp_path / "site", []
    Archive(3, 3, 3).fill(store)
    wanted, of_group = Wanted(BENCH, BASE, keep_search=True), Site._of_group
    with store.reading() as snapshot:
        export(snapshot, wanted, datetime.now(UTC), folder)
    one_more_document(store, GroupId("g1"), 4)

    def noted(site: Site, number: GroupId) -> Iterator[Leaf]:
        listed.append(number)
        return of_group(site, number)

    monkeypatch.setattr(Site, "_of_group", noted)
    with store.reading() as snapshot:
        done = export(snapshot, wanted, datetime.now(UTC), folder)
    assert listed == ["g1"]
    assert 0 < done.made < done.files / 2


def test_a_list_for_programs_is_listed_without_its_records_and_only_its_changed_parts_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PART", 2)
    mag = World()
    mag.approved()
    for number in range(1, 6):
        mag.does(PRIVATE, f'document add WG-MWP "Outline {number}" https://example.org/{number}', "#wg-mwp")
    folder, made = tmp_path / "site", []
    bring(mag, folder)
    make = exporting._Record._make

    def noted(record: Any, leaf: Leaf) -> Any:
        made.append(leaf.name)
        return make(record, leaf)

    def changed() -> set[str]:
        made.clear()
        bring(mag, folder)
        assert lying(folder) == whole(mag)
        return {each.removeprefix("api/v1/documents") for each in made if each.startswith("api/v1/documents")}

    monkeypatch.setattr(exporting._Record, "_make", noted)
    mag.does(PRIVATE, "document withdraw D2 Superseded.", "#wg-mwp")
    assert changed() == {"-1.json"}
    mag.does(PRIVATE, 'document add WG-MWP "Outline 6" https://example.org/6', "#wg-mwp")
    assert changed() == {"-3.json", ".json"}
    mag.does(PRIVATE, 'document add WG-MWP "Outline 7" https://example.org/7', "#wg-mwp")
    assert changed() == {"-3.json", "-4.json", ".json"}


@pytest.mark.parametrize("state", ["approved", "consulted"])
def test_whatever_has_a_page_is_in_the_record(state: str) -> None:
    """By what there is, not by who lists it: no record falls between a group and the whole."""
    mag = World()
    getattr(mag, state)()
    mag.does(SECRETARIAT, 'meeting schedule "Open consultations" "2027-02-01 10:00"', "#mag")
    mag.does(CIVIL, 'consensus "Meet in May?" 48h', "#mag")
    if state == "approved":
        mag.does(PRIVATE, 'meeting schedule "Call" "2027-02-02 10:00"', "#wg-mwp")
        mag.does(PRIVATE, 'consensus "Meet in June?" 24h', "#wg-mwp")
        mag.does(PRIVATE, 'document add WG-MWP "Outline" https://example.org/1', "#wg-mwp")
    files, pages = whole(mag), 0
    with mag.store.reading() as reads:
        site = Site(source_of(reads, MAG, datetime.now(UTC)))
        for kind in _OF:
            kept = reads.rows(kind, MAG)
            for each in map(kept.record, kept.rows):
                pages += 1
                assert site._pages.of(each)[0] in files
    assert pages >= 5


def test_an_export_writes_over_nobodys_files_nor_outside(tmp_path: Path) -> None:
    (tmp_path / "theirs.html").write_text("theirs")
    with pytest.raises(NotOurs):
        bring(World(), tmp_path)
    with pytest.raises(ValueError, match="etc"):
        Folder(tmp_path).remove("../etc")


def test_what_one_group_does_leaves_the_pages_of_the_others_alone_and_no_page_is_long(tmp_path: Path) -> None:
    store = MemoryStore()
    Archive(3, 3 * 12, 3 * 60).fill(store)
    now = datetime.now(UTC)
    with store.reading() as snapshot:
        # without documents as PDF and Word: they take most of the time, and are tested where they are made
        files = {each.path: each.content for each in _without_documents(snapshot, now)}
    assert max(len(each) for path, each in files.items() if path.endswith(".html")) < 100_000
    assert {"groups/wg-1-igf-2022/documents-1.html", "groups/wg-1-igf-2022/documents-2.html"} <= set(files)
    full = files["groups/wg-1-igf-2022/meetings-1.html"]
    one_more_document(store, GroupId("g1"), 181)
    with store.reading() as snapshot:
        later = {each.path: each.content for each in _without_documents(snapshot, now)}
    changed = {path for path, each in later.items() if files.get(path) != each}
    assert later["groups/wg-1-igf-2022/meetings-1.html"] == full
    assert not {path for path in changed if "wg-2-" in path}
    assert "documents/d181.html" in changed


def _without_documents(snapshot: Parts, now: datetime) -> Any:
    site = Site(source_of(snapshot, BENCH, now))
    return (each for leaf in site.leaves() if not leaf.name.endswith(".pdf") for each in leaf.make())


def test_the_clock_is_noted_where_it_matters() -> None:
    at = datetime(2027, 3, 1, 12, tzinfo=UTC)
    hour = timedelta(hours=1)

    def until(ask: Any) -> datetime:
        noted = Noted(MemoryStore().reading().__enter__())
        ask(Watched.of(at, noted))
        return noted.inputs.until

    assert until(lambda now: now < at + hour) == at + hour
    assert until(lambda now: at + hour > now) == at + hour
    assert until(lambda now: max(now, at + hour)) == at + hour
    assert until(lambda now: now > at - hour) == FOREVER
    assert until(lambda now: now + hour < at + 3 * hour) == at + 2 * hour
    assert until(lambda now: now - hour >= at) == at + hour
    assert until(lambda now: now.date()) == datetime(2027, 3, 2, tzinfo=UTC)
    assert until(lambda now: (now - at).total_seconds()) == at
    assert until(lambda now: f"{now:%H:%M}") == at
    assert until(lambda now: now.replace(tzinfo=None).weekday()) == at
    assert until(lambda now: at - now) == at


def test_a_record_in_several_languages_says_the_same_in_each_and_leads_from_one_to_another(tmp_path: Path) -> None:
    mag = World()
    mag.consulted()  # a check that is open: its chart says when it was drawn
    folder = tmp_path / "site"
    bring(mag, folder, Wanted(MAG, BASE, ("fr", "ar")))
    files = lying(folder)
    assert files == whole(mag, ("fr", "ar"))
    own = {
        path for path in files if not path.startswith(("fr/", "ar/", "assets/", "sitemap", "groups/wg-mwp-igf-2027."))
    }
    assert {f"fr/{path}" for path in own} <= set(files)
    page = files["ar/index.html"].decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert f'<link rel="alternate" hreflang="fr" href="{BASE}/fr/index.html">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="{BASE}/index.html">' in page
    assert 'href="../fr/index.html" hreflang="fr" lang="fr"' in page
    assert 'href="../assets/record.css"' in page
    assert f"<loc>{BASE}/ar/index.html</loc>" in files["sitemap-record.xml"].decode()
