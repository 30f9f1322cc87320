"""docs/wiping.md: prose written by hand, and between its marks the tables drawn from routes carried out on tablets.

Every row is a wipe that a virtual person brought about with real commands over a real socket; what they had to touch
was written down as they touched it.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deploy.dev.drawing.markdown import table
from provisioning.engine.observe import observe
from provisioning.errors import TransportError
from provisioning.transports.adb_tcp import connect_tcp
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey, load_or_make_key
from provisioning.virtual import person
from provisioning.virtual.scripted import Script, ScriptedPerson
from provisioning.virtual.serve import listening
from provisioning.virtual.state import Owner
from provisioning.virtual.tablet import Power, Screen, Touch, TradeIn, VirtualTablet
from provisioning.virtual.wiping import WipeRoute, wipe
from provisioning.wipe.blockers import WipePolicy
from provisioning.wipe.hands import begin_reset
from provisioning.wipe.routes import Route, RouteCode, choose, find_routes, reporting_routes
from provisioning.wipe.trade_in import evaluate

PAGE = Path(__file__).parents[3] / "docs" / "wiping.md"
MODELS = (
    "legacy-tablet-7",
    "lenovo-tab-m10-9",
    "huawei-mediapad-t5-10",
    "samsung-tab-a7-11",
    "nokia-t20-12",
    "lenovo-tab-m8-13",
    "samsung-tab-a9-14",
    "google-pixel-tablet-15",
    "google-pixel-tablet-16",
)
OURS = "org.example.ours"
_WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class Row:
    """One route on one tablet: what was touched until the wipe could be proved, and until it could be set up."""

    model: str
    release: str
    route: Route
    proved: tuple[Touch, ...]
    ready: tuple[Touch, ...]


def wiping_page() -> str:
    """The page as it stands, with its tables drawn anew."""
    rows = tuple(carried_out())
    page = PAGE.read_text(encoding="utf-8")
    for name, text in (("routes", _routes_table()), ("touches", _touches_table(rows)), ("deeds", _deeds_table(rows))):
        page = _put(page, name, text)
    return page


def _put(page: str, name: str, text: str) -> str:
    marked = re.compile(rf"(<!-- drawn: {name} -->\n).*?(<!-- /drawn -->)", re.DOTALL)
    return marked.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page, count=1)


def _routes_table() -> str:
    with _bench("google-pixel-tablet-16") as (tablet, link):
        _enrol(tablet)
        transport = link()
        found = {route.code: route for route in find_routes(transport, observe(transport), _OUR_RULES)}
    found[RouteCode.TRADE_IN] = next(iter(reporting_routes()))
    head = ("Way", "Stored as", "Forgets the account a lock would ask for", "Needs hands to begin", "Why")
    cells = (
        (route.title, f"`{route.code.value}`", _yes(route.clears_reset_protection), _yes(route.needs_hands), route.why)
        for route in (found[code] for code in RouteCode)
    )
    return table(head, cells)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _touches_table(rows: Sequence[Row]) -> str:
    head = ("Way", "Android", "Virtual model", "Touches until the wipe is proved", "… until it can be set up")
    cells = (
        (
            f"`{row.route.code.value}`",
            row.release,
            row.model,
            str(_taps(row.proved)),
            str(_taps(row.proved) + _taps(row.ready)),
        )
        for row in rows
    )
    return table(head, cells)


def _deeds_table(rows: Sequence[Row]) -> str:
    """Each deed once, with the fewest and the most touches it took on any model."""
    taps: dict[str, set[int]] = {}
    for touch in (touch for row in rows for touch in (*row.proved, *row.ready)):
        taps.setdefault(touch.deed, set()).add(touch.taps)
    cells = ((deed, " to ".join(map(str, sorted({min(each), max(each)})))) for deed, each in taps.items())
    return table(("What is touched", "Touches"), cells)


def _taps(touches: Sequence[Touch]) -> int:
    return sum(touch.taps for touch in touches)


_OUR_RULES = WipePolicy(our_owners=frozenset({OURS}))


def carried_out() -> Iterator[Row]:
    """Every offered route on every model in turn: each ends with the tablet set up, as the next one needs."""
    for model in MODELS:
        with _bench(model) as (tablet, link):
            _enrol(tablet)
            transport = link()
            found = find_routes(transport, observe(transport), _OUR_RULES)
            codes = [route.code for route in found if route.offered]
            for code in [*codes, *([RouteCode.TRADE_IN] if tablet.personality.trade_in else [])]:
                yield _carry_out(tablet, link, code)


def _enrol(tablet: VirtualTablet) -> None:
    person.enrol(tablet, Owner(f"{OURS}/.Admin", "Our hub", wipes_when_told=True))


def _carry_out(tablet: VirtualTablet, link: _Link, code: RouteCode) -> Row:
    if code is RouteCode.DEVICE_OWNER:
        _enrol(tablet)
    route = _by_trade_in(tablet, link) if code is RouteCode.TRADE_IN else _by(tablet, link, code)
    proved = tuple(tablet.touches)
    tablet.touches.clear()
    if not tablet.set_up:
        _set_up(tablet, link)
    return Row(tablet.personality.model, tablet.personality.release, route, proved, tuple(tablet.touches))


def _by(tablet: VirtualTablet, link: _Link, code: RouteCode) -> Route:
    transport = link()
    tablet.touches.clear()
    seen = observe(transport)
    route = choose(find_routes(transport, seen, _OUR_RULES), code)
    begin_reset(transport, seen, code)
    if route.first_stage:
        _started(tablet)
        transport = link()
        begin_reset(transport, observe(transport), RouteCode.SETTINGS_RESET)
    if tablet.screen is Screen.RESET:
        person.tap_erase_everything(tablet)
    _started(tablet)
    if tablet.trade_in is not TradeIn.REPORTING:
        _set_up(tablet, link)
    return route


def _by_trade_in(tablet: VirtualTablet, link: _Link) -> Route:
    wipe(tablet, WipeRoute.SETTINGS)
    _started(tablet)
    tablet.touches.clear()
    evaluate(link())
    tablet.wait_for(lambda: tablet.trade_in is TradeIn.EVALUATING, _WAIT_SECONDS)
    transport = link()
    seen = observe(transport)
    route = choose(find_routes(transport, seen))
    begin_reset(transport, seen, route.code)
    _started(tablet)
    return route


def _set_up(tablet: VirtualTablet, link: _Link) -> None:
    """Through the welcome screens, debugging on, and the bench let in."""
    person.finish_setup_wizard(tablet)
    person.switch_on_debugging(tablet)
    link()


def _started(tablet: VirtualTablet) -> None:
    tablet.wait_for(lambda: tablet.power is Power.ON and tablet.screen is not Screen.RESET, _WAIT_SECONDS)


class _Link:
    """Connects to the tablet as often as it is called."""

    def __init__(self, tablet: VirtualTablet, port: int, key: BenchKey) -> None:
        self._tablet, self._port, self._key = tablet, port, key
        self.opened: list[Transport] = []

    def __call__(self) -> Transport:
        while True:
            try:
                made = connect_tcp(
                    "127.0.0.1",
                    self._port,
                    signer=self._key,
                    auth_wait_seconds=_WAIT_SECONDS,
                    poll_seconds=0.02,
                )
            except TransportError:  # the daemon opens its port a moment after the tablet has started
                self._tablet.wait_for(lambda: False, 0.02)
                continue
            self.opened.append(made)
            return made


@contextlib.contextmanager
def _bench(model: str) -> Iterator[tuple[VirtualTablet, _Link]]:
    """A tablet of this model, set up and trusting the bench, with nothing touched so far.

    Somebody beside it taps Always allow, then Allow, whenever it asks; everything else is done by `_by`.
    """
    with tempfile.TemporaryDirectory(prefix="doorstep-touches-") as folder, contextlib.ExitStack() as stack:
        tablet = VirtualTablet.open(Path(folder) / "tablet", model, serial="VIRTTOUCHES", boot_seconds=0.12)
        stack.callback(tablet.close)
        person.finish_setup_wizard(tablet)
        person.switch_on_debugging(tablet)
        port = stack.enter_context(listening(tablet))
        stack.enter_context(ScriptedPerson(tablet, Script(delay_seconds=0, erases=False, sets_up=False)))
        link = _Link(tablet, port, _key())
        link()
        tablet.touches.clear()
        try:
            yield tablet, link
        finally:
            for transport in link.opened:
                with contextlib.suppress(TransportError):
                    transport.close()


@cache
def _key() -> BenchKey:
    """One key for all of them: making one takes longer than a wipe here does."""
    with tempfile.TemporaryDirectory(prefix="doorstep-touches-key-") as folder:
        return load_or_make_key(Path(folder))
