"""An app file coming in by a form: refused by its size before a byte of it is read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from fleet.bench.licences import Licence
from fleet.bench.service.apps import LARGEST_APP_BYTES
from fleet.errors import BadInput, DoorstepError
from fleet.http.forms import Form, read_form

FORM_BYTES = 100_000
"""Room for what stands round the file in a form."""


class UploadTooLarge(DoorstepError):
    """The upload is larger than any app we take in."""

    status = 413
    code = "upload_too_large"


async def app_form(request: Request) -> AsyncIterator[Form]:
    """The form with its file in a temporary file, closed afterwards. Raises `UploadTooLarge` before reading any."""
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise BadInput("The upload does not say how large it is, so nothing was read.")
    if int(length) > LARGEST_APP_BYTES + FORM_BYTES:
        raise UploadTooLarge(
            f"Nothing was imported. The file is larger than {LARGEST_APP_BYTES // 1_000_000} MB, the most an app may "
            "have.",
            next_step="Check that it is the app's own file, without extra content.",
        )
    try:
        yield await read_form(request)
    finally:
        await request.close()


AppFormDep = Annotated[Form, Depends(app_form)]


def licence_in(form: Form) -> Licence:
    """What was answered about passing the app on; nothing and nonsense are `NOT_SAID`."""
    return next((licence for licence in Licence if licence.value == form.get("licence")), Licence.NOT_SAID)


@contextmanager
def as_file(form: Form) -> Iterator[Path]:
    """The uploaded file under its own name, gone again afterwards. Raises `BadInput` where none was sent."""
    upload = form.files.get("file")
    if not isinstance(upload, UploadFile):
        raise BadInput("Nothing was imported.", fields={"file": "Choose the app's .apk, .apks, .xapk or .apkm file."})
    with tempfile.TemporaryDirectory(prefix="doorstep-app-") as folder:
        path = Path(folder) / (Path(upload.filename or "app.apk").name[:120] or "app.apk")
        with path.open("wb") as out:
            shutil.copyfileobj(upload.file, out, 1024 * 1024)
        yield path
