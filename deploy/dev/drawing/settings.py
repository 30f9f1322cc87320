"""Draws docs/settings.md from the fields of `fleet.settings.Settings`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from deploy.dev.drawing.markdown import page, table
from fleet.settings import Settings

PREFIX = str(Settings.model_config["env_prefix"])

_OPENING = f"""Every setting is read from the environment, under the name given here; none has to be set but
`{PREFIX}SECRET_KEY`, without which `doorstep serve` refuses to start. `doorstep check` says in words what is wrong."""

_UNITS = ("hours", "minutes", "days", "seconds", "percent", "threads", "tries", "port", "release")


def settings_page() -> str:
    """The page as Markdown."""
    rows = [
        (f"`{setting_name(name)}`", _default(field), _unit(name, field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return page("Settings", _OPENING, table(("Setting", "Default", "Unit or values", "What it is for"), rows))


def setting_name(field_name: str) -> str:
    """The name in the environment."""
    return f"{PREFIX}{field_name}".upper()


def _default(field: FieldInfo) -> str:
    if isinstance(field.default, SecretStr):
        return "a placeholder that `serve` refuses"
    return f"`{field.default}`" if str(field.default) else "empty"


def _unit(name: str, field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(field.annotation))
    if field.annotation is bool:
        return "`true` or `false`"
    if field.annotation is Path:
        return "folder"
    named = next((unit for unit in _UNITS if unit in name.split("_")), "")
    bounds = [
        f"{words} {getattr(mark, kind)}"
        for kind, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"))
        for mark in field.metadata
        if hasattr(mark, kind)
    ]
    return ", ".join([named, *bounds] if named else bounds) or "text"
