"""One guide and one agreement with obviously invented values."""

from __future__ import annotations

from datetime import date, time

from labels.paper.agreement import AgreementValues
from labels.paper.guide import GuideValues, Meeting
from labels.paper.tablets import look_of
from labels.qr import tag_url

CODE = "K7F3-QX"


def guide(language: str = "en", points: int = 14) -> GuideValues:
    return GuideValues(
        language=language,
        points=points,
        first_name="Sample",
        code=CODE,
        code_url=tag_url("https://tablets.example", CODE),
        look=look_of("samsung", "SM-X110"),
        meetings=(Meeting("Music morning", 1, time(10, 30)), Meeting("Chair exercise", 3, time(14))),
        gb_each_month=20,
        video_hours=14,
        give_back_on=date(2026, 6, 12),
        help_phone="020 7946 0000",
    )


AGREEMENT = AgreementValues(
    language="en",
    points=18,
    title="What we agree",
    lead="This is between you and Sample Tablet Library.",
    terms=("The tablet belongs to Sample Tablet Library.", "You give it back by the day on this paper."),
    accept="You say yes with your name below.",
    version="Doorstep 1",
    codes=(CODE,),
    give_back_on=date(2026, 6, 12),
)
