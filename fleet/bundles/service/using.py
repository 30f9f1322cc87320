"""How much was used, read by a person, from a file, or by an adapter; and what a SIM's data asks of somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from fleet.bundles import queries
from fleet.bundles.models import DataBundle, Sim, SimUse, TopUp, UsageReading
from fleet.bundles.queries import usage
from fleet.bundles.rules import MB_PER_GB, DataFacts, DataWarning, data_warnings, gigabytes, period_of, said
from fleet.bundles.service.known import Known, known
from fleet.bundles.service.writer import begin, get_sim, note
from fleet.bundles.usage_file import UsageRow, read_usage
from fleet.clock import local_date
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.users.actor import Actor


class RowsRefused(BadInput):
    """A file was not recorded because of some of its rows; `details["rows"]` has each line with its reason."""

    code = "rows_refused"

    def __init__(self, message: str, *, next_step: str, rows: list[dict[str, object]]) -> None:
        super().__init__(message, next_step=next_step, details={"rows": rows})
        self.rows = rows


@dataclass(frozen=True)
class CheckedRow:
    """A row of a file against the books: its SIM when it is known, and why it cannot be recorded."""

    row: UsageRow
    sim: Sim | None
    bundle: DataBundle | None
    problem: str


def record_usage(
    session: Session, sim_id: int, *, used_mb: int, on: date, actor: Actor, happening: Happening, source: str = "hand"
) -> UsageReading:
    """Write down what was used of a month by the end of a day. The same day once more takes the place of the first.

    Raises `BadInput`, or `Conflict` for data that is not switched on.
    """
    sim = begin(session, sim_id, "usage", happening)
    bundle = queries.current_bundle(session, sim_id)
    if bundle is None or bundle.activated_on is None:
        raise Conflict("Nothing was recorded. The SIM's data is not switched on.", next_step="Hand it over first.")
    there = known(session, [bundle.id], [on])
    told = there.on(bundle.id, on)
    if sim is None and told is not None:
        return told
    problem = _problem(there, bundle, on, used_mb, local_date(happening.now))
    if problem:
        raise BadInput("Nothing was recorded.", fields={"used_mb": problem})
    reading = _write(session, there, bundle, on, used_mb, actor=actor, happening=happening, source=source)
    session.flush()
    words = f"{gigabytes(used_mb)} used by {said(on)}"
    note(session, sim or get_sim(session, sim_id), kind="usage", words=words, actor=actor, happening=happening)
    return reading


def _problem(there: Known, bundle: DataBundle, on: date, used_mb: int, today: date) -> str:
    if bundle.activated_on is None:
        return "Its data is not switched on."
    if on > today:
        return f"{said(on)} is yet to come."
    if on < bundle.activated_on:
        return f"Its data was switched on later, on {said(bundle.activated_on)}."
    if not 0 <= used_mb <= 10_000 * MB_PER_GB:
        return "The amount is no number from 0 to 10,000 GB."
    before = there.before(bundle.id, on)
    begins, _ends = period_of(bundle.activated_on, on)
    if before is not None and before.read_on >= begins and before.used_mb > used_mb:
        return f"{gigabytes(before.used_mb)} were used by {said(before.read_on)} already, in the same month."
    return ""


def _write(
    session: Session,
    there: Known,
    bundle: DataBundle,
    on: date,
    used_mb: int,
    *,
    actor: Actor,
    happening: Happening,
    source: str,
) -> UsageReading:
    begins, ends = period_of(bundle.activated_on or on, on)
    before = there.before(bundle.id, on)
    same_month = before if before is not None and before.read_on >= begins else None
    since = same_month.read_on if same_month else begins
    more = used_mb > (same_month.used_mb if same_month else 0)
    reading = there.on(bundle.id, on)
    if reading is None:
        reading = UsageReading(bundle_id=bundle.id, read_on=on)
        session.add(reading)
        there.readings.setdefault(bundle.id, []).append(reading)
    reading.used_mb, reading.period_begins_on, reading.period_ends_on = used_mb, begins, ends
    reading.at_rest = more and not there.had_it_between(bundle.id, since, on)
    reading.source, reading.recorded_by, reading.recorded_at = source, actor.name, happening.now
    return reading


def check_file(session: Session, text: str, *, today: date) -> tuple[CheckedRow, ...]:
    """A file against the books, nothing recorded: what the preview shows. Raises `BadInput` when it is no such file."""
    rows = read_usage(text)
    sims = queries.sims_by_iccid(session, [row.iccid for row in rows if not row.problem])
    bundles = queries.current_bundles(session, [sim.id for sim in sims.values()])
    there = _known_of(session, rows, bundles)
    return tuple(_checked(there, row, sims.get(row.iccid), bundles, today) for row in rows)


def _known_of(session: Session, rows: Sequence[UsageRow], bundles: Mapping[int, DataBundle]) -> Known:
    ids = sorted(bundle.id for bundle in bundles.values())
    return known(session, ids, [row.read_on for row in rows if not row.problem])


def _checked(
    there: Known, row: UsageRow, sim: Sim | None, bundles: Mapping[int, DataBundle], today: date
) -> CheckedRow:
    if row.problem:
        return CheckedRow(row, None, None, row.problem)
    if sim is None:
        return CheckedRow(row, None, None, "No SIM of ours has this number.")
    bundle = bundles.get(sim.id)
    if bundle is None:
        return CheckedRow(row, sim, None, "This SIM has no data bundle.")
    return CheckedRow(row, sim, bundle, _problem(there, bundle, row.read_on, row.used_mb, today))


def import_usage(session: Session, text: str, *, actor: Actor, happening: Happening, source: str = "csv") -> int:
    """Record every row of a file, or none; how many. The same file twice changes nothing. Raises `RowsRefused`."""
    checked = check_file(session, text, today=local_date(happening.now))
    refused = [each for each in checked if each.problem]
    if refused or not checked:
        rows: list[dict[str, object]] = [{"line": each.row.line, "problem": each.problem} for each in refused[:200]]
        what = f"{len(refused)} of {len(checked)} rows cannot be used" if checked else "The file has no rows"
        raise RowsRefused(
            f"Nothing was recorded. {what}.",
            next_step="Set the rows right and send the file again.",
            rows=rows,
        )
    there = _known_of(
        session, [each.row for each in checked], {each.bundle.id: each.bundle for each in checked if each.bundle}
    )
    for each in sorted(checked, key=lambda checked_row: checked_row.row.read_on):
        assert each.bundle is not None
        row = each.row
        _write(session, there, each.bundle, row.read_on, row.used_mb, actor=actor, happening=happening, source=source)
    session.flush()
    return len(checked)


def answer_use_at_rest(session: Session, sim_id: int, *, actor: Actor, happening: Happening) -> None:
    """Somebody found out why data was used while nobody had the SIM; `happening.reason` says it. Raises `BadInput`."""
    sim = begin(session, sim_id, "used_at_rest", happening)
    bundle = queries.current_bundle(session, sim_id)
    if sim is None or bundle is None:
        return
    if not happening.reason.strip():
        raise BadInput("Nothing was changed.", fields={"reason": "Say what was found out, in a few words."})
    for reading in usage.all_readings(session, bundle.id):
        if reading.at_rest and reading.answered_at is None:
            reading.answered_at = happening.now
    words = "Looked into: data was used while nobody had it"
    note(session, sim, kind="used_at_rest", words=words, actor=actor, happening=happening)


def count_needed(session: Session, *, today: date) -> int:
    """How many lines the list of data that needs somebody has."""
    return usage.count_needed(session, today)


def warnings_of(
    session: Session, sim_id: int, *, today: date, needed_until: date | None = None
) -> tuple[DataWarning, ...]:
    """What the data of this SIM asks of somebody today. `needed_until` is for one that is about to be lent."""
    return warnings_of_all(session, [sim_id], today=today, needed_until=needed_until).get(sim_id, ())


def warnings_of_all(
    session: Session, sim_ids: Sequence[int], *, today: date, needed_until: date | None = None
) -> dict[int, tuple[DataWarning, ...]]:
    """SIM -> its warnings, for those that a loan has; in five reads however many there are."""
    uses = queries.open_uses(session, sim_ids)
    bundles = queries.current_bundles(session, list(uses))
    ids = [bundle.id for bundle in bundles.values()]
    latest = usage.latest_readings(session, ids, today)
    more = usage.top_ups_of(session, ids)
    return {
        sim_id: data_warnings(_facts(bundles.get(sim_id), use, latest, more, today, needed_until))
        for sim_id, use in uses.items()
    }


def _facts(
    bundle: DataBundle | None,
    use: SimUse,
    latest: Mapping[int, UsageReading],
    more: Sequence[TopUp],
    today: date,
    needed_until: date | None,
) -> DataFacts:
    due = needed_until or use.needed_until
    if bundle is None:
        return DataFacts(False, 0, None, 0, None, due, None, today, stopped=use.stopped_at is not None)
    reading = latest.get(bundle.id)
    return DataFacts(
        has_bundle=True,
        months=bundle.months,
        ends_on=bundle.ends_on,
        allowance_mb=allowance_mb(bundle, [each for each in more if each.bundle_id == bundle.id], today),
        used_mb=reading.used_mb if reading else None,
        needed_until=due,
        decided=bundle.after_loan,
        today=today,
        activated_on=bundle.activated_on,
        stopped=use.stopped_at is not None,
    )


def allowance_mb(bundle: DataBundle, more: Sequence[TopUp], today: date) -> int:
    """What the month that today lies in has, with the gigabytes that were added to it."""
    begins = period_of(bundle.activated_on, today)[0] if bundle.activated_on else today + timedelta(days=1)
    return MB_PER_GB * (bundle.gb_per_month + sum(each.gb for each in more if each.added_on >= begins))
