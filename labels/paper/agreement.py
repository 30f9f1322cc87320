"""What somebody agrees to who borrows a tablet, on paper: the exact words that were kept, and a line for a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from labels.paper.flow import COLUMN, LINE, SIDE, Part, Pen, Setting, panel, room, words, write_paper
from labels.paper.texts import paper_texts
from labels.script.bidi import isolated
from labels.script.lines import set_line

GAP = 0.3
"""Room between terms, in text sizes."""


@dataclass(frozen=True)
class AgreementValues:
    """One agreement, its words as they are kept. `version` names text and version, as in "Doorstep 1, cy"."""

    language: str
    points: int
    title: str
    lead: str
    terms: tuple[str, ...]
    accept: str
    version: str
    codes: tuple[str, ...] = ()
    """The names of the tablets that it is about; none where it is about no one tablet."""
    give_back_on: date | None = None
    """The day on the paper; None leaves a line to write it on."""
    comes_back: bool = True
    """False for what is given for good: no day then, and no line for one."""


def render_agreement(values: AgreementValues) -> bytes:
    """The agreement as a PDF; its last term is on the page where a name is asked for.

    Raises LanguageMissing, TextNotPrintable or LabelDoesNotFit.
    """
    setting = Setting(paper_texts(values.language), values.points)
    say = setting.texts.say
    opening = [
        words(setting, values.title, points=setting.points * 1.7, bold=True, after=0.3),
        words(setting, values.lead),
    ]
    name, back = ("codes", "back_all_by") if len(values.codes) > 1 else ("code", "back_by")
    if values.codes:
        opening.append(panel(setting, (say(name), ", ".join(isolated(code) for code in values.codes))))
    if values.give_back_on:
        opening.append(panel(setting, (say(back), setting.texts.day(values.give_back_on))))
    elif values.comes_back:
        opening += [words(setting, say(back), bold=True), _sign(setting, say("sign_day"))]
    *terms, last = [_term(setting, number, term) for number, term in enumerate(values.terms, start=1)]
    closing = [words(setting, values.accept), _sign(setting, say("sign_name")), _sign(setting, say("sign_day"))]
    groups = [opening, *([term] for term in terms), [last, room(GAP * setting.points), *closing]]
    return write_paper(groups, setting, title=values.title, foot=isolated(values.version), gap=GAP)


def _term(setting: Setting, number: int, text: str) -> Part:
    indent = setting.points * 2.2
    body = words(setting, text, indent=indent, after=0.0)
    figure = set_line(f"{number}.", setting.texts.writing(bold=True), setting.points)

    def draw(pen: Pen, top: float) -> None:
        body.draw(pen, top)
        pen.write(figure, top, setting.leading(setting.points))

    return Part(body.height, draw)


def _sign(setting: Setting, name: str) -> Part:
    """A word and a line to write on."""
    leading = setting.leading(setting.points)
    word = set_line(name, setting.texts.writing(), setting.points)

    def draw(pen: Pen, top: float) -> None:
        pen.write(word, top - setting.points, leading)
        room, foot = word.width + setting.points, top - setting.points - leading * 0.85
        begin = SIDE if pen.rtl else SIDE + room
        pen.canvas.setStrokeColor(LINE)
        pen.canvas.setLineWidth(0.8)
        pen.canvas.line(begin, foot, begin + COLUMN - room, foot)

    return Part(leading + setting.points, draw)
