"""The people of one test, made as it needs them, and gone after it."""

from __future__ import annotations

from typing import Self

from tests.support.matrix.api import Api
from tests.support.matrix.element import Element
from tests.support.matrix.plain import Plain
from tests.support.matrix.process import ElementProcess
from tests.support.matrix.synapse import Homeserver


class Elements:
    """Makes people with an Element."""

    def __init__(self, process: ElementProcess, homeserver: Homeserver) -> None:
        self._process = process
        self._homeserver = homeserver

    def __call__(
        self, name: str = "", *, homeserver: Homeserver | None = None, url: str = "", cross_signed: bool = True
    ) -> Element:
        """Somebody new, on the shared homeserver or another, at its address or through something at `url`.

        Without `cross_signed` they have no identity: an Element that never finished its setup.
        """
        where = homeserver or self._homeserver
        return Element(self._process, where, where.register(name), url, cross_signed=cross_signed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close_all()


class Plains:
    """Makes people without a client library."""

    def __init__(self, homeserver: Homeserver) -> None:
        self._homeserver = homeserver
        self._apis: list[Api] = []

    def __call__(self, name: str = "", *, homeserver: Homeserver | None = None, url: str = "") -> Plain:
        """Somebody new, on the shared homeserver or another, at its address or through something at `url`."""
        where = homeserver or self._homeserver
        api = None
        if url:
            api = Api(url)
            self._apis.append(api)
        return Plain(where, where.register(name), api)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for api in self._apis:
            api.close()
