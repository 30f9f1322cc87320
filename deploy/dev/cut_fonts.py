"""Cuts the fonts of printed papers down to the letters of their languages. deploy/fonts.sh calls it; nobody else does.

Every rule of layout stays, because joining and stacking letters is what these fonts are kept for; hints go, because
a printer needs none.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

import uharfbuzz as hb

PUNCTUATION = (range(0x20, 0x7F), range(0xA0, 0x100), range(0x2010, 0x2027), (0x200B, 0x200C, 0x200D, 0x25CC, 0x20AC))
INDIC = (*PUNCTUATION, (0x0964, 0x0965))
ARABIC = (
    *(range(0x0600, 0x0700), range(0x0750, 0x0780), range(0x200B, 0x2010)),
    *((0x20, 0xA0, 0x21, 0x28, 0x29, 0x2D, 0x2E, 0x3A, 0xAB, 0xBB), (0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D)),
    *((0x25CC, 0xFDF2, 0xFDFA), range(0x30, 0x3A)),
)
LATIN = (
    *(*PUNCTUATION, range(0x100, 0x250), range(0x250, 0x300), range(0x300, 0x370), range(0x1E00, 0x1F00)),
    *(range(0x400, 0x530), (0x2212, 0x2713, 0x2717)),
)
LETTERS: dict[str, Iterable[Iterable[int]]] = {
    "NotoSans": LATIN,
    "NotoSansArabic": ARABIC,
    "NotoNastaliqUrdu": ARABIC,
    "NotoSansBengali": (*INDIC, range(0x0980, 0x0A00)),
    "NotoSansGujarati": (*INDIC, range(0x0A80, 0x0B00)),
    "NotoSansGurmukhi": (*INDIC, range(0x0A00, 0x0A80)),
}
WEIGHTS = ("Regular", "Bold")


def cut(font: Path, letters: Iterable[Iterable[int]]) -> bytes:
    """The font with these letters, every form that they can take, and no hints."""
    wanted = hb.SubsetInput()
    for group in letters:
        wanted.unicode_set.update(group)
    features = wanted.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG)
    features.clear()
    features.invert()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    data: bytes = hb.subset(hb.Face(hb.Blob.from_file_path(str(font))), wanted).blob.data
    return data


def main() -> None:
    """`cut_fonts FOLDER-OF-WHOLE-FONTS FOLDER-TO-WRITE-TO PACKAGE VERSION`"""
    source, target, package, version = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
    lines = ["# file package version licence sha-256"]
    for family, letters in LETTERS.items():
        for weight in WEIGHTS:
            name = f"{family}-{weight}.ttf"
            data = cut(source / name, letters)
            (target / name).write_bytes(data)
            lines.append(f"{name} {package} {version} OFL-1.1 {hashlib.sha256(data).hexdigest()}")
    (target / "VERSIONS").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
