"""A coordinator hands a courier a way in: a link, its QR code and six digits, shown once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from fleet.database.base import row_number
from fleet.errors import DoorstepError
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.settings import Settings
from fleet.users import queries, service
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission, Role
from fleet.web.render import render
from labels.qr import make_symbol, symbol_svg

router = PageRouter(prefix="/courier-links")

MakesLinks = Annotated[Actor, Depends(may(Permission.COURIER_LINKS_MAKE))]


@dataclass(frozen=True)
class ChoosePage:
    couriers: tuple[tuple[str, str], ...]
    minutes: int
    errors: dict[str, str] = field(default_factory=dict)
    title: str = "Sign a courier in"


@dataclass(frozen=True)
class LinkPage:
    courier: str
    link: str
    address: str
    """Where the six digits are typed, as it is said on the phone."""
    code: str
    qr: Markup
    minutes: int
    title: str = "A courier's way in"


@router.get("", dependencies=[Depends(may(Permission.COURIER_LINKS_MAKE))])
def choose_page(request: Request, session: ReadSession, settings: SettingsDep) -> Response:
    return render(request, "users/choose_courier.html", _choose(session, settings))


@router.post("")
def make_link(
    request: Request, form: FormDep, session: WriteSession, actor: MakesLinks, settings: SettingsDep, clock: ClockDep
) -> Response:
    """Shown in the answer itself and not after a redirect: the link must stand in no address and no history."""
    wanted = form.get("user_id")
    if not wanted:
        page = _choose(session, settings, {"user_id": "Choose the courier from the list."})
        return render(request, "users/choose_courier.html", page, status=422)
    try:
        user_id = row_number(wanted) or 0
        token, code = service.make_courier_link(session, user_id=user_id, actor=actor, now=clock(), settings=settings)
    except DoorstepError as error:
        page = _choose(session, settings, {"user_id": f"{error.message} {error.next_step}".strip()})
        return render(request, "users/choose_courier.html", page, status=error.status)
    address = f"{_base(request, settings)}/c"
    link = f"{address}/{token}"
    page_of_link = LinkPage(
        courier=queries.names_of(session, [user_id])[user_id],
        link=link,
        address=address.removeprefix("https://"),
        code=f"{code[:3]} {code[3:]}",
        qr=Markup(symbol_svg(make_symbol(link), title="The link as a QR code")),  # noqa: S704 - drawn here, escaped there
        minutes=settings.courier_link_minutes,
    )
    return render(request, "users/courier_link.html", page_of_link)


def _base(request: Request, settings: Settings) -> str:
    """The address couriers reach us at; in a demonstration, the one this browser used."""
    return str(request.base_url).rstrip("/") if settings.demo else settings.public_url.rstrip("/")


def _choose(session: Session, settings: Settings, errors: dict[str, str] | None = None) -> ChoosePage:
    couriers = [user for user in queries.active_with_role(session, Role.COURIER) if user.roles == {Role.COURIER}]
    return ChoosePage(
        tuple((str(user.id), user.name) for user in couriers), settings.courier_link_minutes, errors or {}
    )
