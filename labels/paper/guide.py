"""The guide that goes with a lent tablet: one thing a step, in the person's language and text size.

It names a person by the first name only, and says nothing of a programme: a neighbour may read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from reportlab.lib.units import mm

from labels.drawing import draw_symbol
from labels.frames import QrPlace
from labels.paper.flow import COLUMN, SIDE, Part, Pen, Setting, heading, panel, words, write_paper
from labels.paper.picture import picture
from labels.paper.tablets import UNKNOWN, Look
from labels.paper.texts import paper_texts
from labels.qr import make_symbol
from labels.script.bidi import isolated, unbroken

TEXT_SIZES = (14, 18, 24)
"""Points: clear print, large print, giant print."""
QR_SIDE = 40.0


@dataclass(frozen=True)
class Meeting:
    """A gathering by the name on its tile. `weekday` 0 is Monday."""

    title: str
    weekday: int
    starts_at: time


@dataclass(frozen=True)
class GuideValues:
    """What one guide says. Empty or None means that it is left out, or that its step says what to do instead.

    `help_hours` is printed as it is, so it is given only where it is in the guide's language. `gb_each_month` is None
    for a tablet without data of its own; `video_hours` is about how long its data lasts for meetings, a month;
    `from_a_mifi` where the data comes from a box beside the tablet.
    """

    language: str
    points: int
    first_name: str
    code: str
    code_url: str
    look: Look = UNKNOWN
    meetings: tuple[Meeting, ...] = ()
    gb_each_month: int | None = None
    video_hours: int = 0
    from_a_mifi: bool = False
    give_back_on: date | None = None
    help_phone: str = ""
    help_hours: str = ""


def render_guide(values: GuideValues) -> bytes:
    """The guide as a PDF. Raises LanguageMissing, TextNotPrintable or LabelDoesNotFit."""
    setting = Setting(paper_texts(values.language), values.points)
    say = setting.texts.say
    steps = {
        "turn_on": _turn_on(setting, values),
        "tiles": [words(setting, say("tiles_text"))],
        "join": _join(setting, values),
        "louder": [words(setting, say(key)) for key in ("louder_text", "bigger_text")],
        "stuck": _stuck(setting, values),
        "internet": _internet(setting, values),
        "back": _giving_back(setting, values),
    }
    numbered = [
        [heading(setting, number, say(key)), *parts] for number, (key, parts) in enumerate(steps.items(), start=1)
    ]
    groups = [_opening(setting, values), _name(setting, values), *numbered]
    return write_paper(groups, setting, title=say("title"), foot=isolated(values.code))


def _opening(setting: Setting, values: GuideValues) -> list[Part]:
    say = setting.texts.say
    title = words(setting, say("title"), points=setting.points * 1.7, bold=True, after=0.2)
    name = [words(setting, say("for_whom", name=values.first_name), bold=True)] if values.first_name else []
    ring = [panel(setting, (say("stuck"), unbroken(values.help_phone)))] if values.help_phone else []
    return [title, *name, words(setting, say("intro")), *ring]


def _name(setting: Setting, values: GuideValues) -> list[Part]:
    """What the tablet is called, and the code that is on its label."""
    said = (setting.texts.say("code"), isolated(values.code))
    named = panel(setting, said, beside=_symbol(values.code_url) if values.code_url else None)
    return [named, words(setting, setting.texts.say("code_text"))]


def _turn_on(setting: Setting, values: GuideValues) -> list[Part]:
    find = [] if values.look.on else [words(setting, setting.texts.say("turn_on_find"))]
    spoken = [words(setting, setting.texts.say(key)) for key in ("turn_on_charge", "turn_on_press")]
    return [*spoken, *find, picture(setting, values.look)]


def _join(setting: Setting, values: GuideValues) -> list[Part]:
    if not values.meetings:
        return [words(setting, setting.texts.say("join_none"))]
    told = [
        panel(setting, (isolated(each.title), setting.texts.weekly(each.weekday, each.starts_at)))
        for each in values.meetings
    ]
    return [*told, words(setting, setting.texts.say("join_text"))]


def _stuck(setting: Setting, values: GuideValues) -> list[Part]:
    if not values.help_phone:
        return [words(setting, setting.texts.say("stuck_none"))]
    number = panel(setting, (unbroken(values.help_phone),), points=setting.points * 1.6)
    hours = [words(setting, isolated(values.help_hours))] if values.help_hours else []
    return [words(setting, setting.texts.say("stuck_ring")), number, *hours]


def _internet(setting: Setting, values: GuideValues) -> list[Part]:
    say = setting.texts.say
    if values.gb_each_month is None:
        return [words(setting, say("internet_wifi"))]
    lasts = [words(setting, say("internet_hours", hours=values.video_hours))] if values.video_hours else []
    return [
        words(setting, say("internet_mifi" if values.from_a_mifi else "internet_sim")),
        panel(setting, (say("internet_each_month", gb=values.gb_each_month),)),
        *lasts,
    ]


def _giving_back(setting: Setting, values: GuideValues) -> list[Part]:
    say = setting.texts.say
    told = (
        [words(setting, say("back_by")), panel(setting, (setting.texts.day(values.give_back_on),))]
        if values.give_back_on
        else [words(setting, say("back_unknown"))]
    )
    longer = [words(setting, say("longer_text"))] if values.give_back_on else []
    return [*told, words(setting, say("back_text")), words(setting, say("back_kit")), *longer]


def _symbol(url: str) -> Part:
    """The code on the tablet's label, as black on white as there, at the end of the column."""
    symbol = make_symbol(url)

    def draw(pen: Pen, top: float) -> None:
        left = SIDE if pen.rtl else SIDE + COLUMN - QR_SIDE * mm
        pen.canvas.saveState()
        pen.canvas.translate(left, top)
        pen.canvas.setFillColorRGB(1, 1, 1)
        pen.canvas.rect(0, -QR_SIDE * mm, QR_SIDE * mm, QR_SIDE * mm, stroke=0, fill=1)
        pen.canvas.setFillColorRGB(0, 0, 0)
        draw_symbol(pen.canvas, symbol, QrPlace(0, 0, QR_SIDE))
        pen.canvas.restoreState()

    return Part(QR_SIDE * mm, draw)
