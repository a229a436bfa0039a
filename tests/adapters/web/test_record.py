"""The public record of a formation, exported whole: valid, linked, readable by programs, and without what is not for the public."""

from __future__ import annotations

import gc
import json
import posixpath
import re
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import feedparser
import html5lib
import pytest
from icalendar import Calendar
from PIL import Image
from pypdf import PdfReader

from adapters.main import main
from adapters.shared.catalogs import direction
from adapters.web import manifest, pictures
from adapters.web.divided import Ended
from adapters.web.export import Wanted, export
from adapters.web.folder import Folder
from adapters.web.prose import Prose, markdown, public
from adapters.web.search import terms
from adapters.web.site import record
from bot.domain.community import Community
from bot.domain.conduct_reports import ConductReport
from bot.domain.groups import find_group
from bot.domain.ids import PersonId
from bot.domain.languages import PSEUDO
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.minutes import Minute
from bot.domain.people import Account, Person
from bot.domain.recommendations import Recommendation, RecommendationText
from bot.domain.summaries import Summary
from bot.ports import UnitOfWork
from storage.store import SqlStore
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, PRIVATE_TOO, SECRETARIAT, TECHNICAL, World
from tests.scenarios.a_year import SECRET, Year
from tests.scenarios.test_a_year import ACTS
from tests.support.plain_words import Known, PlainWords, names, read_of, sentences

BASE = "https://record.example.org/wg"
PLANTED = (
    "Report-of-misconduct", "Draft-of-a-summary", "Draft-of-a-recommendation", "Secret-way-to-join", "Secret-place-said",
    "Reason-for-my-position", "Only-in-a-draft-form", "someone@private.example", "@someone:private.example",
)  # fmt: skip
"""What must not be found anywhere."""


@dataclass(frozen=True)
class Exported:
    """A record, with what a test wants to know of the state it was made from."""

    files: dict[str, bytes]
    secrets: frozenset[str]
    ids: frozenset[str]
    folder: Path

    def text(self, path: str) -> str:
        return self.files[path].decode()

    @property
    def pages(self) -> dict[str, str]:
        return {path: self.text(path) for path in self.files if path.endswith(".html")}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A formation with an objection answered over and one named, a group at work, one being formed; secrets beside it."""
    mag = World()
    mag.proposed("WG-MWP", more=f'--co-proposers "{TECHNICAL}"')
    mag.does(TECHNICAL, "propose confirm WG-MWP")
    mag.does(OBSERVER, "consult comment WG-MWP Write to someone@private.example or @someone:private.example")
    mag.does(CIVIL, 'consult comment WG-MWP concern "See <script>alert(1)</script> [here](https://example.org)"')
    mag.does(PRIVATE, 'propose revise WG-MWP --objectives "- Collect the work areas by April 2027"')
    mag.later("7d")
    mag.does(PRIVATE, 'consult respond WG-MWP 2 "Decisions are taken on the list"')
    for person in mag.supporters():
        mag.does(person, "consensus support")
    mag.does(PRIVATE_TOO, "consensus object 1 Who pays?")
    mag.does(GOVERNMENT, 'consensus object 1 "Too early" --public')
    mag.does(CIVIL, "consensus live-with 1 Reason-for-my-position")
    mag.later("7d")
    mag.does(CHAIR, 'consensus answer 1 1 "Estimated first."')
    mag.does(CHAIR, 'consensus answer 1 2 "It begins in May."')
    mag.does(
        CHAIR,
        f'approve WG-MWP {PRIVATE}, {TECHNICAL} --rationale "All want it." --minority "Somebody finds it too early."',
    )
    mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --secret', "#wg-mwp")
    mag.proposed("WG-CO")
    with mag.store.writing([MAG]) as work:
        _plant(work, datetime(2027, 1, 15, 9, tzinfo=UTC))
    with mag.store.reading() as reads:
        people = reads.all(Person, community=MAG)
        secrets = {each.email for each in people if each.email} | {each.id for each in people}
        secrets |= {
            each.user for each in reads.all(Account, community=MAG) if each.user not in {p.name for p in people}
        }
        files = {each.path: each.content for each in record(reads, MAG, datetime.now(UTC), BASE)}
        folder = tmp_path_factory.mktemp("record")
        export(reads, Wanted(MAG, BASE), datetime.now(UTC), folder)
    return Exported(files, frozenset(secrets) | set(PLANTED), frozenset(each.id for each in people), folder)


def _plant(work: UnitOfWork, now: datetime) -> None:
    group = find_group(work, MAG, "WG-MWP")
    someone = next(each.id for each in work.all(Person, community=MAG) if each.name == CIVIL)
    hour = timedelta(hours=1)
    work.put(ConductReport(MAG, "k3", someone, (), "Report-of-misconduct", now))
    for number, approved in ((91, None), (92, now)):
        work.put(
            Meeting(
                MAG, number, group.id, "First call", "", "https://meet.example/Secret-way-to-join", now, now + hour, "UTC",
                someone, now, now, state=MeetingState.ENDED, started_at=now, ended_at=now + hour, summarised_at=approved,
            )
        )  # fmt: skip
        text = "What was *said*." if approved else "Draft-of-a-summary"
        work.put(Summary(MAG, number, text, someone, now, someone if approved else None, approved))
    work.put(Minute(MAG, group.id, 1, someone, "A note", "https://chat.example/Secret-place-said", now))
    work.put(Recommendation(MAG, 91, group.id, "Draft-of-a-recommendation", PersonId(someone), now, 1))
    work.put(RecommendationText(MAG, 91, 1, PersonId(someone), now, "Draft-of-a-recommendation"))


def readable(path: str, content: bytes) -> str:
    """All the text of a file, whatever its kind."""
    if path.endswith(".docx"):
        with ZipFile(BytesIO(content)) as file:
            return "\n".join(file.read(name).decode(errors="replace") for name in file.namelist())
    if path.endswith(".pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return content.decode(errors="replace") if path.endswith(".png") else content.decode()


def test_nothing_confidential_is_anywhere(exported: Exported) -> None:
    found = [
        (path, secret)
        for path, content in exported.files.items()
        for text in [readable(path, content)]
        for secret in exported.secrets
        if secret in text
    ]
    assert found == []
    assert len(exported.secrets) > 40  # everybody's address and id


def test_what_an_export_keeps_for_the_next_has_no_secret_and_is_for_its_owner(exported: Exported) -> None:
    """Ids that mean nothing by themselves are in it: by them it is asked again what a page was made from."""
    lying = {path for path in exported.folder.rglob("*") if path.is_file()}
    kept = {path for path in lying if path.relative_to(exported.folder).as_posix() not in exported.files}
    assert {path.name for path in kept} == {manifest.NAME}
    for path in kept:
        content = path.read_text()
        assert [each for each in exported.secrets - exported.ids if each in content] == []
        assert path.stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o777 for path in lying - kept} == {0o644}


def test_positions_are_counted_by_stakeholder_group_and_taken_by_nobody(exported: Exported) -> None:
    page = exported.text("decisions/1.html")
    assert "Technical Community" in page
    for name in (CIVIL, PRIVATE_TOO, "Chiara C."):
        assert name not in page
        assert name not in exported.text("api/v1/decisions/1.json")


def test_an_objection_has_its_author_only_with_consent_and_what_was_answered(exported: Exported) -> None:
    named, unnamed = (
        next(
            each for each in json.loads(exported.text("api/v1/decisions/1.json"))["objections"] if each["text"] == text
        )
        for text in ("Too early", "Who pays?")
    )
    assert (named["by"], unnamed["by"]) == (GOVERNMENT, "a member")
    assert {named["answer"], unnamed["answer"]} == {"It begins in May.", "Estimated first."}
    page = exported.text("decisions/1.html")
    for said in ("Who pays?", "Estimated first.", "All want it.", "Somebody finds it too early."):
        assert said in page


def test_every_page_is_valid(exported: Exported) -> None:
    for path, page in exported.pages.items():
        html5lib.HTMLParser(strict=True).parse(page)
        scripts = re.findall(r"<script[^>]*>[^<]*", page)
        assert [each for each in scripts if not re.fullmatch(r'<script defer src="[^":]+">', each)] == []
        assert scripts == [] or path == "search.html"
        assert " style=" not in page
        assert len(page.encode()) < 100_000


def test_every_link_leads_somewhere_in_any_folder(exported: Exported) -> None:
    for path, page in exported.pages.items():
        ids = set(re.findall(r' id="([^"]+)"', page))
        for link in re.findall(r' (?:href|src)="([^"]+)"', page):
            if link.startswith(BASE):
                assert link == f"{BASE}/{path}"
                continue
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme == "https"
                assert 'rel="nofollow ugc noopener"' in page
                continue
            if not parts.path:
                assert parts.fragment in ids, (path, link)
                continue
            assert not parts.path.startswith("/")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path))
            assert target in exported.files, (path, link)
            if parts.fragment:
                assert f' id="{parts.fragment}"' in exported.text(target), (path, link)


def test_every_page_but_the_front_is_reached_from_it(exported: Exported) -> None:
    seen, waiting = set[str](), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in seen or path not in exported.pages:
            continue
        seen.add(path)
        links = (urlsplit(each).path for each in re.findall(r'href="([^":]+)"', exported.text(path)))
        waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(path), each)) for each in links if each]
    assert seen == set(exported.pages)


def test_a_picture_has_words_and_a_table_beside_it(exported: Exported) -> None:
    for path in ("decisions/1.html", "groups/wg-mwp-igf-2027.html"):
        page = exported.text(path)
        for picture in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
            assert 'role="img"' in picture
            assert "<title" in picture
            assert re.search(r'aria-labelledby="[^"]+"', picture)
        assert page.index("<svg") < page.rindex("<table")


def test_a_shared_link_has_a_picture_and_says_what_it_leads_to(exported: Exported) -> None:
    for path, page in exported.pages.items():
        said = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page))
        assert said["og:url"] == f"{BASE}/{path}"
        assert said["og:title"]
        assert said["og:description"] == said["description"] != ""
        assert (said["og:image"], said["twitter:card"]) == (f"{BASE}/assets/card.png", "summary_large_image")
    with Image.open(BytesIO(exported.files["assets/card.png"])) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_what_is_published_is_found_and_nothing_else(exported: Exported) -> None:
    text = exported.text("search/index.js")
    index = json.loads(
        re.sub(r"\\(.)", r"\1", text.removeprefix("self.recordIndex = JSON.parse('").removesuffix("');\n"))
    )
    assert (
        index["documentCount"] == len(index["documentIds"]) == len(index["fieldLength"]) == len(index["storedFields"])
    )
    paths = {each["path"].partition("#")[0] for each in index["storedFields"].values()}
    lists = {path for path in exported.pages if re.search(r"-[0-9]+\.html$", path) and path.count("/") > 1}
    assert paths == {path for path in exported.pages if "/" in path} - {each for each in lists if "updates" not in each}
    where = dict(index["index"])
    (decision,) = (number for number, each in index["storedFields"].items() if each["path"] == "decisions/1.html")
    assert decision in where["pays"]["1"], "the words of an objection"
    assert list(terms("L’Été: المَجموعة, WG-MWP 2027")) == ["l", "ete", "مجموعه", "wg", "mwp", "2027"]


def test_a_late_summary_stands_there_plainly_and_a_draft_does_not(exported: Exported) -> None:
    assert "Its summary was due" in exported.text("meetings/91.html")
    assert "What was <em>said</em>." in exported.text("meetings/92.html")
    assert "Summary late" in exported.text("groups/wg-mwp-igf-2027.html")
    late = json.loads(exported.text("api/v1/index.json"))["late"]["entries"]
    assert [each["path"] for each in late] == ["meetings/91.html"]


def test_feeds_are_read_back(exported: Exported) -> None:
    for path in ("feeds/all.atom", "feeds/open.atom", "feeds/wg-mwp-igf-2027.atom"):
        feed = feedparser.parse(exported.files[path])
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.version == "atom10"
        assert len({each.id for each in feed.entries}) == len(feed.entries) > 0
        for each in feed.entries:
            assert each.link.removeprefix(f"{BASE}/").partition("#")[0] in exported.files
    (opened,) = feedparser.parse(exported.files["feeds/open.atom"]).entries
    assert "WG-CO" in opened.title


def test_calendars_and_the_sitemap_are_read_back(exported: Exported) -> None:
    everything = Calendar.from_ical(exported.files["calendars/all.ics"])
    assert any("WG-CO" in str(each["summary"]) for each in everything.walk("VEVENT"))
    met = Calendar.from_ical(exported.files["calendars/wg-mwp-igf-2027.ics"])
    assert len(met.walk("VEVENT")) == 2
    sitemaps = re.findall(rf"<loc>{re.escape(BASE)}/(.*?)</loc>", exported.text("sitemap.xml"))
    addresses = [each for name in sitemaps for each in re.findall(r"<loc>(.*?)</loc>", exported.text(name))]
    assert sorted(each.removeprefix(f"{BASE}/") for each in addresses) == sorted(exported.pages)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("days", [1, 20, 45, 260, 400])
def test_the_life_of_a_group_goes_the_way_one_reads_and_no_label_stands_on_another(language: str, days: int) -> None:
    begun = datetime(2027, 1, 11, 10, tzinfo=UTC)
    life = tuple(
        pictures.Phase(key, pictures.PHASES[key], begun + timedelta(days=first), begun + timedelta(days=last))
        for key, first, last in (("consultation", 0, 1), ("active", 1, days + 1))
    )
    drawn = str(pictures.timeline("wg", life, Prose(language, "UTC")))
    bars = [
        (float(x), float(width))
        for x, width in re.findall(r'<rect class="phase [^"]*" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
    ]
    assert len(bars) == 2
    assert (bars[0] < bars[1]) is (language != "ar")
    spans = []
    for x, anchor, label in re.findall(r'x="([\d.]+)" y="54" text-anchor="(\w+)">([^<]*)<', drawn):
        wide = 7 * len(label)
        left = float(x) - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        spans.append((left, left + wide))
    spans.sort()
    assert spans
    assert spans[0][0] >= 0
    assert spans[-1][1] <= 720
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_days_are_written_as_the_language_writes_them() -> None:
    mag = World()
    mag.proposed("WG-MWP", more="--ends-on 2027-06-30")
    mag.does(CIVIL, "consult comment WG-MWP Good idea.")
    mag.later("7d")
    mag.does(SECRETARIAT, 'consensus record WG-MWP --on 2027-01-15 --presided "Amina A."')
    with mag.store.reading() as reads:
        files = {each.path: each.content for each in record(reads, MAG, datetime.now(UTC), BASE, ("fr", "ar"))}
    pages = {path: content.decode() for path, content in files.items() if path.endswith(".html")}
    shown = {
        path: re.sub(r"<(?!text)[^>]*>|<script.*?</script>", "", page, flags=re.DOTALL) for path, page in pages.items()
    }
    assert not [(path, found) for path, page in shown.items() for found in re.findall(r"\b20\d\d-\d\d-\d\d\b", page)]
    assert '<time datetime="2027-11-30">mar. 30 nov. 2027</time>' in pages["fr/index.html"]
    assert "الثلاثاء، 30 نوفمبر 2027" in shown["ar/archive.html"]
    assert re.search(r'<text class="tick-label"[^>]*>lun. 11 janv. 2027<', pages["fr/groups/wg-mwp-igf-2027.html"])


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_record_of_a_year_is_whole_valid_and_silent_on_what_was_said_in_confidence(tmp_path: Path) -> None:
    mag = Year()
    for act in ACTS:
        act(mag)
    with mag.store.reading() as reads:
        people = reads.all(Person, community=MAG)
        files = {each.path: each.content for each in record(reads, MAG, datetime.now(UTC), BASE)}
        secrets = {each.email for each in people if each.email} | {each.id for each in people} | {SECRET}
        export(reads, Wanted(MAG, BASE), datetime.now(UTC), tmp_path)
    year = Exported(files, frozenset(secrets), frozenset(each.id for each in people), tmp_path)
    test_every_page_is_valid(year)
    test_every_link_leads_somewhere_in_any_folder(year)
    test_every_page_but_the_front_is_reached_from_it(year)
    test_nothing_confidential_is_anywhere(year)
    test_what_an_export_keeps_for_the_next_has_no_secret_and_is_for_its_owner(year)
    assert "Dissolved" in year.text("archive.html")
    every_sentence_of_it_can_be_translated(mag)


def every_sentence_of_it_can_be_translated(mag: Year) -> None:
    """In the pseudo-locale nothing stays plain but what people typed: in answers, messages and start pages, on every page."""
    with mag.store.writing([MAG]) as work:
        community = work.get(Community, MAG)
        assert community is not None
        work.put(replace(community, language=PSEUDO))
    posted = (*mag.posts.values(), *mag.pages.values())
    shown = [*(each.view for each in mag.answers), *(each.view for each in posted)]
    said = {sentence for view in shown for sentence in sentences(view, PlainWords())}
    with mag.store.reading() as reads:
        known = Known(mag.typed, names(reads, MAG))
        for each in record(reads, MAG, datetime.now(UTC), BASE):
            if each.path.endswith(".html"):
                said |= set(read_of(each.content.decode()))
            elif each.path.endswith(".atom"):
                said |= {text for _, text in re.findall(r"<(title|summary)[^>]*>(.*?)</", each.content.decode())}
    assert len(said) > 2_000
    assert {strange: sentence for sentence in said for strange in known.strange(sentence)} == {}


def test_the_command_writes_it_and_says_what_it_wrote(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> None:
        raise Ended("somebody ended it")

    with closing(SqlStore.open(sqlite_url)) as store:
        World(store).proposed()
    folder = tmp_path / "site"
    typed = ["site", "--database", sqlite_url, "export", str(folder)]
    try:
        assert main(typed) == 0
        assert (folder / "groups" / "wg-mwp-igf-2027.html").exists()
        assert "made anew" in capsys.readouterr().out
        assert main(typed) == 0
        assert " 0 made anew, 0 of them written because they differ, 0 taken away" in capsys.readouterr().out
        assert main([*typed, "--community", "nope"]) == 1
        assert "There is: mag." in capsys.readouterr().err
        assert main([*typed[:-1], str(tmp_path)]) == 1
        assert "has something else in it" in capsys.readouterr().err
        assert main([*typed, "--url", "www.example.org"]) == 1
        assert "'www.example.org' is no web address: write it whole" in capsys.readouterr().err
        assert main(["site", "--database", f"sqlite:///{tmp_path}/nope.db", "export", str(folder)]) == 1
        assert f"There is no database at {tmp_path}/nope.db." in capsys.readouterr().err
        in_the_way = tmp_path / "file"
        in_the_way.touch()
        assert main([*typed[:-1], str(in_the_way / "site")]) == 1
        assert f"broken off: {in_the_way}/site: Not a directory. Mend that" in capsys.readouterr().err
        monkeypatch.setattr(Folder, "end", ended)
        assert main([*typed, "--anew"]) == 1
        assert "broken off: somebody ended it. Say the same again" in capsys.readouterr().err
    finally:
        gc.enable()  # the program switches it off while it starts


def test_a_program_that_does_nothing_else_writes_the_same(sqlite_url: str, tmp_path: Path) -> None:
    """It loads what it needs, and no command of wgbot's: nothing of the record hangs on what else was loaded."""
    with closing(SqlStore.open(sqlite_url)) as store:
        World(store).approved()
        with store.reading() as reads:
            expected = {each.path: each.content for each in record(reads, MAG, datetime.now(UTC), BASE)}
    folder = tmp_path / "site"
    typed = ["-m", "adapters.main", "site", "--database", sqlite_url, "export", str(folder), "--url", BASE]
    subprocess.run([sys.executable, *typed], check=True)
    written = {each.relative_to(folder).as_posix(): each for each in folder.rglob("*") if each.is_file()}
    assert {path for path in written if not path.startswith(".")} == expected.keys()
    assert [path for path, content in expected.items() if written[path].read_bytes() != content] == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://spy.example/p.png)", '<img src=x onerror="a()">',
        "<a href='https://x.example' onclick='a()'>x</a>", "[x](data:text/html,x)",
    ],
)  # fmt: skip
def test_what_members_write_is_harmless(hostile: str) -> None:
    html = markdown(hostile)
    assert not re.search(r"<(script|img|a [^>]*on\w+=)", html)
    assert not re.search(r'href="(javascript|data):', html)


def test_addresses_are_withheld_and_links_are_not_ours() -> None:
    assert public("Ask nia.b+x@example.org, @nia:example.org or #room:example.org.") == (
        "Ask [address withheld], [address withheld] or #room:example.org."
    )
    assert 'rel="nofollow ugc noopener"' in markdown("<https://example.org>")
    assert "example.org" not in markdown("<nia@example.org>")


def test_languages_are_read_their_own_way() -> None:
    assert [direction(each) for each in ("en", "ar", "ar-EG", "fr", "he")] == ["ltr", "rtl", "rtl", "ltr", "rtl"]
