"""What programs are told of the record is what its description says, file by file; and lists lead to all there is."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from posixpath import dirname, join, normpath
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import Case, GenerationMode

from adapters.shared.http import application
from adapters.web import api
from adapters.web.serving import UNDER, Record
from adapters.web.site import record
from tests.builders import CIVIL, GOVERNMENT, MAG, PRIVATE, TECHNICAL, World

EXAMPLES: Final = int(os.environ.get("WGBOT_TEST_API_EXAMPLES", "25"))
ASKED: Final[tuple[dict[str, str], ...]] = (
    {}, {"If-None-Match": "*"}, {"If-None-Match": '"é", W/"x"'}, {"Accept": "text/html"}, {"Accept-Encoding": "gzip;q=0, *"},
    {"Accept-Encoding": "br;q=x, gzip"}, {"Range": "bytes=5-2"}, {"If-Modified-Since": "yesterday"},
)  # fmt: skip
"""What programs send besides."""


@pytest.fixture(scope="module")
def mag() -> Iterator[World]:
    """A record that has something of each kind, with one thing in a part of a list."""
    mag = World()
    mag.approved()
    mag.does(PRIVATE, 'meeting schedule "First call" "2027-02-08 14:00"', "#wg-mwp")
    mag.does(PRIVATE, 'update WG-MWP "The outline is done."', "#wg-mwp")
    mag.does(PRIVATE, 'document add WG-MWP "Outline" https://example.org/outline', "#wg-mwp")
    mag.does(PRIVATE, 'consensus "Move the call?" 24h', "#wg-mwp")
    mag.does(TECHNICAL, "consensus object 2 Late", "#wg-mwp")
    mag.does(GOVERNMENT, "propose new 'Work of WG-CO' WG-CO --purpose P --objectives O --outputs R --timeframe T")
    mag.does(CIVIL, "consult comment WG-CO concern Who pays?")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "PART", 1)
        yield mag


@pytest.fixture(scope="module")
def told(mag: World) -> dict[str, Any]:
    """Every JSON file of it."""
    with mag.store.reading() as reads:
        files = record(reads, MAG, datetime.now(UTC), "", ["fr"])
        return {each.path: json.loads(each.content) for each in files if each.path.endswith(".json")}


def test_the_description_is_an_openapi_one(told: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(told["api/v1/openapi.json"]).validate()


def test_every_file_is_as_described(told: dict[str, Any]) -> None:
    described = told["api/v1/openapi.json"]
    seen = set()
    for path, content in told.items():
        name = path.removeprefix("fr/").removeprefix("api/v1")
        matching = [each for each in described["paths"] if _matches(each, name)]
        if name == "/openapi.json":
            continue
        seen.add(matching[0])
        schema = described["paths"][matching[0]]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": described["components"]}).validate(content)
    unseen = set(described["paths"]) - seen
    assert unseen == {each for each in unseen if "recommendations" in each or "comments" in each or "{list}" in each}


def _matches(template: str, name: str) -> re.Match[str] | None:
    patterns = {
        "part": "[1-9][0-9]*",
        "number": "[1-9][0-9]*",
        "slug": "[a-z0-9-]+",
        "label": "[rd][1-9][0-9]*",
        "list": "[a-z]+",
    }
    named = re.sub(r"\\?\{(\w+)\\?\}", lambda found: f"(?P<{found[1]}>{patterns[found[1]]})", re.escape(template))
    return re.fullmatch(named, name)


def test_lists_lead_to_everything_there_is(told: dict[str, Any]) -> None:
    for each in api.COLLECTIONS:
        at: str | None = f"api/v1/{each.name}.json"
        items = []
        total = told[f"api/v1/{each.name}.json"]["total"]
        while at is not None:
            part = told[at]
            for item in part["items"]:
                items.append(item["id"])
                assert normpath(join(dirname(at), item["data"])) in told
            at = normpath(join(dirname(at), part["next"])) if part["next"] else None
        assert len(items) == len(set(items)) == total


@pytest.mark.parametrize("mode", GenerationMode)
def test_whatever_is_asked_for_is_answered_as_described(mag: World, told: dict[str, Any], mode: GenerationMode) -> None:
    """Also for what the description does not allow: then there is nothing, and never an error of ours."""
    schema = schemathesis.openapi.from_dict(told["api/v1/openapi.json"])
    web = application(Record(mag.store, MAG).routes())
    base = f"http://127.0.0.1{UNDER}/api/v1"
    there = [name.removeprefix("api/v1") for name in told if name.startswith("api/v1/")]
    statuses = set()

    @given(schema.as_strategy(mode), st.data())
    @settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    def asked(case: Case[Any], data: st.DataObject) -> None:
        known = [found.groupdict() for name in there if (found := _matches(case.path, name)) is not None]
        if mode is GenerationMode.POSITIVE and known and data.draw(st.booleans()):
            case.path_parameters = data.draw(st.sampled_from(known))
        answer = case.call(base_url=base, app=web, headers=data.draw(st.sampled_from(ASKED)))
        case.validate_response(answer)
        statuses.add(answer.status_code)

    asked()
    assert statuses >= ({200, 404} if mode is GenerationMode.POSITIVE else {404})
