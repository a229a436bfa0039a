"""What a body of some kind is founded with, where it says nothing else: the MAG, a national IGF, a Dynamic Coalition.

The guidelines were written for the MAG, so its preset is what they say. The others are ours: words and groups as such
bodies commonly have them, and times that suit who they are. Each is a beginning; everything in it can be changed later.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.community import INTERGOVERNMENTAL, REGIONAL_GROUPS, STAKEHOLDER_GROUPS, Settings, Titles


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of body."""

    name: str
    meaning: str
    titles: Titles = field(default_factory=Titles)
    stakeholder_groups: tuple[str, ...] = STAKEHOLDER_GROUPS
    regional_groups: tuple[str, ...] = REGIONAL_GROUPS
    settings: Settings = field(default_factory=Settings)


def titles(body: str, chair: str = "", member: str = "", secretariat: str = "", co_facilitator: str = "") -> Titles:
    """What a body called so calls its people, where it says nothing else."""
    return Titles(
        body,
        chair or f"{body} Chair",
        member or f"{body} member",
        secretariat or "Secretariat",
        co_facilitator or f"{body} co-facilitator",
    )


PRESETS: dict[str, Preset] = {
    each.name: each
    for each in (
        Preset("mag", "the IGF's Multistakeholder Advisory Group"),
        Preset(
            "nri",
            "a national, regional or youth IGF: an organizing committee, no regional groups, shorter times",
            titles("Organizing Committee", "Coordinator", "committee member", co_facilitator="co-facilitator"),
            (*STAKEHOLDER_GROUPS, "Academia", "Media"),
            (),
            Settings(consultation_hours=5 * 24, check_hours=4 * 24),
        ),
        Preset(
            "dc",
            "a Dynamic Coalition: open to everybody, works by mail, so longer times and a lower floor",
            titles("Coalition", "Coordinator", "coalition member", co_facilitator="co-facilitator"),
            (*STAKEHOLDER_GROUPS, INTERGOVERNMENTAL),
            REGIONAL_GROUPS,
            Settings(consultation_hours=14 * 24, check_hours=7 * 24, participation_floor="1/5"),
        ),
    )
}
"""Every kind of body, by name."""
