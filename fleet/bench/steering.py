"""What comes next for a tablet in a slot, by its stage: what the autopilot does, or what a person must do.

Plain Python, no I/O. Nothing here decides whether a move is allowed: the tablet's own table does, when it is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fleet.tablets.rules import Stage


class Act(StrEnum):
    """What the autopilot may do by itself."""

    RECEIVE = "receive"
    QUEUE_WIPE = "queue_wipe"
    WIPE = "wipe"
    PROVISION = "provision"
    CHECK_AGAIN = "check_again"
    PRINT_LABEL = "print_label"
    MAKE_READY = "make_ready"


class Need(StrEnum):
    """Whose turn it is at this slot."""

    NOBODY = "nobody"
    HANDS = "hands"
    TIME = "time"
    TAKE_OUT = "take_out"


class Picture(StrEnum):
    """What the screen in front of the person shows, or what their hands do; drawn in `_picture.html`."""

    NONE = ""
    ALLOW = "allow"
    RESET = "reset"
    WELCOME = "welcome"
    BUILD_NUMBER = "build_number"
    BATTERY = "battery"
    CABLE = "cable"
    ACCOUNT = "account"
    INTAKE = "intake"
    GRADE = "grade"
    TAKE_OUT = "take_out"


@dataclass(frozen=True)
class Next:
    """What comes next: an act for the autopilot, or two lines for a person. An act may say why in `second`."""

    act: Act | None = None
    need: Need = Need.NOBODY
    first: str = ""
    second: str = ""
    picture: Picture = Picture.NONE


@dataclass(frozen=True)
class Standing:
    """A tablet in a slot as the autopilot sees it.

    `verified`: its profile was read back and that still counts; `tiles_changed` is one reason why it may not.
    `as_wanted`: it is the profile and version that is wanted. `failed_here` is why the last run failed since it was
    plugged in; `failures` counts those of the last day. `not_ready` are the reasons why it may not go on the shelf yet.
    """

    stage: Stage
    retiring: bool = False
    holds: Sequence[str] = ()
    own_serial: bool = True
    verified: bool = False
    tiles_changed: bool = False
    as_wanted: bool = True
    labelled: bool = False
    failed_here: str = ""
    failures: int = 0
    not_ready: Sequence[str] = ()
    battery_percent: int | None = None
    battery_needed: int = 0
    stolen_checked: bool = True
    """Whether a register of stolen goods was asked, or a coordinator waived that; without it nobody grades."""
    suggested: str = ""
    """The grade that its facts suggest."""
    unusable: str = ""
    """Why its facts say that it cannot be used."""


MOST_FAILURES = 3
"""After so many failures within a day a person looks before it is tried again."""

_NOT_FOR_THE_BENCH: dict[Stage, tuple[str, str]] = {
    Stage.REPAIR: ("It is in repair", "Take it out. Once it is mended, say so on its page."),
    Stage.ALLOCATED: ("It is promised to somebody", "Take it out: it is packed and waits for its courier."),
    Stage.IN_TRANSIT_OUT: ("It should be on its way to somebody", "Take it out, and tell a coordinator."),
    Stage.ON_LOAN: ("It is on loan to somebody", "Take it out. If it came back, scan it in under Returns."),
    Stage.IN_TRANSIT_BACK: ("It came back", "Take it out, and scan it in under Returns."),
    Stage.RETURNED: ("Look it over and clean it", "Returns says what to look at. Then put it back here."),
    Stage.LOST: ("It was reported lost", "Take it out, and tell a coordinator that it is here."),
    Stage.GIFTED: ("It was given away for good", "Take it out, and tell a coordinator."),
    Stage.RETIRED: ("It is retired", "Take it out, or queue its last wipe on its page."),
    Stage.AWAITING_RECYCLE: ("It waits for recycling", "Take it out, and put it with those."),
    Stage.RECYCLED: ("It should have been recycled", "Take it out, and tell a coordinator."),
}


def next_thing(tablet: Standing, *, in_setup: bool = False) -> Next:
    """What comes next for a tablet of ours that answers and that no run is busy with.

    One `in_setup` stands at its welcome screens and only reports (trade-in mode): it can be wiped there without hands,
    and everything else needs a person to take it through.
    """
    coming = _next(tablet)
    return THROUGH_SETUP if in_setup and coming.act in _NEEDS_ANSWERS else coming


def _next(tablet: Standing) -> Next:
    if tablet.holds:
        return _hands("It is held: take it out", tablet.holds[0])
    if tablet.stage in _NOT_FOR_THE_BENCH:
        first, second = _NOT_FOR_THE_BENCH[tablet.stage]
        return _hands(first, second, Picture.TAKE_OUT)
    if not tablet.own_serial:
        return _hands(
            "Begin it by hand",
            "Its maker gave many tablets the same serial. Make sure by its label which one it is.",
        )
    return _by_stage(tablet)


_NEEDS_ANSWERS = frozenset({Act.PROVISION, Act.PRINT_LABEL, Act.CHECK_AGAIN, Act.MAKE_READY})


def _by_stage(tablet: Standing) -> Next:
    match tablet.stage:
        case Stage.EXPECTED:
            return Next(Act.RECEIVE)
        case Stage.RECEIVED:
            return _received(tablet)
        case Stage.TRIAGED | Stage.CLEANED:
            return Next(Act.QUEUE_WIPE)
        case Stage.AWAITING_WIPE:
            return _unless_it_failed(tablet, Act.WIPE)
        case Stage.WIPED if tablet.retiring:
            return _hands("Wiped for the last time: take it out", "Say on its page that it waits for recycling.")
        case Stage.WIPED:
            return _unless_it_failed(tablet, Act.PROVISION)
        case Stage.PROVISIONED:
            return _provisioned(tablet)
        case Stage.READY if not tablet.verified:
            why = (
                "a gathering on its tiles has changed" if tablet.tiles_changed else "its profile was read too long ago"
            )
            return Next(Act.CHECK_AGAIN, second=f"Not lent as it is: {why}.")
        case Stage.READY:
            return Next(need=Need.TAKE_OUT, first="Take it out", second="Ready to lend", picture=Picture.TAKE_OUT)
        case _:
            return Next(need=Need.TIME, first="Being worked on")


def _received(tablet: Standing) -> Next:
    """Nothing reads scratches or a swollen battery over a cable: a person grades it, with one card and one scan."""
    if not tablet.stolen_checked:
        return _hands("Was it stolen?", "Write the check down on its triage page. Then grade it.", Picture.INTAKE)
    if tablet.unusable:
        return _hands("It may be past use", f"{tablet.unusable} Settle that on its triage page.", Picture.INTAKE)
    suggests = f" Its facts suggest {tablet.suggested}." * bool(tablet.suggested)
    return _hands("Waits for a grade", f"Scan a grade card, then the tablet.{suggests}", Picture.GRADE)


def _unless_it_failed(tablet: Standing, act: Act) -> Next:
    if tablet.failed_here:
        return _hands("It needs a look", tablet.failed_here)
    if tablet.failures >= MOST_FAILURES:
        return _hands(
            "It needs a look", f"It failed {tablet.failures} times within a day. Open it, then try again there."
        )
    return Next(act)


def _provisioned(tablet: Standing) -> Next:
    if not (tablet.verified and tablet.as_wanted):
        return _unless_it_failed(tablet, Act.PROVISION)
    if not tablet.labelled:
        return Next(Act.PRINT_LABEL)
    if not tablet.not_ready:
        return Next(Act.MAKE_READY)
    if tablet.battery_percent is not None and tablet.battery_percent < tablet.battery_needed:
        second = f"{tablet.battery_percent} %, it goes out with {tablet.battery_needed} %"
        return Next(need=Need.TIME, first="Charging: leave it in", second=second, picture=Picture.BATTERY)
    return Next(
        need=Need.TAKE_OUT,
        first="Take it out",
        second="Its label is a PDF under Labels, Printed before. Print it, stick it on, scan it, check its kit.",
        picture=Picture.TAKE_OUT,
    )


THROUGH_SETUP = Next(
    need=Need.HANDS,
    first="Go through its welcome screens",
    second="No Wi-Fi, no account. Then switch USB debugging on.",
    picture=Picture.WELCOME,
)
LOCKED = Next(
    need=Need.HANDS,
    first="It is locked to an earlier owner",
    second="It asks for their account: they sign in and remove it, or it goes back.",
    picture=Picture.ACCOUNT,
)


def _hands(first: str, second: str = "", picture: Picture = Picture.NONE) -> Next:
    return Next(need=Need.HANDS, first=first, second=second, picture=picture)
