"""HTML forms: read once, checked against forgery, parsed into a pydantic model, shown again with what was typed."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from fleet.database.base import row_number
from fleet.errors import BadInput, NotAllowed
from fleet.http.answers import plainly
from fleet.http.session import get_settings
from fleet.settings import Settings

Model = TypeVar("Model", bound=BaseModel)

CSRF_FIELD = "csrf_token"


@dataclass(frozen=True)
class Form:
    """What was typed into a form. `values` are stripped strings, `files` uploads, `lists` repeated fields."""

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def row(self, name: str) -> int | None:
        """The number of the row that was chosen; None where none was, and for what is no number."""
        return row_number(self.get(name))

    def rows(self, name: str) -> tuple[int, ...]:
        """The numbers of the rows that were ticked, each once."""
        given = (row_number(each) for each in self.lists.get(name, ()))
        return tuple(dict.fromkeys(number for number in given if number is not None))

    def day(self, name: str, *, refused: str = "Nothing was changed.") -> date | None:
        """The day that was chosen, None where it was left empty. Raises `BadInput` that names the field."""
        try:
            return date.fromisoformat(self.get(name)) if self.get(name) else None
        except ValueError as error:
            sentence = "Enter a day as year, month and day, such as 2027-06-12, or leave it empty."
            raise BadInput(refused, fields={name: sentence}) from error

    def parse(self, model: type[Model]) -> Model:
        """The form as `model`; empty strings count as not given. Raises `BadInput` with a sentence for each field."""
        given: dict[str, object] = {}
        for name, info in model.model_fields.items():
            if "list" in str(info.annotation) or "tuple" in str(info.annotation):
                given[name] = list(self.lists.get(name, ()))
            elif self.values.get(name):
                given[name] = self.values[name]
        try:
            return model.model_validate(given)
        except ValidationError as error:
            raise BadInput("Some answers need another look.", fields=field_sentences(error)) from error


def field_sentences(error: ValidationError) -> dict[str, str]:
    """One plain sentence for each field that failed."""
    sentences: dict[str, str] = {}
    for each in error.errors():
        name = str(each["loc"][0]) if each["loc"] else "form"
        sentences.setdefault(name, plainly(each))
    return sentences


def csrf_token(settings: Settings, session_token: str) -> str:
    """The form token that belongs to one sign-in; nothing else can make it."""
    return settings.keyed(f"form:{session_token}")


def check_same_origin(request: Request) -> None:
    """Refuse a request that another site made this browser send (Sec-Fetch-Site, then Origin)."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site in ("same-origin", "none") or (site is None and origin is None):
        return
    if site is None and origin is not None and origin.split("://", 1)[-1] == request.headers.get("host"):
        return
    raise NotAllowed("This request came from another website, so nothing was done.")


async def read_form(request: Request) -> Form:
    """The request's form, once it is certain that our own page sent it."""
    check_same_origin(request)
    data: FormData = await request.form(max_files=20, max_fields=2_000)
    session_token: str | None = getattr(request.state, "session_token", None) or request.cookies.get("doorstep")
    if session_token:
        wanted = csrf_token(get_settings(request), session_token)
        if not hmac.compare_digest(str(data.get(CSRF_FIELD, "")), wanted):
            raise NotAllowed(
                "This form was too old or not ours, so nothing was done.",
                next_step="Go back, reload the page and send it again; what you typed is still there.",
            )
    values, lists, files = {}, {}, {}
    for name in data:
        entries = data.getlist(name)
        texts = tuple(entry.strip() for entry in entries if isinstance(entry, str))
        uploads = [entry for entry in entries if isinstance(entry, UploadFile) and entry.filename]
        if texts:
            values[name], lists[name] = texts[-1], texts
        if uploads:
            files[name] = uploads[0]
    return Form(values=values, lists=lists, files=files)


FormDep = Annotated[Form, Depends(read_form)]
