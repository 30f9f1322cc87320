"""Home: each role's day on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = APIRouter()


@dataclass(frozen=True)
class HomePage:
    name: str
    title: str = "Home"


@router.get("/")
def home(request: Request, actor: Annotated[Actor, Depends(may(Permission.SIGNED_IN))]) -> Response:
    return render(request, "home/home.html", HomePage(actor.name))
