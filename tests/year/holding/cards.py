"""Rules R25 to R29: a card is one of a kind, its data has days of its own, and it goes from nobody to nobody unseen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from fleet.bundles import service as bundles
from fleet.bundles.queries.usage import find_needed
from fleet.bundles.rules import Asks
from fleet.database.lists import ListQuery
from tests.year.days import add_months
from tests.year.holding.looking import Day, as_day, holds, local
from tests.year.people import PIN


@holds("R25")
def a_card_is_one_of_a_kind_and_its_pin_is_sealed(day: Day) -> Iterable[str]:
    yield from day.complaints(
        "R25: a number stands on two cards",
        "SELECT iccid, count(*) FROM sim GROUP BY iccid HAVING count(*) > 1 UNION ALL SELECT phone, count(*) FROM sim"
        " WHERE phone IS NOT NULL AND state NOT IN ('expired', 'destroyed') GROUP BY phone HAVING count(*) > 1",
    )
    yield from day.complaints(
        "R25: an ICCID is not 19 or 20 digits long",
        "SELECT id, iccid FROM sim WHERE kind <> 'voucher' AND length(iccid) NOT IN (19, 20)",
    )
    yield from day.complaints(
        "R25: a PIN can be read in the database",
        "SELECT id FROM sim_secret WHERE sealed LIKE :pin OR length(sealed) < 20",
        pin=f"{PIN}%",
    )


@holds("R26")
def data_has_days_of_its_own(day: Day) -> Iterable[str]:
    """It ends so many calendar months after it was switched on; top-ups that came in time lengthen it."""
    asked = """
    SELECT b.id, b.activated_on, b.ends_on, b.months + coalesce((SELECT sum(t.months) FROM data_top_up t
    WHERE t.bundle_id = b.id), 0) FROM data_bundle b WHERE b.activated_on IS NOT NULL
    """
    for bundle, began, ends, months in day.rows(asked):
        if as_day(ends) < add_months(as_day(began), months):
            yield f"R26: the data of bundle {bundle} ends on {ends}, before {months} months from {began} are over"
    yield from day.complaints(
        "R26: a card is needed until another day than its loan is due",
        "SELECT u.id, u.needed_until, l.due_on FROM sim_use u JOIN loan l ON l.id = u.loan_id WHERE u.over_at IS NULL"
        " AND l.due_on IS NOT NULL AND u.needed_until <> l.due_on",
    )


@holds("R26")
def data_that_ends_too_early_or_too_late_is_told(day: Day) -> Iterable[str]:
    """Asked of every card in use, once a week."""
    if day.day.weekday() != 2:
        return
    asked = """
    SELECT u.sim_id, b.ends_on, u.needed_until, b.after_loan, l.stopped_at FROM sim_use u JOIN data_bundle b
    ON b.sim_id = u.sim_id AND b.replaced_at IS NULL JOIN loan l ON l.id = u.loan_id
    WHERE u.over_at IS NULL AND u.from_on IS NOT NULL
    """
    told = {(each.number, each.asks) for each in find_needed(day.session, ListQuery(per_page=200), day.day).items}
    rows = [(sim, as_day(ends), as_day(until), *more) for sim, ends, until, *more in day.rows(asked)]
    said = bundles.warnings_of_all(day.session, [row[0] for row in rows], today=day.day)
    for sim, ends, until, decided, stopped in rows:
        wanted = _asked_about(ends, until, decided is not None, day.day)
        if stopped is not None and wanted is Asks.ENDS_FIRST:
            if said.get(sim) or (sim, wanted) in told:
                yield f"R26: more data is asked for card {sim}, whose loan was stopped"
            continue
        soon = wanted is not None and min(ends, until) <= day.day + timedelta(days=21)
        if wanted is not None and wanted not in {each.asks for each in said.get(sim, ())}:
            yield f"R26: the data of card {sim} ends on {ends}, its loan on {until}, and its page says nothing"
        if soon and (sim, wanted) not in told:
            yield f"R26: the data of card {sim} ends on {ends}, its loan on {until}, and the list says nothing"


def _asked_about(ends: date, until: date, decided: bool, today: date) -> Asks | None:
    if ends < until or until < ends < today:
        return Asks.ENDS_FIRST
    return Asks.OUTLIVES if ends > until and not decided else None


@holds("R27")
def a_grant_is_for_one_person(day: Day) -> Iterable[str]:
    yield from day.complaints(
        "R27: a grant for one person was used by two",
        "SELECT b.id, count(DISTINCT l.person_id) FROM data_bundle b JOIN sim_use u ON u.bundle_id = b.id"
        " JOIN loan l ON l.id = u.loan_id WHERE b.ownership = 'persons_own' AND u.from_on IS NOT NULL"
        " GROUP BY b.id HAVING count(DISTINCT l.person_id) > 1",
    )
    yield from day.complaints(
        "R27: nobody asked whether somebody qualified for their grant, or it names nobody",
        "SELECT b.id FROM data_bundle b JOIN sim s ON s.id = b.sim_id WHERE b.ownership = 'persons_own'"
        " AND (b.eligible_on IS NULL OR (b.activated_on IS NOT NULL AND b.granted_to_id IS NULL))",
    )


@holds("R28")
def a_card_works_exactly_while_somebody_has_it(day: Day) -> Iterable[str]:
    yield from day.complaints(
        "R28: a card works although no loan has it",
        "SELECT s.id, s.state FROM sim s WHERE s.state IN ('activated', 'installed', 'reserved') AND NOT EXISTS"
        " (SELECT 1 FROM loan_sim k WHERE k.sim_id = s.id AND k.to_at IS NULL)",
    )
    yield from day.complaints(
        "R28: a tablet is back and the data of its card was not stopped",
        "SELECT l.id, s.id FROM loan l JOIN loan_sim k ON k.loan_id = l.id AND k.to_at IS NULL JOIN sim s"
        " ON s.id = k.sim_id WHERE l.state IN ('collected', 'closed_returned') AND s.state = 'activated'",
    )
    yield from day.complaints(
        "R28: another card was found in a tablet, and ours is not looked for",
        "SELECT y.id, s.id, s.state FROM stray_sim y JOIN loan_tablet k ON k.tablet_id = y.tablet_id AND k.to_at = y.at"
        " JOIN loan_sim m ON m.loan_id = k.loan_id AND m.to_at = y.at JOIN sim s ON s.id = m.sim_id"
        " WHERE y.kind = 'bagged' AND s.state NOT IN ('lost', 'barred', 'kept_by_participant', 'suspended')",
    )
    yield from day.complaints(
        "R28: data was used while the card lay with us, and nobody is told",
        "SELECT r.id FROM usage_reading r WHERE NOT r.at_rest AND r.used_mb > 0 AND EXISTS (SELECT 1 FROM"
        " usage_reading b WHERE b.bundle_id = r.bundle_id AND b.read_on < r.read_on AND b.used_mb < r.used_mb"
        " AND b.period_begins_on = r.period_begins_on) AND NOT EXISTS (SELECT 1 FROM sim_use u WHERE"
        " u.bundle_id = r.bundle_id AND u.from_on <= r.read_on AND (u.to_on IS NULL OR u.to_on >= (SELECT"
        " max(c.read_on) FROM usage_reading c WHERE c.bundle_id = r.bundle_id AND c.read_on < r.read_on)))",
    )


@holds("R29")
def a_card_rests_between_two_people(day: Day) -> Iterable[str]:
    asked = """
    SELECT e.sim_id, e.at, (SELECT max(r.at) FROM sim_event r WHERE r.sim_id = e.sim_id AND r.kind = 'rest'
    AND r.id < e.id) FROM sim_event e WHERE e.id > :since_sim_event AND e.kind = 'reuse'
    """
    rest = timedelta(days=day.town.settings.sim_rest_days)
    for sim, at, rested in day.rows(asked):
        if rested is None or local(at).date() < local(rested).date() + rest:
            yield f"R29: card {sim} went back into stock on {at}, having rested since {rested}"
    yield from day.complaints(
        "R29: a card was given to the next person without a rest",
        "SELECT b.sim_id, b.loan_id FROM sim_use b JOIN sim_use a ON a.sim_id = b.sim_id AND a.id < b.id"
        " AND a.from_on IS NOT NULL WHERE b.kept_at >= :begins AND NOT EXISTS (SELECT 1 FROM sim_event e WHERE"
        " e.sim_id = b.sim_id AND e.kind = 'reuse' AND e.at > a.over_at AND e.at <= b.kept_at)",
    )
