"""What compares and shows a value is what `dataclass` writes for it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, make_dataclass, replace
from typing import Any

import pytest

from bot.domain.values import value


@pytest.mark.parametrize("given", [(), (1,), (1, "a"), (1, ("a", "b"), None)])
def test_a_value_is_a_frozen_dataclass(given: tuple[Any, ...]) -> None:
    names = [f"field_{number}" for number in range(len(given))]
    written = make_dataclass("Thing", names, frozen=True, slots=True)
    ours: type[Any] = value(type("Thing", (), {"__annotations__": dict.fromkeys(names, Any)}))
    assert repr(ours(*given)) == repr(written(*given))
    assert ours(*given) == ours(*given) != written(*given)
    assert hash(ours(*given)) == hash(ours(*given))
    for name in names:
        assert replace(ours(*given), **{name: "other"}) != ours(*given)
        with pytest.raises(FrozenInstanceError):
            setattr(ours(*given), name, "other")
    assert not hasattr(ours(*given), "__dict__")
