"""Every record comes back from its row as it went, in both kinds of database, and through a real one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.ids import CommunityId
from bot.domain.records import SHAPES
from storage.mappers import mapper_of
from storage.names import table_of
from storage.shapes import shape_of
from storage.store import SqlStore
from storage.tables import TABLES
from tests.storage.strategies import records

KINDS = list(TABLES)


def test_every_record_has_a_table() -> None:
    assert set(TABLES) == set(SHAPES)
    for kind, table in TABLES.items():
        assert table_of(kind) == table.name
        assert mapper_of(kind, native=False).names == tuple(column.name for column in table.columns)
        assert shape_of(kind).key == tuple(column.name for column in table.primary_key.columns)


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=20)
def test_records_come_back_from_their_rows(kind: type[Any], native: bool, data: st.DataObject) -> None:
    mapper = mapper_of(kind, native=native)
    record = data.draw(records(kind))
    row = mapper.to_row(record)
    assert mapper.from_row(row) == record
    named = dict(zip(mapper.names, row, strict=True))
    assert mapper.key_row(mapper.key_of(record)) == tuple(named[name] for name in mapper.shape.key)
    for column in TABLES[kind].columns:
        assert named[column.name] is not None or column.nullable


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_columns_may_be_empty_where_fields_may(kind: type[Any], native: bool) -> None:
    mapper = mapper_of(kind, native=native)
    assert {name for name, kept in mapper.kept.items() if kept.optional} == {
        column.name for column in TABLES[kind].columns if column.nullable
    }


@pytest.mark.parametrize(("where", "examples"), [("sqlite_url", 15), ("postgres_url", 5)])
def test_records_come_back_from_the_database(where: str, examples: int, request: pytest.FixtureRequest) -> None:
    store = SqlStore.open(request.getfixturevalue(where))
    community = CommunityId("mag")

    @given(data=st.data())
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def come_back(data: st.DataObject) -> None:
        made = [data.draw(records(kind, community=st.just(community), id=st.just(community))) for kind in KINDS]
        with store.writing([community]) as work:
            for record in made:
                work.put(record)
        with store.writing([community]) as work:
            work.prefetch([(type(record), mapper_of(type(record), native=False).key_of(record)) for record in made])
            for record in made:
                key = shape_of(type(record)).key
                assert work.get(type(record), *(getattr(record, name) for name in key)) == record
                for fields in shape_of(type(record)).lists:
                    listed = work.all(type(record), **{name: getattr(record, name) for name in fields})
                    assert record in listed

    come_back()
    store.close()
