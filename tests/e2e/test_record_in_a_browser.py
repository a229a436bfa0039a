"""The record as people meet it: every kind of page in a real browser, on a telephone and a wall, in the dark, from the right,
by keyboard alone, enlarged, on paper. Pictures of all of them are left in `build/record/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pypdf import PdfReader

from tests.support.browser.chromium import NODE, browsing
from tests.support.browser.record import FROM_THE_RIGHT, LONG, a_year_and_a_long_proposal
from tests.support.browser.site import served
from tests.support.node import installed

pytestmark = pytest.mark.slow

PICTURES = Path(__file__).parents[2] / "build" / "record"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHERE_IT_IS_NARROW = {"type": "rule", "values": ["scrollable-region-focusable", "target-size"]}
SIDES = ("", f"{FROM_THE_RIGHT}/")
"""Folders of the record that is read from the left, and of the one from the right."""
PHONE, DESK, WALL = 360, 1280, 2560
NARROWEST, ENLARGED = 320, 640
"""CSS pixels: what WCAG 1.4.10 asks for, and a desk's screen at 200 %."""

FOCUSED = """() => {
    const here = document.activeElement, look = getComputedStyle(here), box = here.getBoundingClientRect();
    return {
        order: [...document.querySelectorAll('*')].indexOf(here),
        words: here.textContent.trim().slice(0, 60),
        outlined: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""
MOVING = """() => [...document.querySelectorAll('*')].map(each => getComputedStyle(each)).filter(look =>
    look.scrollBehavior !== 'auto' || look.animationName !== 'none' || parseFloat(look.transitionDuration) > 0).length"""
REACHABLE = """() => [...document.querySelectorAll('a[href], summary, input, [tabindex="0"]')]
    .filter(each => each.checkVisibility()).length"""


@pytest.fixture(scope="module")
def record() -> dict[str, bytes]:
    return a_year_and_a_long_proposal()


@pytest.fixture(scope="module")
def address(record: dict[str, bytes]) -> Iterator[str]:
    with served(record) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="module")
def kinds(record: dict[str, bytes]) -> list[str]:
    """One page of each kind, the fullest."""

    def kind(path: str) -> str:
        return re.sub(r"wg-[a-z0-9-]+|[a-z]?[0-9]+", "", path)

    pages = sorted((path for path in record if path.endswith(".html") and not path.startswith(SIDES[1])), key=kind)
    return [max(some, key=lambda path: len(record[path])) for _, some in groupby(pages, kind)]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader whose browser complains of nothing: no error, nothing that the content security policy forbids."""
    context = browser.new_context(viewport={"width": DESK, "height": 900})
    said: list[str] = []
    context.on("console", lambda message: said.append(f"{message.page and message.page.url}: {message.text}"))
    context.on("weberror", lambda error: said.append(str(error.error)))
    yield context
    context.close()
    assert said == []


def faults(page: Page, where: str, only: object = WCAG) -> list[str]:
    """What axe-core finds on the page as it is shown now."""
    found: dict[str, Any] = page.evaluate(
        "options => axe.run(document, options)",
        {"runOnly": only, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]},
    )
    return [
        f"{where}: {fault['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else fault['help']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def test_no_page_has_a_fault_of_accessibility_in_either_theme_from_either_side(
    context: BrowserContext, address: str, kinds: list[str]
) -> None:
    axe = (installed(NODE) / "axe-core" / "axe.min.js").read_text()
    page, found = context.new_page(), list[str]()
    for path in kinds:
        for folder in SIDES:
            page.goto(f"{address}/{folder}{path}")
            page.evaluate("all => all.forEach(each => each.open = true)", page.query_selector_all("details"))
            page.evaluate(axe)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found += faults(page, f"{folder}{path}, {scheme}")
        page.set_viewport_size({"width": NARROWEST, "height": 800})
        found += faults(page, f"{path}, narrow", WHERE_IT_IS_NARROW)
        page.set_viewport_size({"width": DESK, "height": 900})
    assert len(kinds) >= 9
    assert found == []


def test_no_page_scrolls_sideways_however_narrow_or_enlarged(
    context: BrowserContext, address: str, kinds: list[str]
) -> None:
    page, wide = context.new_page(), list[str]()
    for path in kinds:
        for folder in SIDES:
            page.goto(f"{address}/{folder}{path}")
            for width in (NARROWEST, ENLARGED, WALL):
                page.set_viewport_size({"width": width, "height": 900})
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                wide += [f"{folder}{path} at {width}: {over} too wide"] if over else []
    assert wide == []


@pytest.mark.parametrize("path", ["index.html", "groups/wg-hyb-igf-2027.html", "search.html"])
def test_all_of_it_can_be_reached_by_keyboard_in_the_order_it_is_read(
    context: BrowserContext, address: str, path: str
) -> None:
    page = context.new_page()
    page.goto(f"{address}/{path}")
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUSED)
    assert (first["words"], first["seen"], first["outlined"]) == ("Skip to the content", True, True)
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    page.goto(f"{address}/{path}")
    walked = []
    for _ in range(page.evaluate(REACHABLE)):
        page.keyboard.press("Tab")
        walked.append(page.evaluate(FOCUSED))
    assert [each for each in walked if not each["outlined"] or not each["seen"]] == []
    orders = [each["order"] for each in walked]
    assert orders == sorted(set(orders)), "in order, none twice, so none is missing"
    if page.query_selector("summary"):
        page.focus("summary")
        page.keyboard.press("Enter")
        assert page.evaluate("document.querySelector('details').open")


def test_nothing_moves_and_colours_are_the_readers_own(browser: Browser, address: str) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{address}/decisions/1.html")
    assert page.evaluate(MOVING) == 0
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["outlined"]
    assert page.evaluate("getComputedStyle(document.querySelector('.pill')).borderTopStyle") == "solid"
    context.close()


def test_words_are_found_without_a_server(
    context: BrowserContext, address: str, record: dict[str, bytes], tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(f"{address}/index.html")
    page.get_by_role("link", name="Search", exact=True).click()

    def results(asked: str) -> list[str]:
        page.get_by_role("searchbox").fill(asked)
        return page.locator("#results a").all_inner_texts()

    assert results("hybrid meetings")[0] == "WG-HYB · Hybrid Meetings"
    assert page.locator("#found").inner_text().startswith("Pages found: ")
    assert results("Multi year PROGRAM")[0] == "WG-MWP · Multi-year Strategic Work Programme"
    assert any("R2" in each for each in results("registraton")), "one letter is missing"
    assert results("işik") == results("isik"), "accents are not asked for"
    assert results("wg-data")[0].startswith("WG-DATA")
    assert results("xylophone") == []
    assert page.locator("#found").inner_text().startswith("Nothing is found")
    page.goto(f"{address}/search.html?q=hybrid")
    page.locator("#results a").first.click()
    assert page.url.startswith(f"{address}/")
    assert page.get_by_role("main").inner_text()
    for path, content in record.items():
        if path.startswith(("search", "assets/")):
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_bytes(content)
    page.goto(f"{(tmp_path / 'search.html').as_uri()}?q=hybrid")
    assert results("hybrid")[0] == "WG-HYB · Hybrid Meetings"


def test_without_javascript_search_says_so_and_lists_every_group(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search.html")
    assert page.get_by_text("Search needs JavaScript").is_visible()
    assert page.get_by_role("searchbox").count() == 0
    assert page.get_by_role("link", name="WG-LONG").is_visible()
    context.close()


def test_the_search_library_is_the_one_that_is_pinned() -> None:
    package = installed(NODE) / "minisearch"
    assets = Path(__file__).parents[2] / "adapters" / "web" / "assets"
    assert (assets / "minisearch.js").read_bytes() == (package / "dist" / "umd" / "index.js").read_bytes()
    assert (assets / "minisearch-licence.txt").read_bytes() == (package / "LICENSE.txt").read_bytes()


def test_a_long_proposal_is_two_or_three_pages_on_paper(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/{LONG}")
    paper = page.pdf(prefer_css_page_size=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    PICTURES.joinpath("proposal.pdf").write_bytes(paper)
    printed = PdfReader(BytesIO(paper))
    assert 2 <= len(printed.pages) <= 3
    for number, sheet in enumerate(printed.pages, start=1):
        text = sheet.extract_text()
        assert "WG-LONG" in text, "each says what it is"
        assert re.search(rf"\b{number}\b", text), "and which"
    assert "Skip to the content" not in printed.pages[0].extract_text()


def test_every_kind_of_page_is_shown_at_three_widths(browser: Browser, address: str, kinds: list[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width, height in ((PHONE, 740), (DESK, 900), (WALL, 1440)):
        others = ((SIDES[0], "dark"), (SIDES[1], "light")) if width == DESK else ()
        for folder, scheme in ((SIDES[0], "light"), *others):
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            for path in kinds:
                page.goto(f"{address}/{folder}{path}")
                name = f"{path.removesuffix('.html').replace('/', '-')}-{width}-{scheme}{folder.strip('/') and '-from-the-right'}.png"
                page.screenshot(path=PICTURES / name, full_page=width != WALL)
            context.close()
