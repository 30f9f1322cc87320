"""Photos of what was handed over or collected: made small, bare of what a camera writes into them, and kept beside
the fact they belong to. Never of a person: the page that asks for one says so."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from PIL import Image, ImageOps

from fleet.errors import BadInput, DoorstepError
from fleet.whole_files import whole_file

LARGEST_PHOTO_BYTES = 8_000_000
MOST_PIXELS = 60_000_000
"""More than any phone's camera makes; a picture that says it is larger is not opened."""
LONGEST_SIDE = 1600
FOLDER = "photos"


class PhotoTooLarge(DoorstepError):
    """The upload is larger than any photo we take in."""

    status = 413
    code = "photo_too_large"


def photo_path(data_dir: Path, fact_id: str) -> Path:
    """Where the photo of a fact is, if there is one."""
    return data_dir / FOLDER / f"{UUID(fact_id)}.jpg"


def keep_photo(upload: BinaryIO, data_dir: Path, fact_id: str) -> Path:
    """Keep a photo in place of an earlier one. Raises `BadInput` for what is no picture, `PhotoTooLarge`."""
    upload.seek(0, os.SEEK_END)
    if upload.tell() > LARGEST_PHOTO_BYTES:
        raise too_large()
    upload.seek(0)
    picture = _small(upload)
    path = photo_path(data_dir, fact_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with whole_file(path) as out:
        picture.save(out, "JPEG", quality=82)
    return path


def forget_photos(data_dir: Path, *, before: datetime) -> int:
    """Delete the photos that came before a moment, and uploads that were cut off before it; how many there were."""
    old = [file for file in (data_dir / FOLDER).glob("*") if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def too_large() -> PhotoTooLarge:
    return PhotoTooLarge(
        f"What you told is kept, but the photo is not: it is larger than {LARGEST_PHOTO_BYTES // 1_000_000} MB.",
        next_step="Take it again with a smaller picture size, or go on without one.",
    )


def _small(upload: BinaryIO) -> Image.Image:
    """The picture alone, the right way up: drawn afresh, so that nothing else that was in the file comes along."""
    try:
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise too_large()
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput(
            "What you told is kept, but the photo is not: this file is no picture that can be read.",
            next_step="Take the photo again, or go on without one.",
        ) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    return bare
