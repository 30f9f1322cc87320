"""What lies at another hub than its own (rule R16): put on a courier's run, or kept where it is. Both hubs see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.clock import LONDON, local_date
from fleet.deliveries import queries, service
from fleet.deliveries.api import Id, Planner
from fleet.deliveries.pages.asked import choose, runs_to_choose, window_of
from fleet.deliveries.pages.day import PER_PAGE, page_asked, windows_offered
from fleet.deliveries.queries import Homeward
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners import service as partners
from fleet.tablets.words import label_of, name_of
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/courier-runs/way-home")
HERE = "/courier-runs/way-home"


@dataclass(frozen=True)
class Lying:
    """A tablet that waits to go home, or has a run to do so."""

    tablet_id: int
    called: str
    kind: str
    since: str
    run_id: int | None


@dataclass(frozen=True)
class Group:
    """Those that lie at one hub and belong to another. `here`: they lie at the hub of whoever looks."""

    at: str
    home: str
    here: bool
    tablets: tuple[Lying, ...]

    @property
    def free(self) -> bool:
        """Whether any of them is on no run yet."""
        return any(each.run_id is None for each in self.tablets)


@dataclass(frozen=True)
class WayHomePage:
    hub: str
    groups: tuple[Group, ...]
    runs: tuple[tuple[str, str], ...]
    """Those of the looker's hub that are still to come."""
    windows: tuple[tuple[str, str], ...]
    total: int
    page: int
    page_count: int
    ticked: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "On the way home"


@router.get("")
def way_home_page(request: Request, session: ReadSession, actor: Planner, clock: ClockDep, page: str = "1") -> Response:
    return _shown(request, session, actor, clock(), page)


def _shown(
    request: Request,
    session: Session,
    actor: Actor,
    now: datetime,
    page: str,
    *,
    form: Form | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    hub = partners.hub_of(session, actor)
    total = queries.count_homeward(session, hub_id=hub.id)
    at, page_count = page_asked(page, total)
    found = queries.homeward(session, hub_id=hub.id, limit=PER_PAGE, offset=(at - 1) * PER_PAGE)
    shown = WayHomePage(
        hub=hub.name,
        groups=_groups(session, found, hub.id),
        runs=runs_to_choose(session, hub.id, local_date(now, ZoneInfo(hub.time_zone))),
        windows=windows_offered(()),
        total=total,
        page=at,
        page_count=page_count,
        ticked=frozenset(form.lists.get("tablet_id", ())) if form else frozenset(),
        values=form.values if form else {},
        errors=errors or {},
    )
    return render(request, "deliveries/way_home.html", shown, status=422 if errors else 200)


def _groups(session: Session, found: Sequence[Homeward], hub_id: int) -> tuple[Group, ...]:
    by_way = sorted(found, key=lambda each: (each.tablet.guest_hub_id or 0, each.home.id))
    return tuple(
        Group(
            at=partners.get_organisation(session, lies_at).name,
            home=home,
            here=lies_at == hub_id,
            tablets=tuple(_lying(each) for each in theirs),
        )
        for (lies_at, home), theirs in groupby(by_way, key=lambda each: (each.tablet.guest_hub_id or 0, each.home.name))
    )


def _lying(found: Homeward) -> Lying:
    tablet, since = found.tablet, found.tablet.changed_at.astimezone(LONDON)
    return Lying(
        tablet_id=tablet.id,
        called=label_of(tablet) or f"Tablet {tablet.id}",
        kind=name_of(tablet),
        since=f"{since.day} {since:%B}",
        run_id=found.stop.run_id if found.stop is not None else None,
    )


@router.post("/put")
def put_on_run(request: Request, form: FormDep, session: WriteSession, actor: Planner, clock: ClockDep) -> Response:
    """Put every tablet that was ticked on a run, or none: what does not fit is said and stays ticked."""
    try:
        with session.begin_nested():
            run_id = form.row("run_id") or choose("run_id", "Choose a run.")
            stops = service.bring_home(
                session,
                run_id,
                tablet_ids=_ticked(form),
                window=window_of(form.get("window")),
                actor=actor,
                happening=Happening(now=clock()),
            )
    except (BadInput, Conflict) as error:
        said = error.fields if isinstance(error, BadInput) else {"tablet_id": f"{error.message} {error.next_step}"}
        return _shown(request, session, actor, clock(), form.get("page") or "1", form=form, errors=said)
    return see_other(HERE, said=f"{len(stops)} {'stop is' if len(stops) == 1 else 'stops are'} on run {run_id}.")


def _ticked(form: Form) -> list[int]:
    given = list(form.rows("tablet_id"))
    if not given:
        raise BadInput("Nothing was put on a run.", fields={"tablet_id": "Tick which tablets to put on the run."})
    return given


@router.post("/{tablet_id}/stay")
def stay_here(
    tablet_id: Id, form: FormDep, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep
) -> Response:
    """The hub where it lies keeps it."""
    happening = Happening(now=clock(), reason=form.get("reason"))
    tablet = service.keep_here(session, tablet_id, actor=actor, settings=settings, happening=happening)
    return see_other(HERE, said=f"{label_of(tablet) or f'Tablet {tablet.id}'} stays here. Look it over, then clean it.")
