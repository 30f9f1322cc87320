"""What may stand in the record of a person who borrows: names, numbers, postcodes, needs. Plain Python, no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fleet.people.languages import language_problem


class Channel(StrEnum):
    """How a person wants to hear from us."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"


class PrintFormat(StrEnum):
    """What a person can read; print sizes are in points."""

    PRINT_14 = "print_14"
    PRINT_18 = "print_18"
    PRINT_24 = "print_24"
    EASY_READ = "easy_read"
    BRAILLE = "braille"
    AUDIO = "audio"


class Household(StrEnum):
    """Who the person lives with, as far as it changes how we lend."""

    ALONE = "alone"
    WITH_OTHERS = "with_others"
    SUPPORTED_HOUSING = "supported_housing"
    TEMPORARY = "temporary"


class FamiliarApp(StrEnum):
    """An app that somebody may know already, so that the tablet can begin with it."""

    WHATSAPP = "whatsapp"
    ZOOM = "zoom"
    FACEBOOK = "facebook"
    MESSENGER = "messenger"
    SKYPE = "skype"
    TEAMS = "teams"
    FACETIME = "facetime"
    YOUTUBE = "youtube"
    OTHER = "other"


class NeedCode(StrEnum):
    """A need by what it asks of us, never by a diagnosis."""

    LARGE_TEXT = "large_text"
    SCREEN_READER = "screen_reader"
    CAPTIONS = "captions"
    BSL = "bsl"
    TEXT_ON_ARRIVAL = "text_on_arrival"
    KNOCK_AND_WAIT = "knock_and_wait"
    SPEAK_FACE_TO_FACE = "speak_face_to_face"
    STEADY_TOUCH = "steady_touch"
    FEW_CHOICES = "few_choices"
    NO_SURPRISES = "no_surprises"
    PICTURES = "pictures"
    WARM_UP_HELP = "warm_up_help"


DOORSTEP_NEEDS = frozenset(
    {
        NeedCode.BSL,
        NeedCode.TEXT_ON_ARRIVAL,
        NeedCode.KNOCK_AND_WAIT,
        NeedCode.SPEAK_FACE_TO_FACE,
        NeedCode.NO_SURPRISES,
    }
)
"""What a courier must know at the door, and all a courier may know."""

SETTING_NEEDS = frozenset(NeedCode) - {
    NeedCode.TEXT_ON_ARRIVAL,
    NeedCode.KNOCK_AND_WAIT,
    NeedCode.SPEAK_FACE_TO_FACE,
    NeedCode.WARM_UP_HELP,
}
"""What changes how a tablet is set up, so what a technician sees."""

REVIEW_AFTER_MONTHS = 12
"""A need is asked about again after this long (Accessible Information Standard: review)."""

# BS 7666, from its schema definition. XSD class subtraction is written out as the letters that are left.
_POSTCODE = re.compile(
    r"GIR 0AA|(?:[A-PR-UWYZ][0-9][0-9]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9]?"
    r"|[A-PR-UWYZ][0-9][A-HJKSTUW]|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY]) [0-9][ABD-HJLNP-UW-Z]{2}"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def tidy_postcode(typed: str) -> str:
    """Capitals, one space before the last three. What cannot be a postcode comes back tidied and no more."""
    letters = "".join(typed.upper().split())
    return f"{letters[:-3]} {letters[-3:]}" if 5 <= len(letters) <= 7 else letters


def postcode_warning(postcode: str) -> str | None:
    """A doubt about a tidied postcode, never a refusal: only a delivery proves one."""
    if not postcode or _POSTCODE.fullmatch(postcode):
        return None
    return f"{postcode} does not look like a postcode. It was kept as it is; check it with the person."


def area_of(postcode: str) -> str:
    """The first half of a postcode, which groups deliveries: N19 of N19 5XX."""
    return postcode.split(" ")[0] if " " in postcode else ""


def tidy_phone(typed: str) -> str:
    """Digits with a leading +, British numbers with +44. What cannot be read comes back as it was typed."""
    kept = re.sub(r"[\s().\-]", "", typed)
    if kept.startswith("00"):
        kept = "+" + kept[2:]
    if kept.startswith("0"):
        kept = "+44" + kept[1:]
    return kept


def tidy_email(typed: str) -> str:
    """Small letters. No inbox that anybody has tells capitals apart, and two people who share one are one home."""
    return typed.strip().lower()


def phone_problem(phone: str) -> str | None:
    """Why this tidied number cannot be rung, or None. Numbers that are merely not in use cannot be told."""
    if re.fullmatch(r"\+44[1-9][0-9]{8,9}", phone) or re.fullmatch(r"\+(?!44)[1-9][0-9]{6,14}", phone):
        return None
    return "Enter a phone number such as 07700 900001, or leave it empty."


def phone_words(phone: str) -> str:
    """How a number is read out: 07700 900001."""
    if not phone.startswith("+44"):
        return phone
    local = "0" + phone[3:]
    return f"{local[:5]} {local[5:]}" if local.startswith("07") else f"{local[:3]} {local[3:7]} {local[7:]}".strip()


@dataclass(frozen=True)
class PersonFacts:
    """What is asked of every person before anything else."""

    first_name: str
    last_name: str
    phone: str
    email: str
    postcode: str
    address_line_1: str
    language_spoken: str
    language_read: str
    channel: Channel
    consents: bool
    birth_year: int | None
    today: date


def problems(facts: PersonFacts) -> dict[str, str]:
    """A sentence for each answer that cannot be used; empty when the record may be kept."""
    found = {
        "first_name": "" if facts.first_name else "Enter the first name, as the person likes to be called.",
        "last_name": "" if facts.last_name else "Enter the last name.",
        "phone": (phone_problem(facts.phone) or "") if facts.phone else "",
        "email": "Enter an email address such as name@example.org, or leave it empty.",
        "consents": "" if facts.consents else "Ask whether we may keep these details. Without a yes, nothing is kept.",
        "language_spoken": language_problem(facts.language_spoken),
        "language_read": language_problem(facts.language_read),
        "birth_year": "",
    }
    if not facts.email or _EMAIL.fullmatch(facts.email):
        found["email"] = ""
    if facts.birth_year is not None and not facts.today.year - 120 <= facts.birth_year <= facts.today.year:
        found["birth_year"] = "Enter the year as four figures, such as 1948, or leave it empty."
    for field, sentence in _unreachable(facts).items():
        found[field] = found.get(field) or sentence
    return {field: sentence for field, sentence in found.items() if sentence}


def _unreachable(facts: PersonFacts) -> dict[str, str]:
    """The preferred channel needs something to reach the person by."""
    if facts.channel in (Channel.CALL, Channel.TEXT) and not facts.phone:
        return {"phone": "Enter the phone number, since that is how they want to hear from us."}
    if facts.channel is Channel.EMAIL and not facts.email:
        return {"email": "Enter the email address, since that is how they want to hear from us."}
    if facts.channel is Channel.LETTER and not (facts.address_line_1 and facts.postcode):
        return {"address_line_1": "Enter the address and postcode, since they want to hear from us by letter."}
    return {}


def age_problem(birth_year: int | None, min_age: int, today: date) -> str | None:
    """Why somebody is not old enough for a programme, or None. A year of birth is all we ask."""
    if min_age <= 0:
        return None
    if birth_year is None:
        return f"Ask for the year of birth: this programme is for people of {min_age} and over."
    if today.year - birth_year < min_age:
        return f"This programme is for people of {min_age} and over."
    return None
