"""What a person's tablet is to be, and what tablets were made into: held against each other before one is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.rules import LoanKind, SetUp, Wanted, lacking
from fleet.loans.rules.fitting import ENGLISH
from fleet.loans.service.writer.locks import Locked
from fleet.people.models import Need, Person
from fleet.people.rules import NeedCode
from fleet.tablets.models import Tablet
from fleet.users.rules import Role
from provisioning.errors import ProfileInvalid
from provisioning.profiles.library import built_in_library


def layers_asked(needs: Iterable[Need]) -> tuple[NeedCode, ...]:
    """The needs that a tablet can be set up for, and that may be told to whoever sets it up."""
    told = (need.code for need in needs if Role.TECHNICIAN in need.share_with)
    return tuple(sorted(code for code in told if _layer(code.value)))


def language_asked(person: Person) -> str:
    """The code of the language that their tablet is to speak; empty for English, and for one that no tablet has."""
    read = person.language_read
    return read if read in built_in_library().languages and read != "en" else ""


def wanted_by(person: Person, needs: Iterable[Need]) -> Wanted:
    """What the bench would be told to make for this person."""
    return Wanted(frozenset(layers_asked(needs)), _title(language_asked(person)))


def set_ups(session: Session, tablets: Sequence[Tablet]) -> dict[int, SetUp]:
    """Tablet -> what it was made into, by its last provision that passed; where none is on record (it came from
    another installation), what its profile gives anybody."""
    made = queries.last_provisions(session, [tablet.id for tablet in tablets])
    found = {}
    for tablet in tablets:
        run = made.get(tablet.id)
        needs, language = run[1:] if run and run[0] == tablet.profile else _of_profile(tablet.profile)
        found[tablet.id] = SetUp(tablet.profile, _codes(needs), _title(language))
    return found


def lacks(session: Session, held: Locked, tablet_id: int) -> tuple[str, ...]:
    """What a locked tablet lacks of what the loan's person needs. A custodian's tablets are for many."""
    if held.loan.kind is LoanKind.VENUE:
        return ()
    tablet = session.get_one(Tablet, tablet_id)
    needs = queries.needs_of(session, held.person.id)
    return lacking(set_ups(session, [tablet])[tablet_id], wanted_by(held.person, needs))


def goes_as_it_is(lacking: Sequence[str], happening: Happening, *, override: bool) -> str:
    """To be said after “Tablet allocated” where somebody gives it though it lacks something; what that is would tell
    of a person's needs. Raises `BadInput` where they do not say why."""
    if not override or not lacking:
        return ""
    if not happening.reason.strip():
        raise BadInput("Nothing was kept.", fields={"reason": "Say why it is given to them as it is."})
    return ", though not set up as they need it"


def _of_profile(name: str) -> tuple[Sequence[str], str]:
    profile = built_in_library().profiles.get(name)
    return (profile.needs, profile.language) if profile is not None else ((), "")


def _codes(layers: Iterable[str]) -> frozenset[NeedCode]:
    names = {_layer(name) or name for name in layers}
    return frozenset(code for code in NeedCode if _layer(code.value) in names)


@cache
def _layer(need: str) -> str | None:
    """The access layer of a need; None for one such as “knock and wait”, which is a courier's business."""
    try:
        return built_in_library().need(need.replace("_", "-")).name
    except ProfileInvalid:
        return None


def _title(code: str) -> str:
    known = built_in_library().languages.get(code)
    return known.title if known is not None else code or ENGLISH
