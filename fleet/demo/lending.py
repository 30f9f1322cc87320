"""Third part: three people are asked for, get a tablet with data each, and a courier hands them over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import rung_day
from fleet.clock import LONDON
from fleet.cohorts.calendar import HubCalendar
from fleet.cohorts.rules import LoanPolicy, due_date
from fleet.demo.arriving import partner
from fleet.demo.benching import label_codes
from fleet.demo.scene import DemonstrationStuck, Scene, act_id
from fleet.partners.models import OrganisationKind
from fleet.users.rules import Role

PROGRAMME = "Sample taster months"


@dataclass(frozen=True)
class Borrower:
    """Somebody who borrows, by what becomes of their loan."""

    key: str
    last_name: str
    channel: str
    phone: str
    email: str
    iccid: str
    tablet: str
    handed_over_at: time
    asked_by: Role = Role.REFERRER


BORROWERS = (
    Borrower("gives back in time", "One", "text", "07700 900001", "", "8944100000000000000", "plain-13", time(10, 40)),
    Borrower("is late", "Two", "text", "07700 900002", "", "8944100000000000018", "plain-14", time(11, 20)),
    Borrower(
        "keeps it longer",
        "Three",
        "email",
        "",
        "three@sample.example",
        "8944100000000000026",
        "plain-15",
        time(12, 5),
        asked_by=Role.PARTNER_LEAD,
    ),
)
REMINDERS = ("week_before", "days_after")
"""The steps of the ladder that the month shows."""
LOADED_AT = time(9, 30)
TOLD_AT = time(13, 0)
TOLD_LATE_AT = time(17, 30)
_TICKED: dict[str, dict[str, Any]] = {
    "hand_over": {
        "handed_to": "participant",
        "phrase_heard": True,
        "agreement_accepted": True,
        "ticks": ["turned_on", "charging", "joined", "knows_help_number"],
        "face": "good",
    },
    "collect": {"condition": "good", "sim_in_tray": True, "kit_missing": []},
}
"""What is told at a door beside the scan."""


def at(day: date, hour: time) -> datetime:
    """That hour at the hub."""
    return datetime.combine(day, hour, LONDON)


def borrower(key: str) -> Borrower:
    return next(each for each in BORROWERS if each.key == key)


def ask_and_allocate(scene: Scene) -> None:
    """Requests by a surgery and a library, approved; a SIM with data and a ready tablet kept for each."""
    month = programme(scene)
    for each in BORROWERS:
        loan_id = _request(scene, each, month)
        loan = scene.coordinator.get(f"/loans/{loan_id}")
        if loan["state"] == "requested":
            _move(scene, each, loan_id, "approve")
        if scene.coordinator.get(f"/loans/{loan_id}")["state"] == "approved":
            _wait_for_the_eve(scene)
            _allocate(scene, each, loan_id)
    scene.say(
        "Two requests by a surgery and one by a library are approved; each has a tablet and a SIM with 20 GB a month."
    )


def programme(scene: Scene) -> int:
    """The one programme of the demonstration, found or made."""
    known = [each for each in scene.coordinator.get("/programmes", per_page=200)["items"] if each["name"] == PROGRAMME]
    made = known[0] if known else scene.coordinator.post("/programmes", {"name": PROGRAMME})
    return int(made["id"])


def _request(scene: Scene, each: Borrower, programme_id: int) -> int:
    asked = {
        "programme_id": programme_id,
        "safe_at_home": "yes",
        "barriers": ["device", "connectivity"],
        "client_id": act_id("request", each.key),
        "person": {
            "first_name": "Sample",
            "last_name": each.last_name,
            "phone": each.phone,
            "email": each.email,
            "address_line_1": f"{len(each.last_name)} Sample Court",
            "town": "London",
            "postcode": "N19 5NF",
            "channel": each.channel,
            "needs": ["large_text", "text_on_arrival"],
            "consents": True,
        },
    }
    return int(scene.as_(each.asked_by).post("/requests", asked)["id"])


def _move(scene: Scene, each: Borrower, loan_id: int, move: str, *, reason: str = "") -> None:
    body = {"move": move, "reason": reason, "client_id": act_id(move, each.key)}
    scene.coordinator.post(f"/loans/{loan_id}/moves", body)


def _allocate(scene: Scene, each: Borrower, loan_id: int) -> None:
    body = {
        "tablet_id": scene.tablet_id(each.tablet),
        "sim_id": _sim(scene, each),
        "client_id": act_id("allocate", each.key),
    }
    scene.coordinator.post(f"/loans/{loan_id}/allocate", body)


def _sim(scene: Scene, each: Borrower) -> int:
    known = scene.technician.get("/sims", q=each.iccid)["items"]
    sim = known[0] if known else scene.technician.post("/sims", {"iccid": each.iccid, "network": "Sample Mobile"})
    if sim["bundle"] is None:
        funder = partner(scene, OrganisationKind.FUNDER).id
        bundle = {"gb_per_month": 20, "months": 3, "cost_pence": 1500, "funder_id": funder}
        scene.technician.post(f"/sims/{sim['id']}/bundle", bundle)
    return int(sim["id"])


def loan_of(scene: Scene, key: str) -> dict[str, Any]:
    """The loan of one borrower as it stands."""
    loan_id = _request(scene, borrower(key), programme(scene))
    found: dict[str, Any] = scene.coordinator.get(f"/loans/{loan_id}")
    return found


def deliver(scene: Scene) -> None:
    """A run on the next day: three kits loaded, three doors; one scan is sent twice, one hours late."""
    run = planned_run(scene, "deliver", [each.key for each in BORROWERS], day=delivery_day(scene.today, scene.calendar))
    day = date.fromisoformat(run["day"])
    scene.let_time_pass_until(at(day, TOLD_AT))
    for number, each in enumerate(BORROWERS):
        tell(scene, run, each, "load", at(day, LOADED_AT) + timedelta(minutes=number), number)
    in_time, twice, late = BORROWERS[0], BORROWERS[1], BORROWERS[2]
    tell(scene, run, in_time, "hand_over", at(day, in_time.handed_over_at), 10)
    for _ in range(2):
        answer = tell(scene, run, twice, "hand_over", at(day, twice.handed_over_at), 11)
    if not answer["replayed"]:
        raise DemonstrationStuck("A scan sent twice was taken for two.")
    scene.let_time_pass_until(at(day, TOLD_LATE_AT))
    tell(scene, run, late, "hand_over", at(day, late.handed_over_at), 12)
    for each in BORROWERS:
        loan = loan_of(scene, each.key)
        scene.say(f"  loan {loan['id']} began on {loan['started_on']} and is due on {loan['due_on']}.")
    scene.say("Delivered: one scan was sent twice and counted once, one came hours late and kept its own time.")


def _wait_for_the_eve(scene: Scene) -> None:
    """Let the days pass that the deliveries wait for: a tablet is kept for somebody for a week at most."""
    eve = delivery_day(scene.today, scene.calendar) - timedelta(days=1)
    if eve > scene.today:
        scene.let_time_pass_until(at(eve, LOADED_AT))


def delivery_day(today: date, calendar: HubCalendar) -> date:
    """The next open day for a month round whose end the reminders that are to be shown have days to themselves.

    Before Christmas and Easter three working days after a due date can be a week after it: whoever is late is then
    rung, without having been written to.
    """
    day = calendar.roll_forward(today + timedelta(days=1))
    while not _reminders_leave(due_date(day, LoanPolicy(), calendar), calendar):
        day = calendar.roll_forward(day + timedelta(days=1))
    return day


def _reminders_leave(due_on: date, calendar: HubCalendar) -> bool:
    """Whether an open day comes for each of `REMINDERS` before the step above it is due."""
    ladder, grace = default_ladder(), LoanPolicy().grace_days
    days = {
        each.key: rung_day(each, due_on, calendar=calendar, grace_days=grace, ladder_grace_days=ladder.grace_days)
        for each in ladder.rungs
    }
    return all(calendar.roll_forward(days[step]) < days[above] for step, above in pairwise(days) if step in REMINDERS)


def planned_run(scene: Scene, what: str, keys: list[str], *, day: date) -> dict[str, Any]:
    """The run for this, planned once: its jobs in the order of `keys`, and taken on by the courier."""
    loans = {loan_of(scene, key)["id"]: key for key in keys}
    run = _run_with(scene, what, set(loans)) or scene.coordinator.post(
        "/courier-runs", {"day": day.isoformat(), "vehicle": "bike", "courier_id": scene.people[Role.COURIER].user_id}
    )
    have = {job["loan_id"] for job in run.get("jobs", [])}
    for number, loan_id in enumerate(loans):
        if loan_id not in have:
            window = {"window_from": f"{10 + number}:30", "window_to": f"{11 + number}:00"}
            scene.coordinator.post(f"/courier-runs/{run['id']}/jobs", {"loan_id": loan_id, **window})
    if run["state"] == "offered":
        scene.courier.post(f"/courier-runs/{run['id']}/accept")
    found: dict[str, Any] = scene.coordinator.get(f"/courier-runs/{run['id']}")
    return found


def _run_with(scene: Scene, kind: str, loans: set[int]) -> dict[str, Any] | None:
    """The run that holds a job of this kind for one of these loans, or an empty one a kill left behind."""
    for line in scene.coordinator.get("/courier-runs")["items"]:
        run: dict[str, Any] = scene.coordinator.get(f"/courier-runs/{line['id']}")
        jobs = run["jobs"]
        if any(job["loan_id"] in loans and job["kind"] == kind for job in jobs) or (
            not jobs and run["state"] != "done"
        ):
            return run
    return None


def tell(
    scene: Scene, run: dict[str, Any], each: Borrower, action: str, occurred: datetime, sequence: int
) -> dict[str, Any]:
    """One scan of the tablet that a borrower got first, told to the API. Raises when it was refused."""
    tablet_id = scene.tablet_id(each.tablet)
    code = label_codes(scene, [tablet_id])[tablet_id]
    return tell_of(scene, run, each, action, code, occurred, sequence, _TICKED.get(action, {}))


def tell_of(
    scene: Scene,
    run: dict[str, Any],
    each: Borrower,
    action: str,
    code: str,
    occurred: datetime,
    sequence: int,
    details: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """One scan of the courier's, told to the API. Raises when it was refused."""
    fact = {
        "id": act_id(action, each.key, run["id"]),
        "code": code,
        "action": action,
        "occurred_at": occurred.isoformat(),
        "sequence": sequence,
        "run": run["id"],
        "details": dict(details),
    }
    answer: dict[str, Any] = scene.courier.post("/scans", fact)
    if answer["answer"] not in ("applied", "already"):
        raise DemonstrationStuck(f"The scan “{action}” of {code} was answered: {answer['sentence']}")
    return answer
