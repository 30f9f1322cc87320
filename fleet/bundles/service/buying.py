"""Data for a SIM: buying it, topping it up, and what becomes of it after the loan."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.bundles import queries
from fleet.bundles.models import DataBundle, Sim, TopUp
from fleet.bundles.queries import usage
from fleet.bundles.rules import (
    ENDED,
    LENT,
    TAKES_DATA,
    AfterLoan,
    Ownership,
    SimState,
    bundle_problems,
    end_after,
    said,
    top_up_problems,
)
from fleet.bundles.service.keeping import ACTIVATION, switch_on
from fleet.bundles.service.writer import begin, get_sim, note
from fleet.clock import local_date
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.users.actor import Actor


def attach_bundle(
    session: Session,
    sim_id: int,
    *,
    gb_per_month: int,
    months: int,
    cost_pence: int,
    actor: Actor,
    happening: Happening,
    funder_id: int | None = None,
    ownership: Ownership = Ownership.OURS,
    eligible_on: date | None = None,
    offer_id: int | None = None,
    activated_on: date | None = None,
    as_it_was: bool = False,
) -> DataBundle | None:
    """Buy data for a SIM. It takes the place of the bundle before, which stays on record.

    A grant to one person needs `eligible_on`, the day on which somebody asked whether they qualify and heard yes.
    `activated_on` is for data that was switched on before it came on record: it runs, and somebody had it; `as_it_was`
    for data of another installation, which a card may have had that is lost or out of use by now.
    Raises `BadInput`, or `Conflict` while a person is using the SIM. None when this was told before and replaced since.
    """
    sim = begin(session, sim_id, "bundle", happening)
    if sim is None:
        return queries.current_bundle(session, sim_id)
    problems = bundle_problems(gb_per_month, months, cost_pence)
    today = local_date(happening.now)
    if ownership is Ownership.PERSONS_OWN and (eligible_on is None or eligible_on > today):
        problems["eligible_on"] = "Enter the day on which they were asked and qualified. No papers are kept."
    if activated_on is not None and activated_on > today:
        problems["activated_on"] = "This day is still to come."
    if problems:
        raise BadInput("No data was added to the SIM.", fields=problems)
    if not as_it_was or sim.state in LENT:
        _refuse_unless_free(sim)
    _replace_bundle(session, sim, happening.now)
    bundle = DataBundle(
        sim_id=sim.id,
        offer_id=offer_id,
        funder_id=funder_id,
        gb_per_month=gb_per_month,
        months=months,
        cost_pence=cost_pence,
        ownership=ownership,
        eligible_on=eligible_on if ownership is Ownership.PERSONS_OWN else None,
        created_at=happening.now,
    )
    session.add(bundle)
    sim.used_before = activated_on is not None
    if activated_on is not None:
        session.flush()
        switch_on(session, bundle, activated_on)
    words = f"Data attached: {gb_per_month} GB a month for {months} month{'' if months == 1 else 's'}"
    note(session, sim, kind="bundle", words=words, actor=actor, happening=happening)
    return bundle


def _refuse_unless_free(sim: Sim) -> None:
    if sim.state not in TAKES_DATA:
        raise Conflict(
            f"The SIM is {sim.state.value.replace('_', ' ')}; its data was not changed.",
            next_step="Top up data that somebody is using; attach a bundle to a SIM that is in stock, back or resting.",
        )


def _replace_bundle(session: Session, sim: Sim, now: datetime) -> None:
    before = queries.current_bundle(session, sim.id)
    if before is not None:
        before.replaced_at = now
        session.flush()


def _current(session: Session, sim: Sim) -> DataBundle:
    bundle = queries.current_bundle(session, sim.id)
    if bundle is None:
        raise Conflict("Nothing was changed. The SIM has no data bundle.", next_step="Attach a bundle first.")
    return bundle


def top_up(
    session: Session,
    sim_id: int,
    *,
    gb: int,
    months: int,
    cost_pence: int,
    actor: Actor,
    happening: Happening,
    funder_id: int | None = None,
    on: date | None = None,
) -> TopUp | None:
    """Add gigabytes to the month that `on` lies in (today unless given), months at the end, or both.

    Data that had ended goes on from the day of the top-up. Raises `BadInput`, or `Conflict` for gigabytes of data that
    is not switched on. None when it was told before.
    """
    sim = begin(session, sim_id, "top_up", happening)
    if sim is None:
        return None
    bundle, today = _current(session, sim), local_date(happening.now)
    day = on or today
    problems = top_up_problems(gb, months, cost_pence)
    if day > today or (bundle.activated_on is not None and day < bundle.activated_on):
        problems["added_on"] = "Enter the day of the top-up: today, or a day since the data was switched on."
    if problems:
        raise BadInput("Nothing was added.", fields=problems)
    _refuse_dead(sim, bundle, gb)
    added = TopUp(
        bundle_id=bundle.id,
        funder_id=funder_id,
        gb=gb,
        months=months,
        cost_pence=cost_pence,
        added_on=day,
        created_at=happening.now,
    )
    session.add(added)
    session.flush()
    if bundle.activated_on is not None:
        every = tuple((each.added_on, each.months) for each in usage.top_ups(session, bundle.id))
        bundle.ends_on = end_after(bundle.activated_on, bundle.months, every)
    note(session, sim, kind="top_up", words=_topped_up(gb, months, bundle.ends_on), actor=actor, happening=happening)
    return added


def _refuse_dead(sim: Sim, bundle: DataBundle, gb: int) -> None:
    if sim.state in ENDED | {SimState.LOST, SimState.BARRED}:
        raise Conflict(
            f"The SIM is {sim.state.value.replace('_', ' ')}; nothing was added.", next_step="Take another SIM."
        )
    if gb and bundle.activated_on is None:
        raise Conflict(
            "Nothing was added. Gigabytes are for a month, and this data is not switched on yet.",
            next_step="Hand it over first, or attach a larger bundle.",
        )


def _topped_up(gb: int, months: int, ends_on: date | None) -> str:
    parts = [f"{gb} GB for this month"] if gb else []
    if months:
        parts.append(
            f"{months} month{'' if months == 1 else 's'} longer{f', until {said(ends_on)}' if ends_on else ''}"
        )
    return f"Topped up: {'; '.join(parts)}"


def record_activation(session: Session, sim_id: int, on: date, *, actor: Actor, happening: Happening) -> DataBundle:
    """The network switched the data on, on another day than is on record: its end follows. Raises `BadInput`."""
    sim = begin(session, sim_id, ACTIVATION, happening)
    bundle = _current(session, sim or get_sim(session, sim_id))
    if sim is None:
        return bundle
    if on > local_date(happening.now):
        raise BadInput("Nothing was changed.", fields={"activated_on": "Enter a day that has been."})
    if sim.state in ENDED:
        raise Conflict("Nothing was changed. The SIM is out of use.", next_step="Take another SIM.")
    switch_on(session, bundle, on)
    ends = f", until {said(bundle.ends_on)}" if bundle.ends_on else ""
    note(session, sim, kind=ACTIVATION, words=f"Data runs from {said(on)}{ends}", actor=actor, happening=happening)
    return bundle


def record_eligibility(session: Session, sim_id: int, on: date, *, actor: Actor, happening: Happening) -> DataBundle:
    """Somebody else than before was asked whether they qualify for the grant on this SIM, and did on this day.

    Raises `BadInput`, or `Conflict` where the data is no grant, was used, or is kept for somebody.
    """
    sim = begin(session, sim_id, "eligibility", happening)
    bundle = _current(session, sim or get_sim(session, sim_id))
    if sim is None:
        return bundle
    if on > local_date(happening.now):
        raise BadInput("Nothing was changed.", fields={"eligible_on": "Enter a day that has been."})
    if not can_be_asked_again(sim, bundle) or queries.open_use(session, sim_id) is not None:
        raise Conflict(
            "Nothing was changed. This SIM has no grant that is still to be given to somebody.",
            next_step="Take another SIM, or attach data to this one.",
        )
    bundle.eligible_on, bundle.granted_to_id = on, None
    note(session, sim, kind="eligibility", words="Somebody was asked, and qualified", actor=actor, happening=happening)
    return bundle


def can_be_asked_again(sim: Sim, bundle: DataBundle | None) -> bool:
    """Whether it carries a grant that was kept for somebody and that nobody has used."""
    return bundle is not None and bundle.ownership is Ownership.PERSONS_OWN and not sim.used_before


def decide_after_loan(
    session: Session, sim_id: int, decided: AfterLoan, *, actor: Actor, happening: Happening
) -> DataBundle:
    """Data lasts longer than the loan: whether it comes back or the person keeps it. A new due date asks again."""
    sim = begin(session, sim_id, "after_loan", happening)
    bundle = _current(session, sim or get_sim(session, sim_id))
    if sim is None:
        return bundle
    bundle.after_loan = decided
    words = {
        AfterLoan.RECLAIM: "After the loan the data comes back",
        AfterLoan.KEEP: "After the loan the person keeps the data",
    }[decided]
    note(session, sim, kind="after_loan", words=words, actor=actor, happening=happening)
    return bundle
