"""Every route of the app, however deep it was included, with the permissions it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from fleet.users.access import may
from fleet.users.rules import Permission


@dataclass(frozen=True)
class Door:
    """One method of one route."""

    method: str
    path: str
    permissions: tuple[Permission, ...]
    params: tuple[tuple[str, Any], ...]
    streams: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def reads(self) -> bool:
        return self.method in ("GET", "HEAD")

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    def address(self) -> str:
        """The path with something plausible for each of its parameters."""
        wanted = dict(self.params)
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: _plausible(wanted.get(found.group(1))), self.path)


def doors(app: FastAPI) -> list[Door]:
    return list(_walk(app.routes, ""))


def unguarded(app: FastAPI) -> list[str]:
    """What is not one of our own routes: the framework's, mounted applications, sockets."""
    return sorted(_others(app.routes, ""))


def _walk(routes: Iterable[BaseRoute], prefix: str) -> Iterator[Door]:
    for route in routes:
        if isinstance(route, APIRoute):
            permissions = tuple(_permissions(route.dependant))
            params = tuple((each.name, each.field_info.annotation) for each in route.dependant.path_params)
            for method in sorted(route.methods or ()):
                yield Door(method, prefix + route.path, permissions, params, _streams(route.path))
        elif inner := _inside(route):
            yield from _walk(inner[0], prefix + inner[1])


def _others(routes: Iterable[BaseRoute], prefix: str) -> Iterator[str]:
    for route in routes:
        if inner := _inside(route):
            yield from _others(inner[0], prefix + inner[1])
        elif not isinstance(route, APIRoute):
            yield prefix + (route.path if isinstance(route, Route | Mount) else repr(route))


def _inside(route: BaseRoute) -> tuple[Iterable[BaseRoute], str] | None:
    """The routes inside an included router or a mounted application, and the prefix they stand under."""
    router = getattr(route, "original_router", None)
    if router is not None:
        context: Any = getattr(route, "include_context", None)
        return router.routes, context.prefix
    if isinstance(route, Mount) and route.routes:
        return route.routes, route.path
    return None


def _permissions(dependant: Dependant) -> Iterator[Permission]:
    for each in dependant.dependencies:
        if isinstance(each.call, may):
            yield each.call.permission
        yield from _permissions(each)


def _streams(path: str) -> bool:
    """Whether its answer goes on for as long as somebody looks (server-sent events)."""
    return path.endswith("/live")


def _plausible(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return str(next(iter(kind)).value)
    return "1"
