"""A record to look at: most of a year of the MAG, with a long proposal open for comment, in files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from adapters.web.site import Site, source_of
from tests.builders import MAG, PRIVATE, TECHNICAL
from tests.scenarios.a_year import Year
from tests.scenarios.a_year_ends import a_minority_view_travels
from tests.scenarios.test_a_year import ACTS

FROM_THE_RIGHT: Final = "ar"
LONG: Final = "groups/wg-long-igf-2027.html"

_WHY: Final = (
    "The programme of a year is decided anew every year, and what was learned in the last is often lost on the way. ",
    "Those who follow the work from far away, and in other languages than that of the meeting, learn of it too late. ",
    "A smaller group can read what was said in every region, and bring it back in a form that all can speak to. ",
    "It does so within the responsibilities of the MAG, and decides nothing that is for the whole of it to decide. ",
)


def a_year_and_a_long_proposal() -> dict[str, bytes]:
    """The files of the record by their paths, in English and, in a folder, in Arabic."""
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
    with mag.store.reading() as reads:
        site = Site(source_of(reads, MAG, datetime.now(UTC)), "https://record.example.org/wg", (FROM_THE_RIGHT,))
        # documents of other programs take most of the time, and no browser shows them
        leaves = (each for each in site.leaves() if not each.name.endswith(".pdf"))
        return {each.path: each.content for leaf in leaves for each in leaf.make()}
