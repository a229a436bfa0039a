"""Names as people type them: told apart by what they say, not by how they are spelled.

It knows nothing of who exists: callers bring the candidates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from bot.text import T, Text, UserText

SHORT_NAME_LENGTH: Final = range(2, 41)
"""How many characters a working group's short name may have."""

LARGEST_NUMBER: Final = 2**31 - 1
"""What every database holds as a number."""

CHANNEL_NAME_LONGEST: Final = 80
"""What the narrowest chat allows (Slack)."""

# Letters that Unicode does not decompose, as people without them on their keyboard type them.
_TRANSLITERATED: Final = {
    "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k",
    "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɖ": "d", "ɗ": "d", "ƙ": "k", "ƴ": "y", "\u0131": "i", "\u0263": "g",
}  # fmt: skip
# Combining marks that are accents: on Latin, Greek and Cyrillic letters, Hebrew points, Arabic vowel signs. The vowel
# signs of Indic scripts, Thai's, and the voicing marks of kana are letters in all but name, and are kept.
_ACCENTS: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
_SEPARATING: Final = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Pd", "Pc", "Pi", "Pf"})
_DROPPED: Final = frozenset(
    "\"'`.·•‧・。„〝〞〟\u201a\u2032\u2033\u2034\u2043\u2212"  # quotes, primes, dots and dashes of other categories
    "\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb"  # modifier letters used as apostrophes
    "\u05f3\u05f4\u0640"  # geresh, gershayim; tatweel, which only stretches a word
)


class _Folding(dict[int, str]):
    """A table for `str.translate` that works out each character once."""

    def __missing__(self, code: int) -> str:
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", chr(code)))
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain.casefold()))
        self[code] = "".join(
            _TRANSLITERATED.get(letter, letter)
            for letter in plain
            if letter not in _DROPPED and unicodedata.category(letter) not in _SEPARATING
        )
        return self[code]


_FOLDING: Final = _Folding()


def numbered(typed: str, signs: str = "") -> int | None:
    """The number that `3`, `#3`, or with one of `signs` before it `D3`, names; None where it is none that anything has."""
    digits = typed.strip().lstrip(f"#{signs}").strip()
    if not digits.isdecimal() or len(digits) > len(str(LARGEST_NUMBER)):
        return None
    number = int(digits)
    return number if number <= LARGEST_NUMBER else None


def fold(name: str) -> str:
    """The key under which a name is found again: `WG - CO`, `wgco`, `W.G.C.O.` and `Wg_Çø` have one.

    Case, accents, spaces, hyphens and dashes, dots, underscores, quotes and invisible characters do not count; ł ø đ ð
    ß æ œ þ read as l o d d ss ae oe th, and every i of Turkish as i, so that İpek, ipek and IPEK are one. Letters of
    other scripts are kept. A name of nothing but signs has an empty key. Folding a key changes nothing.
    """
    return unicodedata.normalize("NFC", name.translate(_FOLDING))


# --- did you mean ------------------------------------------------------------------------------------------------

_ALIKE: Final = 0.6  # as difflib's own default
_AS_NEAR: Final = 0.15  # what is much farther than the nearest was not meant
_BEGINS_ALIKE: Final = 0.9
_CONTAINS: Final = 0.8
_TELLING: Final = 2  # letters before a beginning or a part says anything
_LONGEST: Final = 80  # letters compared
_MOST_COMPARED: Final = 2000


def nearest(word: str, candidates: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Up to `limit` of `candidates` that `word` may have meant, best first, equals in the order given.

    Compares folded forms (difflib's ratio, at least 0.6); a candidate that begins with the word, or contains it, is
    near too. Of what is near, what is much farther than the nearest is left out. Ten thousand candidates take some tens of milliseconds.
    """
    import difflib  # late: only mistakes need it

    wanted = fold(word)[:_LONGEST]
    if not wanted or limit < 1:
        return ()
    letters = [(letter, wanted.count(letter)) for letter in dict.fromkeys(wanted)]
    size = len(wanted)
    # what the ratio can be at most, by the letters in common; only the most promising are compared in full
    promising: list[tuple[float, int, str, str]] = []
    for order, candidate in enumerate(dict.fromkeys(candidates)):
        key = fold(candidate)[:_LONGEST]
        if not key:
            continue
        if size >= _TELLING and wanted in key:
            bound = 1.0
        elif min(size, len(key)) / (size + len(key)) < _ALIKE / 2:
            continue
        else:
            common = 0
            for letter, count in letters:
                found = key.count(letter)
                common += found if found < count else count  # noqa: FURB136 - min() takes twice as long
            bound = 2.0 * common / (size + len(key))
        if bound >= _ALIKE:
            promising.append((-bound, order, candidate, key))
    promising.sort()
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    best: list[tuple[float, int, str]] = []
    for negative_bound, order, candidate, key in promising[:_MOST_COMPARED]:
        if len(best) == limit and negative_bound > best[-1][0]:
            break
        matcher.set_seq1(key)
        ratio = matcher.ratio()
        if size >= _TELLING and wanted in key:
            ratio = max(ratio, _BEGINS_ALIKE if key.startswith(wanted) else _CONTAINS)
        if ratio >= _ALIKE:
            best = sorted([*best, (-ratio, order, candidate)])[:limit]
    return tuple(candidate for negative, _, candidate in best if negative <= best[0][0] + _AS_NEAR)


# --- a working group's names ---------------------------------------------------------------------------------------

_UNFIT: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"  # part of the spelling in Persian and in the scripts of South Asia
_LIST_SIGNS: Final = '",;“”„«»'
_COMMAND_SIGNS: Final = "@#/!-+<"


def short_name_problem(name: str) -> Text | None:
    """Why `name` cannot be a working group's short name, with what to do instead; None if it can.

    After trimming: 2-40 characters, at least two letters or digits, not digits alone, nothing invisible, none of the
    signs that separate or quote names in a list, not beginning like a command, a mention or an option.
    """
    trimmed = unicodedata.normalize("NFC", name).strip()
    for character in trimmed:
        if unicodedata.category(character) in _UNFIT and character not in _JOINERS:
            return T(
                "A short name cannot have an invisible or control character ({character}) in it. Type the name by "
                "hand, for example WG-MWP.",
                character=f"U+{ord(character):04X}",
            )
        if character in _LIST_SIGNS:
            return T(
                "A short name cannot have “{character}” in it, which separates or quotes names in a list. Leave it "
                "out, for example WG-MWP.",
                character=UserText(character),
            )
    if len(trimmed) not in SHORT_NAME_LENGTH:
        return T(
            "A short name has {least} to {most} characters; this one has {count}. Take what people will type, for "
            "example WG-MWP, and give the rest as the full name.",
            least=SHORT_NAME_LENGTH.start,
            most=SHORT_NAME_LENGTH.stop - 1,
            count=len(trimmed),
        )
    if trimmed[0] in _COMMAND_SIGNS:
        return T(
            "A short name cannot begin with “{character}”, which chats read as a command or a mention. Begin with a "
            "letter, for example WG-MWP.",
            character=UserText(trimmed[0]),
        )
    telling = [character for character in trimmed if character.isalnum()]
    if len(telling) < _TELLING:
        return T("A short name needs at least two letters or digits, for example WG-MWP.")
    if all(character.isnumeric() for character in telling):
        return T(
            "A short name cannot be digits alone, which read as a number or a date. Add a letter, for example "
            "WG-{digits}.",
            digits=UserText(trimmed),
        )
    return None


_UNSOUNDED: Final = re.compile("[.'`’‘\u02bb\u02bc]")
_BETWEEN: Final = re.compile(r"[\W_]+")
_NOT_ASCII: Final = re.compile("[^a-z0-9]+")
_DIGEST_BYTES: Final = 4
_STEM_LONGEST: Final = CHANNEL_NAME_LONGEST - 2 * _DIGEST_BYTES - 1


def channel_name(short_name: str) -> str:
    """A name for the group's chat channel: `[a-z0-9-]`, at most 80 characters, never empty, always the same.

    `WG - CO` gives `wg-co`, `Équipe Łódź` `equipe-lodz`. Where letters are lost (Arabic, Cyrillic, Chinese …) eight
    hexadecimal digits made of the whole name keep it apart from others: `wg-5c1e8f0a`, `group-…`.
    """
    spelled = _UNSOUNDED.sub("", unicodedata.normalize("NFC", short_name))
    pieces = [fold(piece) for piece in _BETWEEN.split(spelled)]
    heard = [_NOT_ASCII.sub("", piece) for piece in pieces]
    stem = "-".join(piece for piece in heard if piece)
    if stem and heard == pieces and len(stem) <= CHANNEL_NAME_LONGEST:
        return stem

    import hashlib  # late: only names in other scripts need it

    digest = hashlib.blake2b(
        (fold(short_name) or short_name.strip()).encode(errors="replace"), digest_size=_DIGEST_BYTES
    ).hexdigest()
    return f"{stem[:_STEM_LONGEST].strip('-') or 'group'}-{digest}"


# --- several names in one line -------------------------------------------------------------------------------------

_PARTS: Final = re.compile(
    r"""
      (?<!\w) (?: "(?P<plain>[^"]*)" | [“”„‟](?P<smart>[^“”„‟"]*)[“”‟] | «(?P<french>[^«»]*)»
                | '(?P<single>(?:[^'\n]|'\w){1,100})'(?!\w) | ‘(?P<set>(?:[^‘’\n]|’\w){1,100})’(?!\w) )
    | (?P<angled> <[^<>]*> )  # a mention or an address keeps its commas
    | (?P<end> [,;\n\r\u060c\u061b\u3001\uff0c\uff1b] | (?<![^\s,;]) (?:and|&) (?!\S) )  # R&D is one name
    | (?P<word> \w+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUOTED: Final = frozenset({"plain", "smart", "french", "single", "set"})
_MENTION: Final = re.compile(r"<@[^<>]*>|@\S+")
_MENTIONS: Final = re.compile(rf"(?:(?:{_MENTION.pattern})\s+)+(?:{_MENTION.pattern})")


def split_names(text: str) -> tuple[str, ...]:
    """The names in a list as people type it: `Qiang R., Gift I.`, `Qiang R. and Gift I.`, with `;`, `&` or lines.

    A name that holds a comma or "and" is quoted ("R., Qiang", “Trinidad and Tobago”); several mentions need only
    spaces between. Names are trimmed, inner spaces made single, empty ones left out; repeated ones stay.
    """
    names: list[str] = []
    current: list[str] = []
    done = 0

    def finish() -> None:
        name = " ".join("".join(current).split())
        current.clear()
        if _MENTIONS.fullmatch(name):
            names.extend(_MENTION.findall(name))
        elif name:
            names.append(name)

    for part in _PARTS.finditer(text):
        current.append(text[done : part.start()])
        done = part.end()
        if part.lastgroup == "end":
            finish()
        elif part.lastgroup in _QUOTED:
            current.append(part[part.lastgroup])
        else:
            current.append(part[0])
    current.append(text[done:])
    finish()
    return tuple(names)


def duplicates(names: Sequence[str]) -> tuple[str, ...]:
    """The names that stand more than once however spelled, each once, as first written, in order."""
    firsts: dict[str, str] = {}
    repeated: dict[str, str] = {}
    for name in names:
        key = fold(name) or name
        if key in firsts:
            repeated.setdefault(key, firsts[key])
        firsts.setdefault(key, name)
    return tuple(repeated.values())
