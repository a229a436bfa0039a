"""A record to look at: most of a year of the MAG, with a long proposal open for comment, in files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from adapters.web.rendering import press_of
from adapters.web.site import Site, record, source_of, tongues_of
from bot.domain.community import Community
from tests.builders import MAG, PRIVATE, TECHNICAL
from tests.scenarios.a_year import Year
from tests.scenarios.a_year_ends import a_minority_view_travels
from tests.scenarios.test_a_year import ACTS

LONG: Final = "groups/wg-long-igf-2027.html"

_WHY: Final = (
    "The programme of a year is decided anew every year, and what was learned in the last is often lost on the way. ",
    "Those who follow the work from far away, and in other languages than that of the meeting, learn of it too late. ",
    "A smaller group can read what was said in every region, and bring it back in a form that all can speak to. ",
    "It does so within the responsibilities of the MAG, and decides nothing that is for the whole of it to decide. ",
)


def a_year_and_a_long_proposal() -> dict[str, dict[str, bytes]]:
    """The files of the record, by the folder they are served in: once read from the left, once from the right."""
    mag = Year()
    for act in ACTS[: ACTS.index(a_minority_view_travels) + 1]:
        act(mag)
    words = "\n\n".join("".join(_WHY[number:] + _WHY[:number]) for number in range(4))
    goals = "\n".join(f"- {number}. {_WHY[number % 4].strip()} By October 2027." for number in range(1, 13))
    mag.does(
        PRIVATE,
        f'propose new "Long-term planning, and how its results reach everybody who could not be there" WG-LONG '
        f'--purpose "{words}" --objectives "{goals}" --outputs "{goals}" --timeframe "From August to October 2027." '
        f'--co-proposers "{TECHNICAL}"',
    )
    now = datetime.now(UTC)
    with mag.store.reading() as reads:
        community = reads.get(Community, MAG)
        assert community is not None
        files = {each.path: each.content for each in record(reads, MAG, now, "https://record.example.org/wg")}
    with mag.store.writing([MAG]) as work:
        work.put(replace(community, language="ar"))
    with mag.store.reading() as reads:
        source = source_of(reads, MAG, now)
        tongues = tongues_of(source.community, ())
        press = press_of(source.community, "", tongues[0], tongues)
        from_the_right = {page.path: press.html(page, source.now).encode() for page in Site(source).page_models()}
    return {"wg": files, "from-the-right": files | from_the_right}
