"""How a person's answers are said on pages and in API documents."""

from __future__ import annotations

from fleet.people.languages import LANGUAGE_NAMES, language_part
from fleet.people.rules import Channel, FamiliarApp, Household, NeedCode, PrintFormat

CHANNEL_WORDS: dict[Channel, str] = {
    Channel.CALL: "A phone call",
    Channel.TEXT: "A text message",
    Channel.EMAIL: "An email",
    Channel.LETTER: "A letter",
}

FORMAT_WORDS: dict[PrintFormat, str] = {
    PrintFormat.PRINT_14: "Clear print, 14 point",
    PrintFormat.PRINT_18: "Large print, 18 point",
    PrintFormat.PRINT_24: "Giant print, 24 point",
    PrintFormat.EASY_READ: "Easy read, with pictures",
    PrintFormat.BRAILLE: "Braille",
    PrintFormat.AUDIO: "Audio",
}

NEED_WORDS: dict[NeedCode, str] = {
    NeedCode.LARGE_TEXT: "Large text on the screen",
    NeedCode.SCREEN_READER: "The tablet reads the screen aloud",
    NeedCode.CAPTIONS: "Captions and loud sound",
    NeedCode.BSL: "Uses British Sign Language",
    NeedCode.TEXT_ON_ARRIVAL: "Text on arrival, do not ring",
    NeedCode.KNOCK_AND_WAIT: "Knock, then allow time to reach the door",
    NeedCode.SPEAK_FACE_TO_FACE: "Speak slowly, face to face",
    NeedCode.STEADY_TOUCH: "Slower, steadier touch",
    NeedCode.FEW_CHOICES: "Few choices, always in the same place",
    NeedCode.NO_SURPRISES: "Say beforehand exactly who comes and when",
    NeedCode.PICTURES: "Pictures with the words",
    NeedCode.WARM_UP_HELP: "Somebody beside them the first time",
}

OWN_NEED_WORDS: dict[NeedCode, str] = {
    **NEED_WORDS,
    NeedCode.BSL: "I use British Sign Language",
    NeedCode.TEXT_ON_ARRIVAL: "A text when you arrive, no ring at the door",
    NeedCode.KNOCK_AND_WAIT: "A knock, and time to reach the door",
    NeedCode.SPEAK_FACE_TO_FACE: "Speaking slowly, face to face",
    NeedCode.NO_SURPRISES: "Knowing beforehand exactly who comes and when",
    NeedCode.WARM_UP_HELP: "Somebody beside me the first time",
}
"""As somebody ticks them who asks for themselves."""

HOUSEHOLD_WORDS: dict[Household, str] = {
    Household.ALONE: "Lives alone",
    Household.WITH_OTHERS: "Lives with others",
    Household.SUPPORTED_HOUSING: "Lives in supported or shared housing",
    Household.TEMPORARY: "Lives somewhere for a while",
}

OWN_HOUSEHOLD_WORDS: dict[Household, str] = {
    Household.ALONE: "I live alone",
    Household.WITH_OTHERS: "I live with others",
    Household.SUPPORTED_HOUSING: "I live in supported or shared housing",
    Household.TEMPORARY: "I live somewhere for a while",
}

APP_WORDS: dict[FamiliarApp, str] = {
    FamiliarApp.WHATSAPP: "WhatsApp",
    FamiliarApp.ZOOM: "Zoom",
    FamiliarApp.FACEBOOK: "Facebook",
    FamiliarApp.MESSENGER: "Messenger",
    FamiliarApp.SKYPE: "Skype",
    FamiliarApp.TEAMS: "Teams",
    FamiliarApp.FACETIME: "FaceTime",
    FamiliarApp.YOUTUBE: "YouTube",
    FamiliarApp.OTHER: "Another app for calls or pictures",
}

LANGUAGE_WORDS: dict[str, str] = {
    "en": "English",
    "cy": "Welsh",
    "gd": "Scottish Gaelic",
    "bfi": "British Sign Language",
    "ar": "Arabic",
    "bn": "Bengali",
    "zh-Hans": "Chinese, simplified writing",
    "zh-Hant": "Chinese, traditional writing",
    "fa": "Farsi",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "it": "Italian",
    "ku": "Kurdish",
    "pl": "Polish",
    "pt": "Portuguese",
    "pa": "Punjabi",
    "ro": "Romanian",
    "so": "Somali",
    "es": "Spanish",
    "ta": "Tamil",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "tw": "Twi",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
}


def language_words(code: str) -> str:
    """A language by its name, with its writing or place where the code has one: Portuguese (BR)."""
    if code in LANGUAGE_WORDS or not (language := language_part(code)):
        return LANGUAGE_WORDS.get(code, code)
    name = LANGUAGE_WORDS.get(language, LANGUAGE_NAMES[language])
    return name if code == language else f"{name} ({code.removeprefix(language)[1:].replace('-', ', ')})"


def language_choices(*kept: str) -> tuple[tuple[str, str], ...]:
    """What a form offers: the languages of our tablets, whatever is `kept` on the record, and the many others.

    Only those of two letters are offered of the others: rarer ones come in by file and the API, and stay.
    """
    rest = {code for code in LANGUAGE_NAMES if len(code) == 2} | {code for code in kept if code}
    others = ((code, language_words(code)) for code in rest - set(LANGUAGE_WORDS))
    return (*LANGUAGE_WORDS.items(), *sorted(others, key=lambda choice: choice[1]))
