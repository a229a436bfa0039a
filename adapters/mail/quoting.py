"""Of a reply, what its writer wrote: without what is quoted, and without a signature.

The header lines of mail programs (“On … wrote:”) and their signatures are known to mail-parser-reply, in many languages; Arabic,
Portuguese and Russian are added here. Two things it cannot know: that lines which quote an address of ours introduce a quotation
in whatever language, and that a text is not to be lost because something in it looks like the beginning of a signature.
"""

from __future__ import annotations

import re
from typing import Final

from mailparser_reply.constants import MAIL_LANGUAGES, QUOTED_MATCH_INCLUDE
from mailparser_reply.parser import EmailMessage

LONG_LINE: Final = 300
"""Characters of a line that mail programs' own lines do not reach: longer ones are a writer's, and are not looked at."""

MOST_LINES: Final = 4_000
SIGNATURE_LINES: Final = 8
SIGNATURE_BEGINS: Final = 60
"""How much may be taken for a signature: lines in all, and characters of the first, which is a greeting or a rule."""

_Q: Final = QUOTED_MATCH_INCLUDE
_ADDED: Final = {
    "ar": {
        "wrote_header": rf"^({_Q}(?:في|بتاريخ|يوم)\s(?:.+?)(?:كتب|كتبت|تمت كتابة ما يلي بواسطة|كتب/كتبت)(?:.*):)$",
        "from_header": rf"((?:(?:^|\n|\n{_Q})[* ]*(?:من|تاريخ الإرسال|أُرسلت|إلى|الموضوع|التاريخ|نسخة):[ *]*(?:\s{{,2}}).*){{2,}}(?:\n.*){{,1}})",
        "signatures": "مع التحية|مع خالص التحية|تحياتي|مع أطيب التحيات|وتفضلوا بقبول",
        "sent_from": "أُرسلت من|تم الإرسال من|مرسل من",
        "disclaimers": "تنبيه:",
    },
    "pt": {
        "wrote_header": rf"^({_Q}(?:Em|No dia)\s(?:.+?)escreveu:)$",
        "from_header": rf"((?:(?:^|\n|\n{_Q})[* ]*(?:De|Enviado|Enviada em|Para|Assunto|Data|Cc):[ *]*(?:\s{{,2}}).*){{2,}}(?:\n.*){{,1}})",
        "signatures": "Atenciosamente|Cumprimentos|Obrigad[oa],",
        "sent_from": "Enviado do meu",
        "disclaimers": "Aviso:",
    },
    "ru": {
        "wrote_header": rf"^({_Q}.{{6,120}}(?:пишет|написала?):)$",
        "from_header": rf"((?:(?:^|\n|\n{_Q})[* ]*(?:От|Отправлено|Кому|Тема|Дата|Копия):[ *]*(?:\s{{,2}}).*){{2,}}(?:\n.*){{,1}})",
        "signatures": "С уважением",  # noqa: RUF001 - Russian
        "sent_from": "Отправлено с",  # noqa: RUF001 - Russian
        "disclaimers": "Внимание:",
    },
    "fr": {
        **MAIL_LANGUAGES["fr"],
        "from_header": rf"((?:(?:^|\n|\n{_Q})[* ]*(?:De|Envoyé|À|A|Objet|Date|Cc)\s?:[ *]*(?:\s{{,2}}).*){{2,}}(?:\n.*){{,1}})",
        "signatures": "Bien cordialement|Cordialement|Meilleures salutations|Salutations|Bien à vous|Bonne journée",
        "sent_from": "Envoyé depuis|Envoyé de mon|Télécharger Outlook",
    },
}
LANGUAGES: Final = (*(each for each in MAIL_LANGUAGES if each not in ("david", *_ADDED)), *_ADDED)

_BLANK: Final = re.compile(r"\n{3,}")
_MARKS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks of writing direction, which Arabic mail programs put around names and dates."""

_RULED: Final = re.compile(r"^[-_]{2,}\s*\n?|^-- $")
_INTRODUCES: Final = re.compile(r"[:：]\s*$")
_HEADED: Final = re.compile(r"[* ]*[^\s:：>][^:：>]{0,24}\s?[:：]")
"""“From: …” in whatever language, as Outlook puts it above what it quotes unmarked."""

_BROKEN: Final = 40
_ORIGINAL: Final = re.compile(
    r"^-{3,} ?(?:Original Message|Forwarded message|Message d'origine|Message transféré|الرسالة الأصلية|Mensaje original|"
    r"Mensagem original|Исходное сообщение|原始邮件) ?-{3,}$",
    re.IGNORECASE,
)


def written(text: str, domain: str = "") -> str:
    """What the writer wrote. `domain` is ours: who introduces a quotation of ours names an address in it."""
    lines = [line.rstrip() for line in _MARKS.sub("", text).split("\n")][:MOST_LINES]
    lines = _before_ours(lines, domain.lower())
    long = {f"\ue000{number}\ue000": line for number, line in enumerate(lines) if len(line) > LONG_LINE}
    short = [f"\ue000{number}\ue000" if len(line) > LONG_LINE else line for number, line in enumerate(lines)]
    kept = _own(_BLANK.sub("\n\n", "\n".join(short)))
    return re.sub("\ue000[0-9]+\ue000", lambda found: long.get(found[0], found[0]), kept).strip()


def _before_ours(lines: list[str], domain: str) -> list[str]:
    """The lines, without what stands from “… <address of ours> …:” on; those that answer below or within what they quote, all."""
    for number, line in enumerate(lines):
        if _ORIGINAL.match(line.strip()) or (domain and _HEADED.match(line) and f"@{domain}" in line.lower()):
            return lines[:number]
        if not domain or not _INTRODUCES.search(line) or line.startswith(">"):
            continue
        if f"@{domain}" not in line.lower():
            continue
        # a header line that was broken in two: the writer's own last line is hardly that long
        first = number - 1 if number and line.startswith("<") and len(lines[number - 1]) >= _BROKEN else number
        rest = [each for each in lines[number + 1 :] if each.strip()]
        if rest and rest[0].startswith(">"):  # what is not quoted below is an answer, too
            return [each for each in (*lines[:first], *lines[number + 1 :]) if not each.startswith(">")]
        return lines[:first]
    return lines


def _own(text: str) -> str:
    message = _Reply(text, languages=list(LANGUAGES), keep_hyphen_lists=True).read()
    for reply in message.replies[:2]:
        body = reply.content
        if reply.headers:
            if not any(line.startswith(">") for line in body.split("\n")):
                break  # quoted without marks: nothing below is the writer's
            body = body.replace(reply.headers, "", 1)
        body = "\n".join(line for line in body.split("\n") if not line.lstrip().startswith(">"))
        body = _unsigned(body.strip(), reply.signatures)
        if body:
            return _BLANK.sub("\n\n", body)
    return ""


def _unsigned(body: str, signature: str) -> str:
    """Without the signature, where it is one: after a rule (`-- `), or a few lines at the end that begin shortly."""
    at = body.rfind(signature) if signature else -1
    if at < 0:
        return body
    lines = [line for line in signature.split("\n") if line.strip()]
    ruled = _RULED.match(signature) is not None
    if ruled or (at > 0 and len(lines) <= SIGNATURE_LINES and len(lines[0]) <= SIGNATURE_BEGINS):
        return body[:at].strip()
    return body


class _Reply(EmailMessage):  # type: ignore[misc] # mail-parser-reply carries no types
    """The library's reading, with the languages it lacks and its patterns made once."""

    def _get_language_regex(self, language: str, regex_key: str) -> str:
        if language in _ADDED:
            found = _ADDED[language].get(regex_key, "")
            return found if isinstance(found, str) else "|".join(found)
        return str(super()._get_language_regex(language, regex_key))

    @property
    def HEADER_REGEX(self) -> re.Pattern[str]:  # noqa: N802 - the library's name
        return _pattern("HEADER_REGEX", self)

    @property
    def SIGNATURE_REGEX(self) -> re.Pattern[str]:  # noqa: N802 - the library's name
        return _pattern("SIGNATURE_REGEX", self)

    @property
    def DISCLAIMERS_REGEX(self) -> re.Pattern[str]:  # noqa: N802 - the library's name
        return _pattern("DISCLAIMERS_REGEX", self)


_PATTERNS: Final[dict[str, re.Pattern[str]]] = {}


def _pattern(name: str, message: _Reply) -> re.Pattern[str]:
    found = _PATTERNS.get(name)
    if found is None:
        found = _PATTERNS[name] = getattr(EmailMessage, name).fget(message)
    return found
