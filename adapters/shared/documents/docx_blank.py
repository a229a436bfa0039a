"""Empty documents in our look, prepared once in a process, and the file a document becomes.

Opening python-docx's template and giving it our styles takes longer than writing a proposal into it. What is made once
is only read afterwards: each document has parts of its own, all but its styles, which nobody changes any more.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, cast

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE
from docx.opc.package import Unmarshaller
from docx.opc.packuri import PackURI
from docx.opc.part import Part, PartFactory
from docx.opc.pkgreader import PackageReader
from docx.opc.pkgwriter import PackageWriter
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.styles import BabelFish

from adapters.shared.documents.docx_styles import prepare

_DEFAULT: Final = None
"""The id that python-docx gives to the style which is meant where none is named."""


def blank() -> Document:
    """A new empty document."""
    prepared, package = _prepared(), Package()

    def part(partname: PackURI, content_type: str, reltype: str, blob: bytes, package: Package) -> Part:
        if content_type == CONTENT_TYPE.WML_STYLES:
            return _StylesPart(partname, content_type, blob, package, prepared.styles)
        return cast("Part", PartFactory(partname, content_type, reltype, blob, package))

    Unmarshaller.unmarshal(prepared.parts, package, part)  # type: ignore[no-untyped-call] # python-docx's has no types
    document: Document = cast("DocumentPart", package.main_document_part).document
    return document


def finished(document: Document, made: datetime) -> bytes:
    """The file, every entry dated `made`, so that equal documents are equal files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        _Writer.entries(_Entries(packed, made), document.part.package)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a blank document by their names. It answers what python-docx asks of the styles of a document."""

    ids: Mapping[tuple[WD_STYLE_TYPE, str], str | None]
    numbers: Mapping[str, int]
    """Which list each style of list items counts in."""

    def get_style_id(self, name: str | None, kind: WD_STYLE_TYPE) -> str | None:
        """As python-docx's own: None for no name, and for the default style."""
        return _DEFAULT if name is None else self.ids[kind, name]


@dataclass(frozen=True, slots=True)
class _Prepared:
    parts: PackageReader
    styles: Styles


@lru_cache(maxsize=1)
def _prepared() -> _Prepared:
    document, file = docx.Document(), io.BytesIO()
    prepare(document)
    document.save(file)
    styles = document.styles
    defaults = {kind: styles.default(kind) for kind in WD_STYLE_TYPE}
    ids: dict[tuple[WD_STYLE_TYPE, str], str | None] = {}
    numbers: dict[str, int] = {}
    for style in styles:
        name = BabelFish.internal2ui(style.element.name_val)
        ids[style.type, name] = _DEFAULT if style == defaults[style.type] else style.style_id
        for counted in style.element.xpath("w:pPr/w:numPr/w:numId"):
            numbers[name] = counted.val
    parts: PackageReader = PackageReader.from_file(file)  # type: ignore[no-untyped-call] # as above
    return _Prepared(parts, Styles(ids, numbers))


class _StylesPart(Part):
    """Styles that are neither read nor written anew for each document: they are most of the file."""

    def __init__(self, partname: PackURI, content_type: str, blob: bytes, package: Package, styles: Styles) -> None:
        super().__init__(partname, content_type, blob, package)
        self.styles = styles


class _Entries:
    """Takes the parts of a package as they are written, into a zip file."""

    def __init__(self, packed: zipfile.ZipFile, made: datetime) -> None:
        at = made.astimezone(UTC)
        self._packed = packed
        self._stamp = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)

    def write(self, name: PackURI, blob: bytes) -> None:
        """One part."""
        info = zipfile.ZipInfo(name.membername, self._stamp)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 0
        self._packed.writestr(info, blob)


class _Writer(PackageWriter):
    """Writes a package where it is told to; python-docx's own makes a zip file with the dates of now."""

    @classmethod
    def entries(cls, into: Any, package: Any) -> None:
        parts = package.parts
        for part in parts:
            part.before_marshal()
        cls._write_content_types_stream(into, parts)  # type: ignore[no-untyped-call] # as above
        cls._write_pkg_rels(into, package.rels)  # type: ignore[no-untyped-call] # as above
        cls._write_parts(into, parts)
