"""Signing in and out: with a password, or on a courier's phone with a link or six digits."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from limits import parse

from fleet.errors import BadInput, NotSignedIn
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.limits import client_address, slow_down
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession, get_database
from fleet.users import service, signing_in
from fleet.users.access import COOKIE, may
from fleet.users.rules import Permission
from fleet.users.service import NewSignIn
from fleet.web.render import render

router = PageRouter()

_CODES_A_MINUTE = parse("10/minute")
"""Tries of six-digit codes from one address; wrong ones from all addresses together are counted in tries.py."""

_PASSWORDS_A_MINUTE = parse("30/minute")
"""Tries of passwords from one address, for any person: each costs a slow hash."""


@dataclass(frozen=True)
class SignInPage:
    next: str
    email: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    title: str = "Sign in"


@router.get("/sign-in", dependencies=[Depends(may(Permission.PUBLIC))])
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the word in the address
    return render(request, "users/sign_in.html", SignInPage(_ours(next)))


@router.post("/sign-in", dependencies=[Depends(may(Permission.PUBLIC))])
def sign_in(request: Request, form: FormDep, settings: SettingsDep, clock: ClockDep) -> Response:
    said = "Too many tries from your network. Wait a minute."
    slow_down(request, _PASSWORDS_A_MINUTE, "passwords", client_address(request), message=said)
    email, onward = form.get("email"), _ours(form.get("next", "/"))
    begun = signing_in.sign_in_with_password(
        get_database(request),
        email=email,
        password=form.get("password"),
        address=client_address(request),
        now=clock(),
        settings=settings,
        device=request.headers.get("user-agent", ""),
    )
    if begun is None:
        wrong = {"email": "This email address and password do not belong together. Check both and try again."}
        return render(request, "users/sign_in.html", SignInPage(onward, email, wrong), status=422)
    return signed_in(begun, onward, secure=settings.cookies_need_https)


@router.post("/sign-out", dependencies=[Depends(may(Permission.PUBLIC))])
def sign_out(request: Request, form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    service.sign_out(session, request.cookies.get(COOKIE, ""), now=clock())
    response = see_other("/sign-in", said="You are signed out.")
    response.delete_cookie(COOKIE)
    return response


@router.get("/c", dependencies=[Depends(may(Permission.PUBLIC))])
def code_page(request: Request) -> Response:
    return render(request, "users/code.html", SignInPage("/"))


@router.post("/c", dependencies=[Depends(may(Permission.PUBLIC))])
def sign_in_with_code(request: Request, form: FormDep, settings: SettingsDep, clock: ClockDep) -> Response:
    said = "Too many codes were tried from your network. Wait a minute."
    slow_down(request, _CODES_A_MINUTE, "codes", client_address(request), message=said)
    device = request.headers.get("user-agent", "")
    try:
        begun = signing_in.sign_in_with_link(
            get_database(request),
            now=clock(),
            settings=settings,
            token=form.get("token"),
            code=form.get("code"),
            device=device,
        )
    except (NotSignedIn, BadInput) as error:
        page = SignInPage("/", errors={"code": f"{error.message} {error.next_step}"})
        return render(request, "users/code.html", page, status=422)
    return signed_in(begun, "/", secure=settings.cookies_need_https)


@dataclass(frozen=True)
class LinkPage:
    token: str
    title: str = "Start your run"


@router.get("/c/{token}", dependencies=[Depends(may(Permission.PUBLIC))])
def link_page(request: Request, token: str) -> Response:
    """Opening the link uses nothing up (messengers fetch previews); pressing the button does."""
    return render(request, "users/link.html", LinkPage(token))


@dataclass(frozen=True)
class AccessibilityPage:
    help_phone: str
    title: str = "Accessibility statement"


@router.get("/accessibility", dependencies=[Depends(may(Permission.PUBLIC))])
def accessibility(request: Request, settings: SettingsDep) -> Response:
    return render(request, "web/accessibility.html", AccessibilityPage(settings.hub_phone))


def signed_in(begun: NewSignIn, onward: str, *, secure: bool, said: str = "") -> Response:
    response = see_other(onward, said=said)
    response.set_cookie(COOKIE, begun.token, httponly=True, secure=secure, samesite="lax", path="/")
    return response


def _ours(address: str) -> str:
    """The address if it is a path of ours, or home: a sign-in page must not send people elsewhere."""
    try:
        parts = urlsplit(address)
    except ValueError:  # "//[" begins an IPv6 address that never ends
        return "/"
    safe = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and "\\" not in address else "/"
