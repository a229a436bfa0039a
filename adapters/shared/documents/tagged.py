"""A PDF whose text is tagged, so that it can be read aloud in order: fpdf2 tags pictures only, this tags lines.

The structure is flat (a document of headings and paragraphs), which is what fpdf2's structure tree can hold. Whatever
is drawn outside of an element is marked as decoration.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fpdf import FPDF
from fpdf.structure_tree import StructElem


class TaggedPDF(FPDF):
    """Adds `element` around a paragraph or heading and `marked` around each line of it."""

    _kind: str | None = None
    _element: StructElem | None = None

    @contextmanager
    def element(self, kind: str) -> Iterator[None]:
        """A structure element of the PDF standard's `kind` (`P`, `H1`, `H2`, …). Elements do not nest."""
        self._kind, self._element = kind, None
        try:
            yield
        finally:
            self._kind = self._element = None

    @contextmanager
    def marked(self) -> Iterator[None]:
        """Around what is drawn of the element on this page; no page may begin within. Else: decoration."""
        if self._kind is None:
            self._out("/Artifact BMC")
        else:
            self._out(f"/{self._kind} <</MCID {self._next_mark(self._kind)}>> BDC")
        yield
        self._out("EMC")

    def _next_mark(self, kind: str) -> int:
        """The next mark on this page, entered into the structure; an element begins anew on a new page."""
        marks = self.struct_builder.struct_tree_root.parent_tree.nums
        struct_parents = self.struct_builder.spid_per_page_number.get(self.page)
        mark = 0 if struct_parents is None else len(marks[struct_parents])
        if self._element is None or self._element.page_number() != self.page or struct_parents is None:
            self._element = self._add_marked_content(struct_type=f"/{kind}", mcid=mark)
        else:
            self._element.k.append(mark)
            marks[struct_parents].append(self._element)
        return mark

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Within an element: what is drawn is no part of it (a header, a footer)."""
        kept = self._kind, self._element
        self._kind = self._element = None
        yield
        self._kind, self._element = kept
