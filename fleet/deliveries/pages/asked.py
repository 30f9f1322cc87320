"""What a planner may choose, and what they typed: runs, numbers, days, vehicles and windows.

Raises `BadInput` with a sentence for the field.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun
from fleet.deliveries.rules import Vehicle
from fleet.deliveries.service import Window
from fleet.errors import BadInput
from fleet.http.forms import Form


def runs_to_choose(session: Session, hub_id: int, first: date) -> tuple[tuple[str, str], ...]:
    """The runs of a hub from a day on that take stops, with whom each is given to."""
    found = queries.runs_to_come(session, hub_id=hub_id, first=first)
    names = queries.names_of(session, [each.courier_id for each in found if each.courier_id is not None])
    return tuple((str(each.id), _run_words(each, names.get(each.courier_id or 0, "nobody yet"))) for each in found)


def _run_words(run: CourierRun, who: str) -> str:
    return f"Run {run.id}, {run.day:%a} {run.day.day} {run.day:%b}, {who}"


def choose(name: str, sentence: str) -> int:
    raise BadInput("Nothing was changed.", fields={name: sentence})


def day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise BadInput("No run was made.", fields={"day": "Choose the day of the run."}) from error


def vehicle(given: str) -> Vehicle:
    if given not in list(Vehicle):
        raise BadInput("No run was made.", fields={"vehicle": "Choose how the courier goes."})
    return Vehicle(given)


def window(form: Form) -> Window:
    times = {}
    for name, sentence in (("window_from", "Enter when it begins."), ("window_to", "Enter when it ends.")):
        try:
            times[name] = time.fromisoformat(form.get(name))
        except ValueError as error:
            raise BadInput("No stop was added.", fields={name: f"{sentence} Such as 10:30."}) from error
    return Window(times["window_from"].replace(tzinfo=None), times["window_to"].replace(tzinfo=None))


def window_words(begins: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """Such as 10:30 to 11:00, in the hub's own time."""
    return f"{begins.astimezone(zone):%H:%M} to {ends.astimezone(zone):%H:%M}"


def window_of(words: str) -> Window:
    """The other way round."""
    try:
        begins, ends = (time.fromisoformat(part) for part in words.split(" to "))
    except ValueError as error:
        raise BadInput("No stop was added.", fields={"window": "Choose when the courier comes."}) from error
    return Window(begins.replace(tzinfo=None), ends.replace(tzinfo=None))
