"""The web application: the rooms' routes, the frame round every page, and nothing that decides anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, FastAPI
from starlette.datastructures import State

from fleet.bench import api as bench_api
from fleet.bench import api_wiping as wiping_api
from fleet.bench import pages as bench_pages
from fleet.bench.service.apps import LARGEST_APP_BYTES
from fleet.bench.upload import FORM_BYTES
from fleet.bundles import api as bundles_api
from fleet.bundles import pages as bundles_pages
from fleet.chasing import api as chasing_api
from fleet.chasing import api_ladders as chasing_ladders
from fleet.chasing import api_letters as chasing_letters
from fleet.chasing import api_messages as chasing_messages
from fleet.chasing import api_one as chasing_one
from fleet.chasing import api_restored as chasing_restored
from fleet.chasing import pages as chasing_pages
from fleet.clock import Clock, utc_now
from fleet.cohorts import api as cohorts_api
from fleet.cohorts import api_plans as cohorts_plans
from fleet.cohorts import pages as cohorts_pages
from fleet.cohorts.calendar import NATIONS, bank_holidays
from fleet.database.session import Database
from fleet.deliveries import api as deliveries_api
from fleet.deliveries import api_homeward as deliveries_homeward
from fleet.deliveries import pages as deliveries_pages
from fleet.deliveries.photos import LARGEST_PHOTO_BYTES
from fleet.desk import pages as desk_pages
from fleet.equality import pages as equality_pages
from fleet.gatherings import api as gatherings_api
from fleet.gatherings import pages as gatherings_pages
from fleet.home import pages as home_pages
from fleet.http.body import BodyLimit
from fleet.http.errors import install_error_handlers
from fleet.http.flash import FlashMiddleware
from fleet.intake import api as intake_api
from fleet.intake import pages as intake_pages
from fleet.jobs.service import Nudge
from fleet.loans import api as loans_api
from fleet.loans import pages as loans_pages
from fleet.partners import api as partners_api
from fleet.partners import pages as partners_pages
from fleet.people import api as people_api
from fleet.people import pages as people_pages
from fleet.planning import api as planning_api
from fleet.planning import api_cohorts as planning_cohorts
from fleet.planning import pages as planning_pages
from fleet.privacy import api as privacy_api
from fleet.privacy import pages as privacy_pages
from fleet.privacy import pages_joining
from fleet.proof import api as proof_api
from fleet.proof import pages as proof_pages
from fleet.recycling import api as recycling_api
from fleet.recycling import pages as recycling_pages
from fleet.repeats.answering import answer_once
from fleet.settings import Settings
from fleet.sheets import api as sheets_api
from fleet.sheets import pages as sheets_pages
from fleet.tablets import api as tablets_api
from fleet.tablets import carriers as tablets_carriers
from fleet.tablets import pages as tablets_pages
from fleet.tags import api as tags_api
from fleet.tags import finder as tags_finder
from fleet.tags import pages as tags_pages
from fleet.users import pages as users_pages
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.assets import mount_static
from fleet.web.render import render_error
from fleet.webhooks import api as webhooks_api
from fleet.webhooks import pages as webhooks_pages

# Routes are tried in this order: what waits at a door comes first.
API: tuple[APIRouter, ...] = (
    deliveries_api.router,
    deliveries_homeward.router,
    tablets_api.router,
    tablets_api.holds,
    bench_api.router,
    wiping_api.router,
    intake_api.router,
    recycling_api.router,
    proof_api.router,
    tags_api.router,
    people_api.router,
    privacy_api.router,
    partners_api.router,
    *bundles_api.routers,
    gatherings_api.router,
    cohorts_api.router,
    cohorts_plans.router,
    *loans_api.routers,
    planning_api.router,
    planning_cohorts.router,
    chasing_api.router,
    chasing_ladders.router,
    chasing_messages.router,
    chasing_restored.router,
    chasing_letters.router,
    chasing_one.router,
    webhooks_api.router,
    sheets_api.router,
)
PAGES: tuple[APIRouter, ...] = (
    home_pages.router,
    users_pages.router,
    tablets_pages.router,
    bench_pages.router,
    intake_pages.router,
    recycling_pages.router,
    proof_pages.router,
    tags_pages.router,
    tags_finder.router,
    people_pages.router,
    privacy_pages.router,
    pages_joining.router,
    equality_pages.router,
    partners_pages.router,
    *bundles_pages.routers,
    gatherings_pages.router,
    tablets_carriers.router,
    *cohorts_pages.routers,
    *loans_pages.routers,
    *deliveries_pages.routers,
    *planning_pages.routers,
    *chasing_pages.routers,
    desk_pages.router,
    *webhooks_pages.routers,
    sheets_pages.router,
)


@dataclass(frozen=True)
class Place:
    """One entry of the navigation, seen by those who have its permission."""

    text: str
    href: str
    permission: Permission


NAVIGATION: tuple[Place, ...] = (
    Place("Home", "/", Permission.SIGNED_IN),
    Place("Intake", "/intake", Permission.INTAKE_RECORD),
    Place("Bench", "/bench", Permission.BENCH_SEE),
    Place("Desk", "/desk", Permission.DESK_WORK),
    Place("Tablets", "/tablets", Permission.TABLETS_SEE),
    Place("Certificates", "/certificates", Permission.CERTIFICATES_SEE),
    Place("Labels", "/labels", Permission.LABELS_PRINT),
    Place("Donations", "/donations", Permission.DONATIONS_SEE),
    Place("Purchases", "/purchases", Permission.PURCHASES_SEE),
    Place("Recycling", "/recycling", Permission.RECYCLING_SEE),
    Place("Returns", "/returns", Permission.TABLETS_RECORD),
    Place("Requests", "/requests", Permission.REQUESTS_SEE),
    Place("Loans", "/loans", Permission.LOANS_SEE),
    Place("Today's run", "/run", Permission.DELIVERIES_DO),
    Place("Runs in your calendar", "/run/calendar", Permission.DELIVERIES_DO),
    Place("Courier runs", "/courier-runs", Permission.DELIVERIES_PLAN),
    Place("SIMs", "/sims", Permission.BUNDLES_SEE),
    Place("Data", "/data", Permission.BUNDLES_SEE),
    Place("Chasing", "/chasing", Permission.CHASING_SEE),
    Place("A second person", "/second-looks", Permission.SECOND_LOOKS_DECIDE),
    Place("People", "/people", Permission.PEOPLE_SEE),
    Place("Erasures", "/erasures", Permission.PRIVACY_ERASE),
    Place("Equality figures", "/equality", Permission.EQUALITY_FIGURES),
    Place("Gatherings", "/gatherings", Permission.GATHERINGS_SEE),
    Place("Programmes", "/cohorts", Permission.COHORTS_SEE),
    Place("Forecast", "/forecast", Permission.COHORTS_SEE),
    Place("The hub's days", "/closures", Permission.COHORTS_SEE),
    Place("Partners", "/partners", Permission.PARTNERS_SEE),
    Place("Sign a courier in", "/courier-links", Permission.COURIER_LINKS_MAKE),
    Place("Files", "/sheets", Permission.SHEETS_SEE),
    Place("Users", "/users", Permission.USERS_SET_UP),
    Place("Sign-ins", "/audit/sign-ins", Permission.AUDIT_SEE),
    Place("Webhooks", "/webhooks", Permission.WEBHOOKS_SET_UP),
    Place("Hot or swollen?", "/hazard", Permission.HOLDS_PLACE),
    Place("Your account", "/account", Permission.SIGNED_IN),
)


FILES = dict.fromkeys(("/bench/apps", "/api/v1/apps"), LARGEST_APP_BYTES + FORM_BYTES) | {
    "/run/facts/": LARGEST_PHOTO_BYTES + FORM_BYTES
}
"""Where files come in, and the most bytes of each."""


def navigation(viewer: Actor | None) -> Iterable[Place]:
    """The places this person may go, in one order for everybody."""
    return [place for place in NAVIGATION if viewer is not None and viewer.may(place.permission)]


def create_app(settings: Settings, database: Database, *, nudge: Nudge, clock: Clock = utc_now) -> FastAPI:
    """The application over one database. `nudge` tells a worker that a job waits."""
    app = all_routes()
    furnish(app, settings, database, nudge=nudge, clock=clock)
    return app


def all_routes() -> FastAPI:
    """Every room's routes with the frame round them, over no database yet."""
    app = FastAPI(
        title="Doorstep",
        version="1",
        summary="Tablets lent to isolated people: wiped, provisioned, labelled, delivered, chased kindly.",
        routes=[route for router in (*API, *PAGES) for route in router.routes],
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(BodyLimit, larger=FILES)
    app.add_middleware(FlashMiddleware)
    install_error_handlers(app, render_error)
    mount_static(app)
    return app


def warm_up(now: datetime) -> None:
    """Have at hand what the first to ask would otherwise wait for: bank holidays come from a large library."""
    for nation in NATIONS:
        bank_holidays(now.year, nation)


def furnish(app: FastAPI, settings: Settings, database: Database, *, nudge: Nudge, clock: Clock) -> None:
    """Give the routes what they work with. Whatever an earlier furnishing left behind is gone."""
    app.state = State()
    app.state.settings = settings
    app.state.database = database
    app.state.clock = clock
    app.state.nudge = nudge
    app.state.demo = settings.demo
    app.state.navigation = navigation
    app.state.answer_once = answer_once
