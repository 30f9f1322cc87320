"""What a paper looked like when a person last looked at it and found it right: its words and a small picture.

Words must agree exactly; pictures within a tolerance that no move of a line or change of a size passes, and every
rendering difference between versions of pdfium does. After a wanted change look at the new papers, then run
``python -m tests.labels.golden``, which writes these files.
"""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat

from labels.certificate_pdf import render_certificate
from labels.layouts import SAMPLE_LOGO, SAMPLES
from labels.sheet_pdf import render_sheet
from labels.sheets import preset
from tests.labels.reading import page_sizes, pictures, texts
from tests.labels.samples import CERTIFICATE, labels

FOLDER = Path(__file__).parent / "golden"
PICTURE_DPI = 36
TOLERANCE = 1.0
"""Mean difference of grey levels (0 to 255) between two softened pictures of a page."""


def papers() -> dict[str, bytes]:
    return {
        "certificate": render_certificate(CERTIFICATE),
        "sheet-L7160": render_sheet(labels(24), preset("L7160"), start_at=5),
        "kinds-L7163": render_sheet(SAMPLES.values(), preset("L7163"), logo=SAMPLE_LOGO),
    }


def words(paper: bytes) -> list[dict[str, object]]:
    sizes, pages = page_sizes(paper), texts(paper)
    return [{"page_mm": list(size), "text": text.split("\n")} for size, text in zip(sizes, pages, strict=True)]


def small_pictures(paper: bytes) -> list[Image.Image]:
    return pictures(paper, PICTURE_DPI)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pages, softened so that half a pixel of movement weighs little."""
    if one.size != other.size:
        return 255.0
    soft = [picture.filter(ImageFilter.GaussianBlur(1)) for picture in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(soft[0], soft[1])).mean[0])


def kept_words(name: str) -> object:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def kept_picture(name: str, page: int) -> Image.Image:
    with Image.open(FOLDER / f"{name}-{page}.png") as picture:
        return picture.convert("L")


def main() -> None:
    for name, paper in papers().items():
        text = json.dumps(words(paper), indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        for number, picture in enumerate(small_pictures(paper), start=1):
            picture.save(FOLDER / f"{name}-{number}.png", optimize=True)


if __name__ == "__main__":
    main()
