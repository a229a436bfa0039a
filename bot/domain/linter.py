"""A friendly second reader for a written proposal: what would make it easier to agree to. It never blocks.

The document asks for "a written proposal ... clear objectives and a timetable (if applicable)" of 2-3 pages. Beyond
length and what was left out, these are heuristics for English only: a proposal that does not read as English is spared
them. They look for words, not for sense, and are tuned to stay silent when in doubt. Required sections left empty are
not this module's business: submitting refuses them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.hygiene import WORDS_A_PAGE, one_line, pages, words
from bot.text import T, Text, Tn, UserText

SHORT: Final = 150
"""Below so many words a proposal is called short."""

LONG: Final = 3 * WORDS_A_PAGE
"""Above so many words (three pages) it is called long."""

KEYS: Final = ("purpose", "objectives", "outputs", "plan", "timeframe", "why", "responsibility")
"""The sections it reads."""

_LIST_WORTHY: Final = 60  # words from which objectives are easier to read as a list
_NO_ANSWER_LONGEST: Final = 3  # words
_COMMON: Final = frozenset(
    {"the", "of", "and", "to", "for", "with", "that", "will", "this", "by", "be", "from", "are", "it", "which"}
)
_TELLING: Final = 12  # words before a language can be told
_ENGLISH: Final = 0.08  # the least share of common words; English prose has about 0.2

_BULLET: Final = re.compile(r"\s*(?:[-*+•‣◦–—]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s)", re.IGNORECASE)
_FIRST_POINT: Final = re.compile(r"(?<!\S)\(?(?:1|a|i)[.)]\s", re.IGNORECASE)
_SECOND_POINT: Final = re.compile(r"(?<!\S)\(?(?:2|b|ii)[.)]\s", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?<=[.;!?])\s+")
# The word lists stay strings: `re` compiles each when a proposal is first read, not when the program starts.
_LEAD_IN: Final = (
    r"(?:(?:to|we|it|will|would|should|shall|want|aims?|intends?|plans?|the|this|wg|working|group|objectives?|goals?|is"
    r"|are|further|also|jointly|continue|first|then|and|help|start|our|main)\b[\s:,-]*){0,8}"
)
_VAGUE: Final = (
    rf"\W*{_LEAD_IN}(?:discuss\w*|explor(?:e|es|ing)|consider(?:s|ing)?|talk(?:s|ing)?\s+about|think(?:s|ing)?\s+about"
    r"|look(?:s|ing)?\s+(?:at|into)|reflect(?:s|ing)?\s+(?:on|upon)|rais(?:e|es|ing)\s+(?:\w+\s+)?awareness"
    r"|debat(?:e|es|ing)|deliberat(?:e|es|ing)|examin(?:e|es|ing)|address(?:es|ing)?|promot(?:e|es|ing)|foster(?:s|ing)?"
    r"|(?:exchang|shar)(?:e|es|ing)\s+(?:views|ideas|experiences?)|engag(?:e|es|ing)\s+(?:with|in|on)"
    r"|encourag(?:e|es|ing)|facilitat(?:e|es|ing))\b"
)
# what a group leaves on the table ...
_DELIVERED: Final = (
    r"reports?|papers?|guides?|guidelines?|recommendations?|lists?|documents?|toolkits?|handbooks?|manuals?|templates?"
    r"|(?:work)?plans?|roadmaps?|frameworks?|summar(?:y|ies)|inventor(?:y|ies)|maps?|mappings?|surveys?|questionnaires?"
    r"|calendars?|timetables?|databases?|datasets?|repositor(?:y|ies)|statements?|notes?|memos?|letters?|briefs?"
    r"|checklists?|glossar(?:y|ies)|catalog(?:ue)?s?|director(?:y|ies)|proposals?|drafts?|publications?|brochures?"
    r"|leaflets?|slides?|charters?|terms\s+of\s+reference|compendi(?:um|a)|matri(?:x|ces)|overviews?|synthes[ei]s"
)
# ... and what else it may bring about
_BROUGHT_ABOUT: Final = (
    r"guidance|tools?|programmes?|programs?|(?:web)?sites?|pages?|portals?|schedules?|timelines?|briefings?|strateg(?:y|ies)"
    r"|messages?|principles|sessions?|workshops?|webinars?|meetings?|events?|consultations?|seminars?|courses?|trainings?"
    r"|curricul(?:um|a)|videos?|podcasts?|posters?|newsletters?|blogs?|articles?|books?|booklets?|presentations?|tors?"
    r"|modalities|procedures?|process(?:es)?|forms?|polic(?:y|ies)|standards?|stud(?:y|ies)|anal[iy]s[ei]s|assessments?"
    r"|reviews?|evaluations?|tables?|criteria|indicators?|scorecards?|dashboards?|apps?|platforms?|outputs?|texts?"
    r"|compilations?|collections?|outlines?|agendas?|budgets?|packages?|kits?|transcripts?|minutes|proceedings"
    r"|contributions?|campaigns?|materials?|faqs?|infographics?|visuali[sz]ations?"
)
_THING: Final = rf"\b(?:{_DELIVERED}|{_BROUGHT_ABOUT})\b"
_OUTCOME: Final = (
    rf"\b(?:{_DELIVERED}|in order to|so that|so as to|with a view to|lead(?:s|ing)? to|result(?:s|ing)? in"
    r"|produc(?:e|ing)|publish(?:ing)?"
    r"|deliver(?:ing)?|draft(?:ing)?|agree(?:ing)? on|adopt(?:ing)?|recommend(?:ing)?|propos(?:e|ing)"
    r"|collect(?:ing)?|identify(?:ing)?|compil(?:e|ing)|develop(?:ing)?|creat(?:e|ing)|writ(?:e|ing)|at least"
    r"|by (?:the|end|mid|\d))\b"
)
_NUMBER: Final = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_WHEN: Final = (
    r"\d{4}|\d{1,2}[./]\d{1,2}|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|in may|(?-i:May)(?!\s+(?:be|need|take|have|also|not))"
    rf"|q[1-4]|spring|summer|autumn|not\s+(?:yet\s+)?applicable|n/a|{_NUMBER}[\s-](?:days?|weeks?|months?|years?)"
    r"|annual\s+(?:igf|meeting)|(?:end|close|start)\s+of\s+(?:the|this)(?:\s+\w+)?\s+cycle"
    r"|(?:whole|entire|full|current|one|this|igf)\s+cycle)\b"
)
_NO_ANSWER: Final = frozenset(
    {"", "n a", "na", "none", "not applicable", "tbd", "tba", "to be defined", "nil", "yes", "no", "unknown"}
)


def lint(sections: Mapping[str, str], *, body: str = "MAG") -> tuple[Text, ...]:
    """What would make a proposal clearer, in the template's order, each with what would help; empty when all is well.

    `sections` has the texts under `KEYS`; a missing key is an empty section. `body` is the short name of the body asked
    to agree. Looks at the length (150 words to 3 pages), objectives that name an activity and no result, long
    objectives that are no list, outputs that name no thing, a timeframe without a date, why not the whole body, and
    which of its responsibilities is served.
    """
    return tuple(_warnings({key: sections.get(key, "").strip() for key in KEYS}, body))


def _warnings(sections: Mapping[str, str], body: str) -> Iterator[Text]:
    everything = "\n".join(sections.values())
    english = _is_english(everything)
    yield from _length(words(everything), body)
    if english:
        yield from _objectives(sections["objectives"])
        yield from _outputs(sections["outputs"])
    yield from _timeframe(sections["timeframe"], english=english)
    if _unanswered(sections["why"]):
        yield T(
            "It does not say yet why a smaller group would do this better than the whole {body}. A sentence helps, for "
            "example: “It takes fortnightly calls, which the whole {body} cannot hold.”",
            body=body,
        )
    if _unanswered(sections["responsibility"]):
        yield T(
            "It does not name yet which responsibility of the {body} it serves. One from its Terms of Reference helps, "
            "for example: “Preparing the programme of the annual meeting”.",
            body=body,
        )


def _length(count: int, body: str) -> Iterator[Text]:
    if 0 < count < SHORT:
        yield Tn(
            "It is short: {count} word, where two to three pages are usual. Brief is fine if the {body} can tell what "
            "it agrees to; if not, add what the group will do and how.",
            "It is short: {count} words, where two to three pages are usual. Brief is fine if the {body} can tell what "
            "it agrees to; if not, add what the group will do and how.",
            count,
            body=body,
        )
    elif count > LONG:
        yield T(
            "It is long: about {pages} pages, where two to three are usual. More people read it to the end if details "
            "move to a linked document, for example the implementation plan.",
            pages=f"{pages(count):.1f}",
        )


def _objectives(text: str) -> Iterator[Text]:
    vague = [item for item in _items(text) if _begins(_VAGUE, item) and not _holds(_OUTCOME, item)]
    if vague:
        yield Tn(
            "An objective says what will be talked about, not what will exist afterwards: “{first}”. Add the result, "
            "for example: “… and publish a two-page guide”.",
            "{count} objectives say what will be talked about, not what will exist afterwards; the first is “{first}”. "
            "Add the result to each, for example: “… and publish a two-page guide”.",
            len(vague),
            first=UserText(one_line(vague[0], 80)),
        )
    count = words(text)
    if count > _LIST_WORTHY and not _is_list(text):
        yield T(
            "The objectives are one text of {count} words. As a list, one objective a line, each can be agreed to and "
            "reported on, for example: “- Collect … by May”.",
            count=count,
        )


def _outputs(text: str) -> Iterator[Text]:
    if text and not _holds(_THING, text):
        yield T(
            "The expected outputs name nothing that can be held up afterwards. Say what it will be, for example a "
            "report, a guide, a list or a set of recommendations."
        )


def _timeframe(text: str, *, english: bool) -> Iterator[Text]:
    if not text:
        yield T(
            "There is no timeframe. A first date helps everybody plan, for example: “Draft in May 2027, final at the "
            "annual meeting”. If none fits, “not applicable” is an answer."
        )
    elif english and not _holds(_WHEN, text):
        yield T(
            "The timeframe has no date in it. A month for the first draft and one for the end would help, for example: "
            "“Draft in May 2027, final at the annual meeting”."
        )


def _items(text: str) -> list[str]:
    """Each point of a list, or each sentence where there is none; wrapped lines joined to the point they belong to."""
    points: list[str] = []
    for line in text.splitlines():
        bullet = _BULLET.match(line)
        if bullet or not points or not line.strip():
            points.append(line[bullet.end() :] if bullet else line)
        else:
            points[-1] += " " + line.strip()
    return [sentence.strip() for point in points for sentence in _SENTENCE_END.split(point) if sentence.strip()]


def _is_list(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    marked = sum(1 for line in lines if _BULLET.match(line))
    first = _FIRST_POINT.search(text)
    return marked > 1 or (first is not None and _SECOND_POINT.search(text, first.end()) is not None)


def _unanswered(text: str) -> bool:
    return words(text) <= _NO_ANSWER_LONGEST and " ".join(re.findall(r"\w+", text.casefold())) in _NO_ANSWER


def _begins(pattern: str, text: str) -> bool:
    return re.match(pattern, text, re.IGNORECASE) is not None


def _holds(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _is_english(text: str) -> bool:
    """Whether the heuristics may speak: Latin letters in the main and, from a dozen words, common English ones."""
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(1 for letter in letters if letter.isascii())
    if 2 * latin < len(letters):
        return False
    spoken = re.findall(r"[a-z']+", text.casefold())
    return len(spoken) < _TELLING or sum(word in _COMMON for word in spoken) >= _ENGLISH * len(spoken)
