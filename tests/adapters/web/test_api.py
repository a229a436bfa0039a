"""What programs are told of the record is what its description says, file by file; and lists lead to all there is."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from posixpath import dirname, join, normpath
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from adapters.web import api
from adapters.web.site import record
from tests.builders import CIVIL, GOVERNMENT, MAG, PRIVATE, TECHNICAL, World


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """Every JSON file of a record that has something of each kind, with two things in a part of a list."""
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
        matching = [each for each in described["paths"] if _matches(each, name, described)]
        if name == "/openapi.json":
            continue
        seen.add(matching[0])
        schema = described["paths"][matching[0]]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": described["components"]}).validate(content)
    unseen = set(described["paths"]) - seen
    assert unseen == {each for each in unseen if "recommendations" in each or "comments" in each or "{list}" in each}


def _matches(template: str, name: str, described: dict[str, Any]) -> bool:
    patterns = {
        "part": "[1-9][0-9]*",
        "number": "[1-9][0-9]*",
        "slug": "[a-z0-9-]+",
        "label": "[rd][1-9][0-9]*",
        "list": "[a-z]+",
    }
    return bool(re.fullmatch(re.sub(r"\\?\{(\w+)\\?\}", lambda found: patterns[found[1]], re.escape(template)), name))


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
