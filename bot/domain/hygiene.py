"""Text that people send: made clean before it is kept, safe before it is shown back, plain before it is parsed.

It judges characters, never meaning, and it does not escape: that is each platform's own business. Lengths and
positions are counted in characters (Unicode code points), positions from 1.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection
from typing import Final

from bot.domain.errors import Invalid
from bot.text import T, Text, Tn, UserText

WORDS_A_PAGE: Final = 450
"""A page of a proposal, for "2-3 pages"."""

_BREAK: Final = re.compile("\r\n|[\n\r\u2028\u2029]")
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROL_NAMES: Final = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)  # fmt: skip

# Invisible and without meaning in anything people write: soft hyphen, grapheme joiner, zero-width space, word joiner,
# invisible operators, deprecated format characters, Hangul fillers, byte order mark, interlinear annotation.
_JUNK: Final = re.compile("[\u00ad\u034f\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]+")
_PLANE_14: Final = re.compile("[\U000e0000-\U000e01ef]")
# Tag characters spell the flags of England, Scotland and Wales; elsewhere they hide text.
_TAGS: Final = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]{2,8}\U000e007f)|[\U000e0000-\U000e007f]+",
)
# Ideographic variation selectors belong after an ideograph; elsewhere they too can hide text. (Patterns of large sets
# are slow to compile and seldom needed: they stay strings, which `re` compiles and keeps when first used.)
_STRAY_SELECTORS: Final = "(?<![\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef]+"

# ZWNJ and ZWJ shape Arabic, Syriac, N'Ko, Mongolian and the scripts of South and South-East Asia; ZWJ joins emoji.
_SHAPED: Final = (
    "\u0600-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"
    "\U0001e900-\U0001e95f"
)
_EMOJI: Final = "\u00a9\u00ae\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_JOINER_RUNS: Final = re.compile("(?<=[\u200c\u200d])[\u200c\u200d]+")
_STRAY_JOINERS: Final = (
    "[\u200c\u200d]"
    f"(?<![{_SHAPED}][\u200c\u200d])"
    f"(?!(?<=[^\\s\u200c\u200d][\u200c\u200d])[{_SHAPED}])"
    f"(?!(?<=[{_EMOJI}\ufe0f\U000e007f]\u200d)[{_EMOJI}])"
)
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200d\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]",
)

_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]|\r\n|[\n\r\u2028\u2029]")
_OVERRIDES: Final = "\u202d\u202e"
_CLOSED_BY: Final = {
    "\u202a": "\u202c",
    "\u202b": "\u202c",
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
_DEEPEST: Final = 60  # half of what the bidirectional algorithm allows (UAX #9, BD2)

_LIKELY_SHRINKING: Final = 4  # decomposed letters and junk may take a text of the right length this far over the limit
_ALLOWANCE: Final = 1000


def clean(text: str, *, limit: int, field: str, multiline: bool = False, what: Text | None = None) -> str:
    """`text` as it is kept: NFC, `\\n` between lines, nothing invisible that means nothing, no space at line ends.

    A single line has its tabs and line breaks folded to spaces and its ends stripped; several lines keep tabs,
    indentation and blank lines between. Emoji and every script are welcome. The result may be empty. Cleaning what is
    clean changes nothing. `what` names the text in messages ("the reason"), `limit` is in characters of the result.

    Raises `Invalid` for control characters (C0, C1 but tab and line break), halves of characters (surrogates),
    overrides and unbalanced embeddings or isolates of writing direction (UAX #9; they can make a text read as another),
    and text over the limit, which is never cut.
    """
    if len(text) <= limit and text.isascii() and text.isprintable() and text == text.strip():
        return text  # one plain line, as most are
    named = what or T("this text")
    if len(text) > _LIKELY_SHRINKING * limit + _ALLOWANCE:
        raise _too_long(len(text), limit, field, named)
    if forbidden := _FORBIDDEN.search(text):
        raise _forbidden(text, forbidden.start(), field, named)
    if (at := _direction_fault(text, multiline=multiline)) is not None:
        raise _misdirecting(text, at, field, named)
    kept = text if text.isascii() else _composed(_without_invisible(_composed(text)))
    lines = _BREAK.split(kept)
    if multiline:
        result = "\n".join([line.rstrip() for line in lines]).strip("\n")
    else:
        pieces = (piece.strip() for line in lines for piece in line.split("\t"))
        result = " ".join(piece for piece in pieces if piece)
    if len(result) > limit:
        raise _too_long(len(result), limit, field, named)
    return result


def one_line(text: str, limit: int = 60) -> str:
    """`text` for showing back in a sentence: one line of at most `limit` characters, cut at a word with an ellipsis.

    Control characters are drawn (`\\0` as U+2400), direction controls are spelled out, so nothing hides or acts.
    """
    start = text.lstrip()
    head = start[: 8 * limit + 1]
    line = " ".join(_UNSAFE.sub(_drawn, _TAGS.sub(r"\1", head)).split())
    if len(line) <= limit and len(head) == len(start):
        return line
    cut = max(0, limit - 1)
    while 0 < cut < len(line) and _continues(line, cut):
        cut -= 1
    space = line.rfind(" ", limit // 2, cut + 1)
    return line[: space if space > 0 else cut].rstrip(" ,;:") + "…"


_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_PICTURES: Final = 0x2400
_DELETE: Final = 0x7F


def _drawn(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < len(_CONTROL_NAMES):
        return chr(_PICTURES + code)
    if code == _DELETE:
        return "\u2421"
    return f"[U+{code:04X}]"


def _continues(line: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it: a mark, a joiner, a skin tone, or after a joiner."""
    character = line[at]
    return (
        unicodedata.combining(character) > 0
        or unicodedata.category(character) in {"Mn", "Mc", "Me"}
        or character == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or line[at - 1] == "\u200d"
    )


def _composed(text: str) -> str:
    """`text` in NFC. It comes before joiners are judged, since it can move the marks they stand beside, and after,
    since what stood on either side of one may compose."""
    return unicodedata.normalize("NFC", text)


def _without_invisible(text: str) -> str:
    if not _INVISIBLE.search(text):
        return text
    text = _JUNK.sub("", text)
    if _PLANE_14.search(text):
        text = re.sub(_STRAY_SELECTORS, "", _TAGS.sub(r"\1", text))
    if "\u200c" in text or "\u200d" in text:
        text = re.sub(_STRAY_JOINERS, "", _JOINER_RUNS.sub("", text))
    return text


def _direction_fault(text: str, *, multiline: bool) -> int | None:
    """Where writing direction is overridden, or opened and not closed in the same paragraph, or closed unopened."""
    if text.isascii():
        return None
    opened: list[tuple[str, int]] = []
    for found in _BIDI.finditer(text):
        mark, at = found[0], found.start()
        if mark in _OVERRIDES:
            return at
        if mark in _CLOSED_BY:
            opened.append((_CLOSED_BY[mark], at))
            if len(opened) > _DEEPEST:
                return at
        elif mark <= "\u2029":  # a line break
            if multiline and opened:
                return opened[-1][1]
        elif not opened or opened.pop()[0] != mark:
            return at
    return opened[-1][1] if opened else None


def _too_long(length: int, limit: int, field: str, what: Text) -> Invalid:
    return Invalid(
        T(
            "Too long: {what} has {length} characters, and at most {limit} fit. Nothing was cut off.",
            what=what,
            length=length,
            limit=limit,
        ),
        Tn(
            "Leave out a character, for example a full stop at the end.",
            "Shorten it by {count} characters, or put the details elsewhere, for example in a shared document, and "
            "give its link.",
            length - limit,
        ),
        field=field,
    )


def _forbidden(text: str, at: int, field: str, what: Text) -> Invalid:
    return Invalid(
        T(
            "There is a character in {what} that cannot be shown or kept: {character}, {place}, near “{near}”.",
            what=what,
            character=_name(text[at]),
            place=_place(text, at),
            near=_near(text, at),
        ),
        T(
            "Delete it and send the text again. If it was copied from elsewhere, paste it into a plain-text editor "
            "first, for example Notepad or TextEdit, and copy it from there."
        ),
        field=field,
    )


def _misdirecting(text: str, at: int, field: str, what: Text) -> Invalid:
    return Invalid(
        T(
            "There is an invisible character in {what} that can make it read as something else: {character}, {place}, "
            "near “{near}”.",
            what=what,
            character=_name(text[at]),
            place=_place(text, at),
            near=_near(text, at),
        ),
        T(
            "Type the text by hand, without that character. Right-to-left text, for example Arabic or Hebrew, is "
            "welcome and does not need it."
        ),
        field=field,
    )


def _name(character: str) -> str:
    code = ord(character)
    name = _CONTROL_NAMES[code] if code < len(_CONTROL_NAMES) else unicodedata.name(character, "")
    if code == _DELETE:
        name = "DEL"
    return f"U+{code:04X} {name}".rstrip()


def _place(text: str, at: int) -> Text:
    line, start = 1, 0
    for found in _BREAK.finditer(text, 0, at):
        line, start = line + 1, found.end()
    if not _BREAK.search(text):
        return T("character {position}", position=at + 1)
    return T("line {line}, character {position}", line=line, position=at - start + 1)


def _near(text: str, at: int) -> UserText:
    around = 15
    return UserText(one_line(text[max(0, at - around) : at + around + 1], limit=60))


# --- what phones and word processors make of a command -------------------------------------------------------------

_DOUBLE: Final = "“”„‟〝"
_SINGLE: Final = "\u2018\u201a\u201b"  # ‘ and the two others that open
_CLOSERS: Final = {
    '"': re.compile('"'),
    **dict.fromkeys(_DOUBLE, re.compile('["“”‟〞〟]')),
    **dict.fromkeys(_SINGLE, re.compile(f"[’{_SINGLE}]")),
    "«": re.compile("»"),
    "»": re.compile("[«»]"),
}
_INSIDE_GUILLEMETS: Final = " \u00a0\u2009\u202f"
_OPENING: Final = re.compile(
    rf"(?:^|(?<=[\s=(\[,:]))(?:[\"{_DOUBLE}»](?=\S)|«|[{_SINGLE}](?=\S)(?!\d\ds?\b))",  # not the ‘90s
)
_ENDS_WORD: Final = re.compile(r"$|[\s.,;:!?)\]}…]")
_DASHED: Final = re.compile(r"(?<!\S)(?:[\u2012-\u2015\u2212]-?|[\u2010\u2011]{2})(?=([a-z][a-z0-9-]*)(?:[=\s]|$))")


def unsmart(text: str, *, options: Collection[str] | None = None) -> str:
    """A command as it was meant before a phone set it in type. For the parser only: never for text that is kept.

    - A typographic quotation (“…”, „…“, ”…”, «…», ‘…’) at the start of a word becomes `"…"`. What it contains stays as
      typed, inner quotations too, except that a plain `"` in it becomes ” so as not to end it; the spaces French sets
      inside guillemets go. A ‘…’ ends where a word ends, so the apostrophes of don’t, O’Brien and the users’ stay.
      A quotation that never closes begins with `"` too: the parser says so.
    - A dash glued to a lower-case word at the start of a word (`—kind`) becomes `--kind`, outside quotations only. With
      `options` (names without dashes) only those words: without, a dash set in the Spanish way (`so —but why`) is
      taken for one as well. A dash between spaces stays a dash.
    """
    if text.isascii():
        return text
    parts: list[str] = []
    done = 0
    never_closed: set[str] = set()
    while opening := _OPENING.search(text, done):
        begin, mark = opening.start(), opening[0]
        parts.append(_undashed(text, done, begin, options))
        end = None if mark in never_closed else _closing(text, begin)
        if end is None:
            if mark not in _SINGLE:
                never_closed.add(mark)
            parts.append('"' if mark in "“„‟〝" else mark)
            done = begin + 1
            continue
        inner = text[begin + 1 : end]
        if mark == "«":
            inner = inner.strip(_INSIDE_GUILLEMETS)
        parts.append('"' + inner.replace('"', "”") + '"')
        done = end + 1
    parts.append(_undashed(text, done, len(text), options))
    return "".join(parts)


def _closing(text: str, begin: int) -> int | None:
    """Where the quotation that opens at `begin` closes: never straight after a space, but in guillemets."""
    mark = text[begin]
    second_best: int | None = None
    for found in _CLOSERS[mark].finditer(text, begin + 1):
        at = found.start()
        if mark in '"«':
            return at
        if text[at - 1].isspace() or (at == begin + 1 and found[0] in f"“{_SINGLE}"):
            if mark in _SINGLE and found[0] in _SINGLE:
                break  # the next quotation
            continue
        if mark in _SINGLE:
            if not _ENDS_WORD.match(text, at + 1):
                continue  # an apostrophe
            if text[at - 1] not in "sS":
                return at
        elif found[0] != '"':
            return at
        elif not _ENDS_WORD.match(text, at + 1):
            continue
        # “… closed by " and ‘the users’ … will do where nothing better follows
        second_best = at if second_best is None else second_best
    return second_best


def _undashed(text: str, start: int, end: int, options: Collection[str] | None) -> str:
    parts: list[str] = []
    for dashed in _DASHED.finditer(text, start, end):
        if options is None or dashed[1] in options:
            parts += (text[start : dashed.start()], "--")
            start = dashed.end()
    return "".join((*parts, text[start:end]))


# --- how long a text is ----------------------------------------------------------------------------------------------

# (letters written without spaces, how many of them carry about what one English word does)
_UNSPACED: Final = (
    ("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]", 2),
    ("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]", 6),
)
_BETWEEN_WORDS: Final = re.compile(r"[\u2010-\u2015/|,;:]+(?!\d)")
_LETTER: Final = re.compile(r"[^\W_]")


def words(text: str) -> int:
    """How many words `text` has, near enough for a page count.

    Words are what stands between spaces and holds a letter or digit. In scripts written without spaces, two Chinese or
    Japanese characters, or six Thai, Lao, Burmese or Khmer ones, count as a word.
    """
    count = 0
    for script, letters_a_word in () if text.isascii() else _UNSPACED:
        text, letters = re.subn(script, " ", text)
        count += math.ceil(letters / letters_a_word)
    return count + sum(1 for word in _BETWEEN_WORDS.sub(" ", text).split() if _LETTER.search(word))


def pages(words: int) -> float:
    """How many pages `words` fill, at 450 a page; not rounded."""
    return words / WORDS_A_PAGE
