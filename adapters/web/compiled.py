"""Templates compiled, kept beside them as Python keeps its own modules: to compile them takes longer than most changes to export.

`python -m adapters.web.rendering` compiles all of them ahead, for where nothing can be written later.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import jinja2
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket

FOLDER: Final = Path(__file__).parent / "templates" / "__pycache__"


class Kept(BytecodeCache):
    """Keeps what was compiled in a folder, unless Python is told to keep nothing or it cannot be written to.

    What another version of Jinja2 or of this file made is not read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by = blake2b(jinja2.__version__.encode() + Path(__file__).read_bytes(), digest_size=6).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was made of the same source, if it is there."""
        with suppress(OSError), self._path(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, at once or not at all."""
        if sys.dont_write_bytecode:
            return
        path = self._path(bucket)
        part = path.with_suffix(f".{id(bucket)}.part")
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            part.write_bytes(bucket.bytecode_to_string())
            part.replace(path)

    def get_source_checksum(self, source: str) -> str:
        """Of the source, and of who compiles it."""
        return f"{super().get_source_checksum(source)} {self._by}"

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.jinja"


Filters = Mapping[str, Callable[..., Any]]


def environment(shown: Callable[[Any], Any], filters: Filters, folder: Path = FOLDER) -> Environment:
    """Where templates come from; `shown` makes of each value what is put out.

    Nothing is worked out while compiling, so what is compiled holds for every community and language.
    """
    made = Environment(
        loader=PackageLoader("adapters.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=pass_context(lambda _, value: shown(value)),
        keep_trailing_newline=True,
        auto_reload=False,
        optimized=False,
        bytecode_cache=Kept(folder),
    )
    made.filters |= filters
    return made
