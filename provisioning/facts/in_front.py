"""Which app is in front on the screen, as the activity manager says (`dumpsys activity activities`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors

# Since Android 12 the field has another name and an equals sign.
_RESUMED = re.compile(r"(?:mResumedActivity: |topResumedActivity=)ActivityRecord\{\w+ u\d+ ([\w.]+)/[\w.$]+[ }]")


@dataclass(frozen=True)
class FrontApp:
    """The app a person looks at. A screen that is off shows none, and then this is unreadable."""

    package: str


def parse_front_app(text: str) -> FrontApp:
    resumed = _RESUMED.search(text)
    if resumed is None:
        refuse_errors(text)
        raise ValueError("the activity manager named no app in front")
    return FrontApp(resumed.group(1))


IN_FRONT = Fact(
    "in_front",
    Command(
        "sh -c",
        Quoted(
            'dumpsys activity activities|grep -m1 -E "mResumedActivity: A|topResumedActivity=A|find service|DUMP"||true'
        ),
    ),
    FrontApp,
    parse_front_app,
    private=True,
)
