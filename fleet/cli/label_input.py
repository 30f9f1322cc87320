"""Which labels a command is to print: read from a file, one on a line, or made up to try a printer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from fleet.cli.console import fail
from fleet.settings import Settings
from fleet.tags.rules import new_code, parse, shown
from labels.errors import LabelNotAllowed
from labels.kinds import CODE_LABELS, Label, LabelKind, ModeCard, RunSheetLabel, ShelfLabel
from labels.layouts import SAMPLE
from labels.logo import Logo, read_logo
from labels.qr import tag_url

NO_PHONE_YET = "A label says whom to ring, and the hub has no phone yet: set DOORSTEP_HUB_PHONE."


def labels_wanted(kind: LabelKind, codes: Path | None, count: int) -> list[Label]:
    """The labels of a file, or so many samples. Ends the command with a sentence where a line cannot be one."""
    if bool(codes) == bool(count):
        raise fail("Give either --codes FILE or --count N.")
    settings = Settings()
    if codes:
        _check_phone(settings, kind)
        return _labels_in(codes, _MAKERS[kind], settings)
    if kind not in CODE_LABELS:
        raise fail(f"Nothing was written. Samples are made of codes only; give a file with {LINES[kind]} on each line.")
    return [_code_label(kind, new_code(), settings) for _ in range(count)]


def phone_note(codes: Path | None) -> str:
    """What a person should know of samples made before the hub has a phone; empty otherwise."""
    if codes or Settings().hub_phone:
        return ""
    return f"{NO_PHONE_YET} These samples say {SAMPLE.help_phone}, which nobody answers."


def logo_in(path: Path | None) -> Logo | None:
    """The logo of a file, if one is given. Raises LogoUnfit."""
    return read_logo(path.read_bytes()) if path else None


def _check_phone(settings: Settings, kind: LabelKind) -> None:
    if not settings.hub_phone and kind not in (LabelKind.SHELF, LabelKind.MODE_CARD):
        raise fail(f"Nothing was written. {NO_PHONE_YET}")


def _labels_in(file: Path, maker: _Maker, settings: Settings) -> list[Label]:
    """The first line that cannot be a label ends the command with its number."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise fail(f"Nothing was written. {file} is not a text file.") from error
    made: list[Label] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                made.append(maker(line.strip(), settings))
            except (LabelNotAllowed, ValueError) as error:
                why = str(error).removeprefix("Nothing was printed. ")
                raise fail(f"Nothing was written. Line {number} of {file}: {why}") from error
    if not made:
        raise fail(f"Nothing was written. {file} is empty: write one label on a line.")
    return made


def _code_label(kind: LabelKind, code: str, settings: Settings) -> Label:
    phone = settings.hub_phone or SAMPLE.help_phone
    return CODE_LABELS[kind](shown(code), tag_url(settings.public_url, code), settings.hub_name, phone)


def _from_code(kind: LabelKind) -> _Maker:
    def made(line: str, settings: Settings) -> Label:
        reading = parse(line)
        if not reading.good:
            raise ValueError(reading.problem)
        return _code_label(kind, reading.code, settings)

    return made


def _run_sheet(line: str, settings: Settings) -> Label:
    try:
        number, day, stops = line.split()
        return RunSheetLabel(int(number), date.fromisoformat(day), int(stops), settings.hub_name, settings.hub_phone)
    except ValueError as error:
        raise ValueError(f"{line!r} is not {LINES[LabelKind.RUN_SHEET]}.") from error


_Maker = Callable[[str, Settings], Label]
_MAKERS: Mapping[LabelKind, _Maker] = {
    **{kind: _from_code(kind) for kind in CODE_LABELS},
    LabelKind.SHELF: lambda line, _: ShelfLabel(line),
    LabelKind.MODE_CARD: lambda line, _: ModeCard(line),
    LabelKind.RUN_SHEET: _run_sheet,
}
LINES: Mapping[LabelKind, str] = {
    LabelKind.SHELF: "a shelf's mark, such as A-12,",
    LabelKind.MODE_CARD: "what a scan gives, such as DESK-PUT-AWAY,",
    LabelKind.RUN_SHEET: "a run's number, its day and its stops, such as `12 2026-11-25 5`",
}
"""What stands on a line of a file, for the kinds that are not made from codes."""
