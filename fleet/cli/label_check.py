"""Reading a sheet back before it is printed, with a decoder that is not ours, where one is installed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fleet.cli.console import UNREACHABLE, fail, out
from labels.kinds import Label

DPI = 300


def check_sheet(pdf: bytes, labels: Sequence[Label]) -> None:
    """Say that every QR code on the pages was read back as its label's; end the command where one was not."""
    found = _codes_on(pdf)
    if found is None:
        return
    missing = Counter(label.wording().qr_text for label in labels) - found
    if missing:
        first = next(iter(missing))
        raise fail(
            f"Nothing was written. {missing.total()} of {len(labels)} labels could not be read back, the first is "
            f"{first}.",
            "Choose a sheet with larger labels.",
        )
    out.print(f"All {len(labels)} QR codes were read back at {DPI} dots to the inch.", soft_wrap=True)


def decoder_is_missing() -> bool:
    """Whether nothing is installed that could read a sheet back."""
    return _codes_on(b"") is None


def say_unchecked() -> None:
    """End the command: what was asked for was written but could not be checked."""
    raise fail(
        "The labels were not read back: no decoder is installed. The file is written all the same.",
        "Install one with: pip install zxing-cpp pypdfium2",
        code=UNREACHABLE,
    )


def _codes_on(pdf: bytes) -> Counter[str] | None:
    """How often each text is found on the pages; None without a decoder."""
    try:
        import pypdfium2  # both are optional: a hub that prints needs neither
        import zxingcpp
    except ImportError:
        return None
    found: Counter[str] = Counter()
    if pdf:
        with pypdfium2.PdfDocument(pdf) as document:
            for page in document:
                picture = page.render(scale=DPI / 72).to_pil().convert("L")
                found.update(code.text for code in zxingcpp.read_barcodes(picture))
    return found
