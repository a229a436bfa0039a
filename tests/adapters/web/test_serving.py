"""The record as it is served: the same as what is exported, with headers that keep browsers from doing more than show it."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession

from adapters.shared.http import Listening, application, server
from adapters.web import serving
from adapters.web.inputs import FOREVER
from adapters.web.leaves import Leaf
from adapters.web.serving import Record, media_type
from adapters.web.site import Site, one, record, source_of
from tests.builders import MAG, PRIVATE, World

Got = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def mag() -> World:
    mag = World()
    mag.proposed()
    mag.does("Yusuf A.", "consult comment WG-MWP Good idea.")
    return mag


def got(mag: World, *asked: tuple[str, dict[str, str]], method: str = "GET") -> list[Got]:
    """What a browser gets, by a real server."""

    async def ask() -> list[Got]:
        web = server(application(Record(mag.store, MAG).routes()), Listening(port=0))
        serving = asyncio.create_task(web.serve())
        await web.listening.wait()
        answers = []
        async with ClientSession(f"http://127.0.0.1:{web.port}") as browser:
            for path, headers in asked:
                async with browser.request(method, path, headers=headers) as answer:
                    answers.append(
                        (
                            answer.status,
                            {name.lower(): each for name, each in answer.headers.items()},
                            await answer.read(),
                        )
                    )
        web.should_exit = True
        await serving
        return answers

    return asyncio.run(ask())


def test_each_page_with_its_headers_and_not_twice(mag: World) -> None:
    ((status, headers, page),) = got(mag, ("/record", {}))
    assert status == 200
    assert b"Open now" in page
    assert headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    ((_, headers, _),) = got(mag, ("/record/search.html", {}))
    assert "script-src 'self'" in headers["content-security-policy"]
    ((_, headers, _),) = got(mag, ("/record", {}))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    again, other = got(mag, ("/record/", {"If-None-Match": headers["etag"]}), ("/record/", {"If-None-Match": '"x"'}))
    assert (again[0], again[2]) == (304, b"")
    assert other[0] == 200


def test_search_engines_are_told_where_to_look(mag: World) -> None:
    ((status, _, said),) = got(mag, ("/robots.txt", {}))
    assert (status, said) == (200, b"User-agent: *\nAllow: /record/\n")


@pytest.mark.parametrize(
    "path",
    [
        "groups/nope.html", "decisions/99.html", "decisions/x.html", "decisions/01.html", "..%2f..%2fetc/passwd", "assets/site.py",
        "recommendations/r1.html", "api/v1/nope.json", "api/v1/decisions/99.json", "feeds/nope.atom", "groups/.html", "calendars/x.ics",
        "groups/%0a.html", "index.html%0a", "%00", "%ff", "//",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(mag: World, path: str) -> None:
    ((status, headers, _),) = got(mag, (f"/record/{path}", {}))
    assert status == 404
    assert headers["x-content-type-options"] == "nosniff"


def test_what_is_served_is_what_is_exported(mag: World) -> None:
    now = datetime.now(UTC)
    with mag.store.reading() as reads:
        files = list(record(reads, MAG, now, "https://wg.example.org", ["fr"]))
        assert [one(reads, MAG, now, each.path, "https://wg.example.org", ["fr"]) for each in files] == files


def test_a_page_is_made_once_until_something_happens_and_packed_for_who_takes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mag = World()
    mag.proposed()
    made: list[str] = []
    at = Site.at

    def noting(site: Site, path: str) -> Leaf | None:
        made.append(path)
        return at(site, path)

    monkeypatch.setattr(Site, "at", noting)
    monkeypatch.setattr(serving, "REST", 0)
    kept = Record(mag.store, MAG)
    first = kept._made("index.html")
    kept._keep("index.html", first)
    again = kept._made("index.html")
    assert first is not None
    assert again is not None
    assert again.content == first.content
    assert made == ["index.html"]
    mag.does("Yusuf A.", "consult comment WG-MWP Good idea.")
    kept._made("index.html")
    mag.later("8d")
    later = kept._made("index.html")
    assert later is not None
    assert later.content != first.content
    assert len(made) == 3
    (plain, packed) = got(mag, ("/record/", {"Accept-Encoding": "identity"}), ("/record/", {"Accept-Encoding": "gzip"}))
    assert plain[2] == packed[2]
    assert plain[1]["etag"] != packed[1]["etag"]
    assert packed[1]["content-encoding"] == "gzip"


def test_state_is_looked_at_once_for_all_pages_and_a_page_is_made_once_for_all_who_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mag = World()
    mag.proposed()
    monkeypatch.setattr(serving, "REST", 0)
    monkeypatch.setattr(serving, "LOOKED", 60)
    kept = Record(mag.store, MAG)
    made: list[str] = []
    make = kept._made

    def noting(path: str) -> serving.Kept | None:
        made.append(path)
        time.sleep(0.05)  # long enough for others to ask meanwhile
        return make(path)

    monkeypatch.setattr(kept, "_made", noting)

    async def ask(*paths: str) -> list[serving.Kept | None]:
        return list(await asyncio.gather(*map(kept._now, paths)))

    front, *same = asyncio.run(ask(*["index.html"] * 5, "archive.html"))
    assert front is not None
    assert all(each is front for each in same[:-1])
    assert sorted(made) == ["archive.html", "index.html"]
    assert all(each is not None and kept._holds(each) for each in (front, *same))
    mag.does("Yusuf A.", "consult comment WG-MWP Good idea.")
    asyncio.run(ask("search.html"))  # whoever looks at state looks for all
    assert not kept._holds(front)
    (later,) = asyncio.run(ask("index.html"))
    assert later is not None
    assert kept._holds(later)
    monkeypatch.setattr(serving, "LOOKED", 0)
    assert not kept._holds(later)


def test_a_page_holds_no_longer_than_the_clock_lets_it_without_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LOOKED", 60)
    mag = World()
    mag.proposed()
    kept = Record(mag.store, MAG)
    front = kept._made("index.html")
    assert front is not None
    still = replace(front, rests_until=0)
    assert kept._holds(still)
    assert not kept._holds(replace(still, until=datetime(2020, 1, 1, tzinfo=UTC)))


def test_work_that_is_kept_is_done_anew_when_something_happened_or_the_clock_says_so() -> None:
    mag = World()
    mag.approved()
    mag.does(PRIVATE, 'meeting schedule "First call" "2027-02-08 14:00"', "#wg-mwp")
    kept = Record(mag.store, MAG, "", ["fr"])

    def served(path: str) -> serving.Kept:
        found = kept._made(path)
        with mag.store.reading() as reads:
            exported = one(reads, MAG, datetime.now(UTC), path, "", ["fr"])
        assert found is not None
        assert exported is not None
        assert found.content == exported.content
        return found

    first, french = served("feeds/all.atom"), served("fr/feeds/all.atom")
    assert b"First call" not in first.content
    assert french.until == first.until < FOREVER  # what it was made with says until when it holds, whoever did the work
    mag.does(PRIVATE, 'update WG-MWP "The outline is done."', "#wg-mwp")
    assert served("feeds/all.atom").content != first.content
    with mag.store.reading() as reads:
        hours = (first.until - source_of(reads, MAG, datetime.now(UTC)).now) // timedelta(hours=1) + 1
    mag.later(f"{hours}h")
    assert b"First call" in served("fr/feeds/all.atom").content


def test_it_begins_with_the_front_page_made_in_every_language() -> None:
    mag = World()
    mag.proposed()
    kept = Record(mag.store, MAG, "", ["fr"])
    kept.ready()
    assert list(kept._kept) == ["index.html", "fr/index.html"]


def test_what_most_ask_for_is_made_ahead_when_nobody_waits_and_no_more_once_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mag = World()
    mag.approved()
    kept = Record(mag.store, MAG)
    asyncio.run(kept.ahead())
    assert list(kept._kept) == ["groups/wg-mwp-igf-2027.html", "feeds/all.atom"]

    made: list[str] = []
    again = Record(mag.store, MAG)
    make = again._made

    def slowly(path: str) -> serving.Kept | None:
        time.sleep(0.1)
        made.append(path)
        return make(path)

    monkeypatch.setattr(again, "_made", slowly)

    async def stopped() -> None:
        begun, now = asyncio.Event(), again._now

        async def noted(path: str) -> serving.Kept | None:
            begun.set()
            return await now(path)

        asked = asyncio.create_task(now("archive.html"))
        await asyncio.sleep(0)
        monkeypatch.setattr(again, "_now", noted)
        ahead = asyncio.create_task(again.ahead())
        await begun.wait()
        assert asked.done()
        assert made == ["archive.html"]
        ahead.cancel()
        await asyncio.wait({ahead})
        assert not again._under_way

    asyncio.run(stopped())
    assert made == ["archive.html", "groups/wg-mwp-igf-2027.html"]


def test_a_list_for_programs_leads_on_and_errors_are_for_programs(mag: World) -> None:
    groups, missing, head = got(
        mag, ("/record/api/v1/groups.json", {}), ("/record/api/v1/groups-9.json", {}), ("/record/fr/", {})
    )
    listed = json.loads(groups[2])
    assert listed["total"] == 1
    assert listed["items"][0]["id"] == "groups/wg-mwp-igf-2027"
    assert json.loads(missing[2]) == {
        "type": "about:blank",
        "title": "There is nothing at this address.",
        "status": 404,
    }
    assert missing[1]["content-type"] == "application/problem+json"
    assert head[0] == 404


def test_what_is_not_there_is_told_to_programs_whatever_they_ask_for(mag: World) -> None:
    for status, headers, said in got(
        mag, *((f"/record/api/v1/{path}", {}) for path in ("a%0ab.json", "%0a", "", "a/"))
    ):
        assert (status, headers["content-type"]) == (404, "application/problem+json")
        assert json.loads(said)["status"] == 404


def test_what_is_not_taken_is_not_packed(mag: World) -> None:
    asked = {
        "gzip": True, "br, gzip;q=0.5": True, "*": True, "GZIP": True, "br;q=1, *;q=0.1": True,
        "": False, "identity": False, "gzip;q=0": False, "gzip; q=0.000, *": False, "*;q=0": False, "x-gzipped": False, "gzip;q=x": False,
    }  # fmt: skip
    answers = got(mag, *(("/record/", {"Accept-Encoding": each}) for each in asked))
    packed = [headers.get("content-encoding") == "gzip" for _, headers, _ in answers]
    assert dict(zip(asked, packed, strict=True)) == asked


def test_the_record_is_only_read(mag: World) -> None:
    paths = ("/record/", "/record/api/v1/groups.json", "/record/api/v1/groups-9.json", "/record/x%0ay")
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        for status, headers, _ in got(mag, *((path, {}) for path in paths), method=method):
            assert status == 405
            assert {each.strip() for each in headers["allow"].split(",")} == {"GET", "HEAD"}
    asked = [(path, {"Accept-Encoding": "identity"}) for path in paths]
    for whole, head in zip(got(mag, *asked), got(mag, *asked, method="HEAD"), strict=True):
        same = whole[1] | {"date": head[1]["date"]}
        assert head == (whole[0], same, b"")


def test_any_site_may_read_what_is_for_programs_and_learns_why_not(mag: World) -> None:
    asked: tuple[tuple[str, dict[str, str]], ...] = (("/record/api/v1/index.json", {}), ("/record/index.html", {}))
    for status, (data, page) in ((200, got(mag, *asked)), (405, got(mag, *asked, method="DELETE"))):
        assert (data[0], page[0]) == (status, status)
        assert data[1]["access-control-allow-origin"] == "*"
        assert "access-control-allow-origin" not in page[1]
    data, page = got(mag, *asked, method="DELETE")
    assert data[1]["content-type"] == "application/problem+json"
    assert json.loads(data[2]) == {"type": "about:blank", "title": "The record is only read.", "status": 405}
    assert data[1]["allow"] == page[1]["allow"] == "GET, HEAD"
    assert page[2] == b"The record is only read."


def test_types_are_named() -> None:
    names = {
        "a.html": "text/html",
        "a.atom": "application/atom+xml",
        "a.ics": "text/calendar",
        "a.json": "application/json",
    }
    assert {name: media_type(name) for name in names} == names
