"""Hypothesis strategies for any record or event, made from its type hints."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
"""Any text a database can keep: PostgreSQL has no zero character, and the core refuses control characters."""

NUMBERS = st.integers(-(2**31), 2**31 - 1)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type."""
    if hint is str:
        return TEXT
    if hint is int:
        return NUMBERS
    if hint is bool:
        return st.booleans()
    if hint is datetime:
        return INSTANTS
    if hint is date:
        return st.dates()
    if isinstance(hint, NewType):
        return values(hint.__supertype__)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if is_dataclass(hint):
        return records(hint)
    return _composed(hint)


def records(cls: Any, **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Instances of a dataclass, with the strategies given for some of its fields."""
    hints = get_type_hints(cls)
    free = {each.name: values(hints[each.name]) for each in fields(cls) if each.name not in fixed}
    return st.builds(cls, **free, **{name: fixed[name] for name in fixed if name in hints})


def _composed(hint: Any) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of(*(st.none() if each is NoneType else values(each) for each in arguments))
    if origin is dict:
        return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=3)
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(values(each) for each in arguments))
    raise TypeError(f"no strategy for {hint}")
