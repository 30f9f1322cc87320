"""`doorstep labels`: sheets of labels without a database, for trying a printer out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fleet.cli.console import JsonOption, fail, out, print_json, print_rows, speaks_plainly
from fleet.settings import Settings
from fleet.tags.rules import new_code, parse, shown
from labels.layouts import SAMPLE, TabletLabel, capacity
from labels.qr import tag_url
from labels.ruler_page import render_ruler_page
from labels.sheet_pdf import render_sheet
from labels.sheets import preset, presets

app = typer.Typer(no_args_is_help=True, help="Label sheets: presets, a sheet of labels, a test page.")

PresetOption = Annotated[str, typer.Option("--preset", help="Which sheet; see `doorstep labels presets`.")]
OutOption = Annotated[Path, typer.Option("--out", help="The PDF to write.")]

NO_PHONE_YET = "A label says whom to ring, and the hub has no phone yet: set DOORSTEP_HUB_PHONE."


@app.command("presets")
@speaks_plainly
def list_presets(as_json: JsonOption = False) -> None:
    """List the label sheets, with what each can carry.

    Example: `doorstep labels presets --json`
    """
    found = presets()
    if as_json:
        print_json(
            [
                {
                    "name": sheet.name,
                    "title": sheet.title,
                    "labels": sheet.per_page,
                    "width_mm": str(sheet.label_width),
                    "height_mm": str(sheet.label_height),
                    "carries": sorted(part.value for part in capacity(sheet).carries),
                }
                for sheet in found.values()
            ]
        )
    else:
        rows = [
            (s.name, s.per_page, f"{s.label_width} x {s.label_height} mm", capacity(s).sentence) for s in found.values()
        ]
        print_rows("Label sheets", ("Name", "Labels", "Size", "What it carries"), rows)


@app.command("sheet")
@speaks_plainly
def sheet(
    preset_name: PresetOption,
    path: OutOption,
    codes: Annotated[Path | None, typer.Option(help="File with one code on a line.")] = None,
    count: Annotated[int, typer.Option(min=0, max=10_000, help="So many sample codes instead of a file.")] = 0,
    start_at: Annotated[int, typer.Option(min=1, help="First unused label of a part-used sheet.")] = 1,
) -> None:
    """Write a PDF of labels. Sample codes belong to no tablet.

    Example: `doorstep labels sheet --preset L7160 --count 21 --out labels.pdf`
    """
    if bool(codes) == bool(count):
        raise fail("Give either --codes FILE or --count N.")
    settings = Settings()
    phone = _phone(settings, of_samples=not codes)
    wanted = _codes_in(codes) if codes else [new_code() for _ in range(count)]
    made = [TabletLabel(shown(code), tag_url(settings.public_url, code), settings.hub_name, phone) for code in wanted]
    path.write_bytes(render_sheet(made, preset(preset_name), start_at=start_at))
    out.print(f"{len(made)} labels are in {path}.", soft_wrap=True)
    if not settings.hub_phone:
        out.print(f"{NO_PHONE_YET} These samples say {SAMPLE.help_phone}, which nobody answers.", soft_wrap=True)


def _phone(settings: Settings, *, of_samples: bool) -> str:
    """Whom a finder rings; samples, which go on no tablet, make do with an invented number."""
    if not settings.hub_phone and not of_samples:
        raise fail(f"Nothing was written. {NO_PHONE_YET}")
    return settings.hub_phone or SAMPLE.help_phone


def _codes_in(file: Path) -> list[str]:
    """The codes in a file, one on a line; the first that cannot be one ends the command with its line."""
    codes = []
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        if line.strip():
            reading = parse(line)
            if not reading.good:
                raise fail(f"Nothing was written. Line {number} of {file}: {reading.problem}")
            codes.append(reading.code)
    return codes


@app.command("test-page")
@speaks_plainly
def test_page(preset_name: PresetOption, path: OutOption) -> None:
    """Write a page with rulers and outlines, to see how far off a printer prints.

    Example: `doorstep labels test-page --preset L7160 --out rulers.pdf`
    """
    path.write_bytes(render_ruler_page(preset(preset_name)))
    out.print(f"Print {path} at 100 % and hold it against an empty sheet.", soft_wrap=True)
