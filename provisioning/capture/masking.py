"""Takes personal data out of what a tablet answered: names, addresses, numbers of people, networks and units.

It works by key where an answer has keys, by form everywhere, and puts the same stand-in for a value in every answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from provisioning.capture.stand_ins import Hiding, StandIns, distinctive
from provisioning.command import Command
from provisioning.facts.addresses import E_MAIL
from provisioning.facts.identity import ANDROID_ID, SHARED_SERIALS
from provisioning.facts.properties import GETPROP
from provisioning.facts.reading import Answer
from provisioning.facts.settings import SETTINGS

_SETTINGS_LISTS = frozenset(fact.command for fact in SETTINGS.values())
_PRIVATE_SETTING = re.compile(
    r"(?:^|_)(?:\w*name|owner|info|ssid|bssid|mac|address|account|accounts|e?mail|phone|number|msisdn|imei|serial|"
    r"contact|contacts|hostname|specifier|proxy|latitude|longitude|android_id|advertising|uuid|guid|token|password|psk|"
    r"message|nick|birthday|device_id)(?:_|$)",
    re.IGNORECASE,
)
_PRIVATE_PROPERTY = re.compile(
    r"serial|imei|meid|msisdn|iccid|imsi|macaddr|mac_addr|mac$|(?:^|[._])sn\d?$|lenovosn|bdaddr|btaddr|hostname|device_?name|device_?id|"
    r"chipid|cpuid|\.did$|\.uid$|uuid|ipaddress|ssid|phone_?number|account|owner",
    re.IGNORECASE,
)
# What a private key may hold without naming anybody: nothing, a switch, a small number.
_HARMLESS = re.compile(r"|null|true|false|-?\d{1,5}|unknown", re.IGNORECASE)
_PROPERTY = re.compile(r"^\[(.+?)\]: \[(.*?)\]$", re.MULTILINE | re.DOTALL)
_SETTING = re.compile(r"^([\w.:/-]+)=", re.MULTILINE)
_PACKAGE = re.compile(r"[a-z]\w*(?:\.\w+)+(?:/[\w.$]+)?")
_WRITTEN = re.compile(r"[^\W\d_]\S*\s+\S|’|'")

_MAC = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![\w:])")
_IMEI = re.compile(r"(?<![\w.])\d{15}(?![\w.])")
_ICCID = re.compile(r"(?<![\w.])89\d{17,18}(?![\w.])")
_PHONE = re.compile(r"(?<![\w.+/:-])(?:\+\d[\d ()-]{8,16}\d|0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4})(?![\w.])")
_INSIDE = (
    re.compile(r"(?<=UserInfo\{)(?P<before>\d+:)(?P<value>.*)(?P<after>:[0-9a-f]+\})"),
    re.compile(r"(?P<before>Account \{name=)(?P<value>.*)(?P<after>, type=)"),
    re.compile(r'(?P<before>connected to ")(?P<value>[^"\n]*)(?P<after>")'),
    re.compile(r'(?P<before>\bSSID[:=][ "]*)(?P<value>[^\s<",][^",\n]*)(?P<after>)'),
    re.compile(r"(?P<before>batterySerialNumber: )(?P<value>[^,}\n]+)(?P<after>)"),
    re.compile(r'(?P<before>"(?:serial|imei|imei\d|meid)": ?")(?P<value>[^"]+)(?P<after>")'),
    re.compile(r"(?P<before>^\s+name=)(?P<value>.+)(?P<after>)", re.MULTILINE),
)


def masked(answers: Mapping[Command, Answer], stand_ins: StandIns) -> dict[Command, Answer]:
    """The same answers without personal data. A value that occurs twice has the same stand-in both times."""
    everywhere = _distinctive_values(answers)
    return {
        command: replace(answer, text=_masked_text(command, answer.text, everywhere, stand_ins))
        for command, answer in answers.items()
    }


def _masked_text(command: Command, text: str, values: Sequence[str], stand_ins: StandIns) -> str:
    hiding = Hiding(stand_ins)
    text = _hide_by_key(command, text.replace("\r", "").replace("\0", ""), hiding)
    for value in values:
        if value in text:
            text = text.replace(value, hiding.hide(value))
    return hiding.reveal(_hide_by_form(text, hiding))


def _hide_by_key(command: Command, text: str, hiding: Hiding) -> str:
    if command == GETPROP:
        return _PROPERTY.sub(lambda found: _property(found, hiding), text)
    if command in _SETTINGS_LISTS:
        return "".join(f"{key}={_setting(key, value, hiding)}" if key else value for key, value in _entries(text))
    if command == ANDROID_ID.command and re.fullmatch(r"[0-9a-f]{8,16}", text.strip()):
        return text.replace(text.strip(), hiding.hide(text.strip()))
    return text


def _property(found: re.Match[str], hiding: Hiding) -> str:
    key, value = found.groups()
    return f"[{key}]: [{hiding.hide(value)}]" if _is_private_property(key, value) else found.group()


def _is_private_property(key: str, value: str) -> bool:
    return bool(_PRIVATE_PROPERTY.search(key)) and not _HARMLESS.fullmatch(value) and value not in SHARED_SERIALS


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Keys with their values, which may run over several lines and end with theirs; what stands before has no key."""
    starts = list(_SETTING.finditer(text))
    yield "", text[: starts[0].start()] if starts else text
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        yield start.group(1), text[start.end() : end]


def _setting(key: str, value: str, hiding: Hiding) -> str:
    content = value.rstrip("\n")
    return hiding.hide(content) + value[len(content) :] if _is_private_setting(key, content) else value


def _is_private_setting(key: str, value: str) -> bool:
    """By its key, or because somebody wrote it: words with spaces between them, or letters beyond ASCII."""
    if _HARMLESS.fullmatch(value):
        return False
    return bool(_PRIVATE_SETTING.search(key)) or bool(_WRITTEN.search(value)) or not value.isascii()


def _distinctive_values(answers: Mapping[Command, Answer]) -> tuple[str, ...]:
    """Values that name a unit or a person wherever they stand, the longest first.

    One that is part of what the maker calls the model is left alone: many tablets carry their model as their name.
    So is the name of an app, which some settings hold under a key that might hold a person's.
    """
    known = answers.get(GETPROP, Answer("", None)).text.replace("\r", "")
    properties = [found.groups() for found in _PROPERTY.finditer(known)]
    public = [value for key, value in properties if not _PRIVATE_PROPERTY.search(key)]
    values = {value for key, value in properties if _is_private_property(key, value)}
    for command in _SETTINGS_LISTS & answers.keys():
        entries = ((key, value.rstrip("\n")) for key, value in _entries(answers[command].text.replace("\r", "")) if key)
        values |= {value for key, value in entries if _is_private_setting(key, value)}
    if ANDROID_ID.command in answers:
        values.add(answers[ANDROID_ID.command].text.strip())
    found = {value for value in values if distinctive(value) and not _PACKAGE.fullmatch(value)}
    found = {value for value in found if not any(value in other for other in public)}
    return tuple(sorted(found, key=lambda value: (-len(value), value)))


def _hide_by_form(text: str, hiding: Hiding) -> str:
    for pattern in _INSIDE:
        text = pattern.sub(lambda found: found["before"] + hiding.hide(found["value"]) + found["after"], text)
    for pattern in (E_MAIL, _MAC, _ICCID, _IMEI):
        text = pattern.sub(lambda found: hiding.hide(found.group()), text)
    return _PHONE.sub(lambda found: _phone(found, hiding), text)


def _phone(found: re.Match[str], hiding: Hiding) -> str:
    """Ten to fifteen digits, as people write their number; anything else that looks alike is left."""
    digits = re.sub(r"\D", "", found.group())
    is_number = 10 <= len(digits) <= 15 and found.group() not in SHARED_SERIALS
    return hiding.hide(f"+{digits}") if is_number else found.group()
