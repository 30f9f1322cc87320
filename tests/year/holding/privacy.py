"""Rules R30 to R33: forgotten once nothing is open, and still after a restore; given a copy, and told to nobody."""

from __future__ import annotations

from collections.abc import Iterable

from fleet.privacy.journal import lines
from fleet.privacy.service import everything_about
from tests.year.holding.looking import Day, holds

_OPEN = "('closed_returned', 'closed_gifted', 'closed_lost', 'declined', 'cancelled')"


@holds("R30")
def an_erasure_waits_and_is_then_whole(day: Day) -> Iterable[str]:
    yield from day.complaints(
        "R30: somebody was erased whose loan is open",
        f"SELECT p.id, l.id FROM person p JOIN loan l ON l.person_id = p.id WHERE p.erased_at IS NOT NULL"
        f" AND l.state NOT IN {_OPEN} AND l.stopped_at IS NULL",
    )
    yield from day.complaints(
        "R30: something of somebody who was erased is still there",
        "SELECT p.id, p.last_name, p.phone, p.address_line_1 FROM person p WHERE p.erased_at IS NOT NULL AND"
        " (p.last_name <> 'person' OR p.phone <> '' OR p.email <> '' OR p.address_line_1 <> '' OR p.postcode <> ''"
        " OR EXISTS (SELECT 1 FROM person_need n WHERE n.person_id = p.id)"
        " OR EXISTS (SELECT 1 FROM chase_reply r WHERE r.person_id = p.id)"
        " OR EXISTS (SELECT 1 FROM loan_event e JOIN loan l ON l.id = e.loan_id WHERE l.person_id = p.id"
        " AND e.reason <> ''))",
    )
    yield from day.complaints(
        "R30: an erasure was decided, nothing is open, and it was not done",
        "SELECT x.person_id, x.asked_at FROM erasure x WHERE x.done_at IS NULL AND x.called_off_at IS NULL"
        f" AND x.asked_at < :long_ago AND NOT EXISTS (SELECT 1 FROM loan l WHERE l.person_id = x.person_id AND"
        f" (l.state NOT IN {_OPEN} OR l.closed_at > :long_ago)) AND NOT EXISTS (SELECT 1 FROM scan s"
        " JOIN delivery_job j ON j.id = s.job_id JOIN loan l ON l.id = j.loan_id WHERE l.person_id = x.person_id"
        " AND s.needs_review AND s.settled_at IS NULL)",
        long_ago=day.long_ago(10),
    )
    gone = "SELECT c.reference FROM chase c JOIN person p ON p.id = c.person_id WHERE p.erased_at IS NOT NULL"
    for (reference,) in day.rows(
        f"{gone} AND c.reference <> '' AND c.changed_at >= :long_ago", long_ago=day.long_ago(60)
    ):
        if day.town.post.lies_there(reference):
            yield f"R30: {reference}, to somebody who was erased, still lies in the outbox"


@holds("R30")
def custody_outlives_an_erasure(day: Day) -> Iterable[str]:
    return day.complaints(
        "R30: a tablet's time with somebody who was erased cannot be followed any more",
        "SELECT l.id FROM loan l JOIN person p ON p.id = l.person_id WHERE p.erased_at IS NOT NULL"
        " AND l.started_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loan_tablet k WHERE k.loan_id = l.id)",
    )


@holds("R31")
def whoever_was_forgotten_stays_forgotten(day: Day) -> Iterable[str]:
    """Whatever came back from a backup: the journal outside the database says who."""
    told = {line.person_id for line in lines(day.town.settings.erasure_journal)}
    gone = {person for (person,) in day.rows("SELECT id FROM person WHERE erased_at IS NOT NULL")}
    for person in sorted(told - gone):
        yield f"R31: person {person} was forgotten, and is back"
    for person in sorted(gone - told):
        yield f"R31: person {person} was forgotten, and the journal does not know"


_PARTS = {
    "loan": "loan WHERE person_id = :person",
    "person_event": "person_event WHERE person_id = :person",
    "chase": "chase WHERE person_id = :person",
    "chase_reply": "chase_reply WHERE person_id = :person",
    "loan_event": "loan_event e JOIN loan l ON l.id = e.loan_id WHERE l.person_id = :person",
    "loan_due_version": "loan_due_version v JOIN loan l ON l.id = v.loan_id WHERE l.person_id = :person",
    "delivery_job": "delivery_job j JOIN loan l ON l.id = j.loan_id WHERE l.person_id = :person",
}


@holds("R32")
def a_copy_of_everything_is_whole(day: Day) -> Iterable[str]:
    """Asked for once a week, for somebody else each time: as many rows of each kind as there are."""
    if day.day.weekday() != 3:
        return
    asked = "SELECT person_id FROM loan WHERE started_on IS NOT NULL ORDER BY changed_at DESC LIMIT 1"
    for (person,) in day.rows(asked):
        made = everything_about(day.session, person, settings=day.town.settings, now=day.town.clock())
        have = {section.name: len(section.rows) for section in made.sections}
        for name, where in _PARTS.items():
            (count,) = day.rows(f"SELECT count(*) FROM {where}", person=person)[0]
            if have.get(name, 0) != count:
                yield f"R32: the copy of person {person} has {have.get(name, 0)} rows of {name}, and there are {count}"
        day.town.seen["copies asked for"] += 1


@holds("R33")
def nothing_was_told_to_another_host(day: Day) -> Iterable[str]:
    return [f"R33: something was sent to {host}" for host in sorted(day.town.hosts)]
