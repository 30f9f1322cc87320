"""`doorstep labels`: sheets and rolls of labels without a database, for trying a printer out."""

from __future__ import annotations

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from fleet.cli.console import JsonOption, fail, noted, out, print_json, print_rows, speaks_plainly
from fleet.cli.label_check import check_sheet, decoder_is_missing, say_unchecked
from fleet.cli.label_input import labels_wanted, logo_in, phone_note
from fleet.cli.label_presets import described, roll_for, sheet_for
from labels.frames import Part, PrintSize
from labels.kinds import LabelKind
from labels.layouts import capacity
from labels.roll import Roll
from labels.rolls import rolls
from labels.ruler_page import render_ruler_page
from labels.sheet import Sheet
from labels.sheet_pdf import render_sheet
from labels.sheets import presets
from labels.thermal import FAMILIES, PrinterLanguage, render_job, rolls_for

app = typer.Typer(no_args_is_help=True, help="Label sheets: presets, a sheet of labels, label printers, a test page.")


def _millimetres(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text!r} is not a number of millimetres.") from error
    if not value.is_finite():
        raise typer.BadParameter(f"{text!r} is not a number of millimetres.")
    return value


PresetOption = Annotated[str, typer.Option("--preset", help="Which sheet or roll; see `doorstep labels presets`.")]
RollOption = Annotated[str, typer.Option("--preset", help="Which roll; see `doorstep labels presets`.")]
OutOption = Annotated[Path, typer.Option("--out", help="The PDF to write.")]
CodesOption = Annotated[Path | None, typer.Option(help="File with one code on a line.")]
CountOption = Annotated[int, typer.Option(min=0, max=10_000, help="So many sample codes instead of a file.")]
KindOption = Annotated[LabelKind, typer.Option(help="What the labels are for: " + ", ".join(LabelKind) + ".")]
SizeOption = Annotated[PrintSize, typer.Option(help="Clear print: 12 points or more. Large print: 16 or more.")]
LogoOption = Annotated[Path | None, typer.Option(help="The owner's logo: a small PNG of black and white only.")]
SheetsOption = Annotated[Path | None, typer.Option(help="A TOML file of your own sheets, to choose one from.")]
NudgeX = Annotated[
    Decimal, typer.Option(parser=_millimetres, metavar="MM", help="Print this much further right; below 0, left.")
]
NudgeY = Annotated[
    Decimal, typer.Option(parser=_millimetres, metavar="MM", help="Print this much further down; below 0, up.")
]
RollsOption = Annotated[Path | None, typer.Option("--rolls", help="A TOML file of your own rolls, to choose one from.")]
DpiOption = Annotated[
    int | None, typer.Option(help="Dots to the inch of the printer's head, 203 or 300, where not the roll's own.")
]


@app.command("presets")
@speaks_plainly
def list_presets(as_json: JsonOption = False) -> None:
    """List the label sheets and rolls, with what each can carry.

    Example: `doorstep labels presets --json`
    """
    stocks: list[Sheet | Roll] = [*presets().values(), *rolls().values()]
    if as_json:
        print_json([described(stock) for stock in stocks])
        return
    rows = [
        (each.name, each.title, f"{each.label_width} x {each.label_height} mm", capacity(each).sentence)
        for each in stocks
    ]
    print_rows("Label sheets and rolls", ("Name", "What it is", "Size", "What it carries"), rows)


@app.command("sheet")
@speaks_plainly
def sheet(
    preset_name: PresetOption,
    path: OutOption,
    codes: CodesOption = None,
    count: CountOption = 0,
    start_at: Annotated[int, typer.Option(min=1, help="First unused label of a part-used sheet.")] = 1,
    kind: KindOption = LabelKind.TABLET,
    print_size: SizeOption = PrintSize.CLEAR,
    nudge_x: NudgeX = Decimal(0),
    nudge_y: NudgeY = Decimal(0),
    logo: LogoOption = None,
    sheets: SheetsOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read every QR code back first; exit code 3 where no decoder is installed.")
    ] = False,
) -> None:
    """Write a PDF of labels. Sample codes belong to no tablet.

    Example: `doorstep labels sheet --preset L7160 --count 21 --out labels.pdf`
    """
    stock = sheet_for(preset_name, sheets).nudged(nudge_x, nudge_y)
    stock.check_start(start_at)
    made, picture = labels_wanted(kind, codes, count), logo_in(logo)
    pdf = render_sheet(made, stock, start_at=start_at, print_size=print_size, logo=picture)
    can = capacity(stock, print_size, kind, picture)
    if check and Part.QR in can.carries:
        check_sheet(pdf, made)
    path.write_bytes(pdf)
    _say_done(len(made), path, codes)
    if Part.QR not in can.carries:
        out.print(can.sentence, soft_wrap=True)
    elif check and decoder_is_missing():
        say_unchecked()


@app.command("zpl")
@speaks_plainly
def zpl(
    preset_name: RollOption = "ZEBRA-50x30",
    path: Annotated[Path | None, typer.Option("--out", help="The file to write, else standard output.")] = None,
    codes: CodesOption = None,
    count: CountOption = 0,
    dpi: DpiOption = None,
    kind: KindOption = LabelKind.TABLET,
    print_size: SizeOption = PrintSize.CLEAR,
    logo: LogoOption = None,
    rolls_file: RollsOption = None,
) -> None:
    """Write labels for a Zebra printer, or another that speaks ZPL, ready to be sent to it as they are.

    Example: `doorstep labels zpl --preset ZEBRA-50x30 --count 10 --out labels.zpl`
    """
    roll = roll_for(preset_name, rolls_file)
    roll = roll.at(dpi) if dpi else roll
    made = labels_wanted(kind, codes, count)
    job = render_job(made, roll, PrinterLanguage.ZPL, print_size=print_size, logo=logo_in(logo))
    if path is None:
        sys.stdout.write(job.decode())
        if note := phone_note(codes):
            noted(note)
        return
    path.write_bytes(job)
    _say_done(len(made), path, codes)


@app.command("raster")
@speaks_plainly
def raster(
    preset_name: RollOption,
    path: Annotated[Path, typer.Option("--out", help="The file to write.")],
    printer: Annotated[PrinterLanguage, typer.Option(help="Which printer it is for; `dymo` is a LabelWriter 450.")],
    codes: CodesOption = None,
    count: CountOption = 0,
    kind: KindOption = LabelKind.TABLET,
    print_size: SizeOption = PrintSize.CLEAR,
    logo: LogoOption = None,
    rolls_file: RollsOption = None,
) -> None:
    """Write labels for a Brother QL or DYMO LabelWriter printer, ready to be sent to it as they are.

    Example: `doorstep labels raster --printer brother-ql --preset QL-62 --count 10 --out labels.bin`
    """
    roll = roll_for(preset_name, rolls_file)
    if roll.family is not FAMILIES[printer]:
        fitting = ", ".join(each.name for each in rolls_for(printer))
        raise fail(f"Nothing was written. A {printer.value} printer takes no roll {roll.name}; it takes {fitting}.")
    made = labels_wanted(kind, codes, count)
    path.write_bytes(render_job(made, roll, printer, print_size=print_size, logo=logo_in(logo)))
    _say_done(len(made), path, codes)


@app.command("test-page")
@speaks_plainly
def ruler_page(
    preset_name: PresetOption,
    path: Annotated[Path | None, typer.Option("--out", help="The PDF to write, else test-page-NAME.pdf here.")] = None,
    nudge_x: NudgeX = Decimal(0),
    nudge_y: NudgeY = Decimal(0),
    sheets: SheetsOption = None,
) -> None:
    """Write a page with rulers and outlines, to see how far off a printer prints.

    Example: `doorstep labels test-page --preset L7160 --out rulers.pdf`
    """
    stock = sheet_for(preset_name, sheets).nudged(nudge_x, nudge_y)
    path = path or Path(f"test-page-{stock.name}.pdf")
    path.write_bytes(render_ruler_page(stock))
    out.print(f"Print {path} at 100 % and hold it against an empty sheet.", soft_wrap=True)


def _say_done(count: int, path: Path, codes: Path | None) -> None:
    out.print(f"1 label is in {path}." if count == 1 else f"{count} labels are in {path}.", soft_wrap=True)
    if note := phone_note(codes):
        out.print(note, soft_wrap=True)
