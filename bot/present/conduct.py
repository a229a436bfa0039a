"""The Code of Conduct, and reports under it, as they are shown: reports only ever in an answer to who may read them."""

from __future__ import annotations

from bot.domain.community import Community
from bot.domain.conduct import Acknowledgement
from bot.domain.conduct_reports import ConductReport
from bot.domain.records import Reads
from bot.present.people import person_name
from bot.text import Moment, Say, T, Text, joined, term
from bot.view import Block, Button, ButtonStyle, Card, Fact, Facts, Item, Items, Notice, Paragraph, Quote, View


def is_link(code: str) -> bool:
    """Whether the community named where its Code of Conduct stands, rather than its words."""
    return code.startswith(("https://", "http://")) and len(code.split()) == 1


def code_text(community: Community) -> Text:
    """The link to the Code of Conduct; where there is none, the command that shows it."""
    code = community.settings.code_of_conduct
    if is_link(code):
        return term(code)
    return T("{command}", command=Say("conduct"))


def code_card(community: Community, done: Acknowledgement | None, zone: str, *, known: bool) -> Card:
    """The Code of Conduct: its text, or where it stands."""
    code = community.settings.code_of_conduct
    blocks: list[Block] = [Paragraph(T("It holds at all times: in rooms, on lists and in meetings."))]
    blocks.append(Paragraph(term(code)) if is_link(code) else Quote(code))
    if done is not None:
        blocks.append(Paragraph(T("You acknowledged it {when}.", when=Moment(done.at, zone))))
    buttons = []
    if known and done is None:
        buttons.append(Button(T("Acknowledge it"), "conduct acknowledge", {}, ButtonStyle.PRIMARY))
    if known:
        buttons.append(Button(T("Report in confidence…"), "conduct report"))
    return Card(
        T("The Code of Conduct"),
        tuple(blocks),
        tuple(buttons),
        footer=T(
            "A report goes to the {chair} and the {secretariat} alone, and to nobody it is about. It is in no log, record or room.",
            chair=community.titles.chair,
            secretariat=community.titles.secretariat,
        ),
    )


def reports_card(reports: tuple[ConductReport, ...], zone: str) -> View:
    """The reports somebody may see: open ones first."""
    if not reports:
        return Notice(T("There is no report for you to see."))
    ordered = sorted(reports, key=lambda each: (each.closed_at is not None, each.reported_at))
    items = tuple(
        Item(
            T("{report}, of {when}", report=each.id, when=Moment(each.reported_at, zone))
            if each.closed_at is None
            else T("{report}, of {when}: closed", report=each.id, when=Moment(each.reported_at, zone)),
            Button(T("Read {report}", report=each.id), "conduct reports", {"report": each.id}),
        )
        for each in ordered
    )
    return Card(T("Reports under the Code of Conduct"), (Items(items),), footer=T("In confidence."))


def report_card(reads: Reads, community: Community, report: ConductReport, zone: str) -> Card:
    """One report, whole, with what was noted about it."""
    facts = [
        Fact(T("Reported by"), T("{person}", person=person_name(reads, community, report.reporter))),
        Fact(T("When"), T("{when}", when=Moment(report.reported_at, zone))),
    ]
    if report.about:
        names = [T("{person}", person=person_name(reads, community, each)) for each in report.about]
        facts.append(Fact(T("About"), joined(names, ", ")))
    facts.append(
        Fact(T("State"), T("closed {when}", when=Moment(report.closed_at, zone)) if report.closed_at else T("open"))
    )
    blocks: list[Block] = [Facts(tuple(facts)), Quote(report.text)]
    for each in report.handled:
        by = T("{person}, {when}", person=person_name(reads, community, each.by), when=Moment(each.at, zone))
        blocks.append(Quote(each.text, by))
    buttons: tuple[Button, ...] = ()
    if report.closed_at is None:
        buttons = (
            Button(T("Note what was done…"), "conduct note", {"report": report.id}),
            Button(T("Close it…"), "conduct close", {"report": report.id}),
        )
    return Card(T("Report {report}", report=report.id), tuple(blocks), buttons, footer=T("In confidence."))
