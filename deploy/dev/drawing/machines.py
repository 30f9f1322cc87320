"""Every state machine of `fleet` in one shape, taken from the tables that the code itself asks. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from deploy.dev.drawing.markdown import words
from fleet.bench import rules as bench
from fleet.bundles import rules as sims
from fleet.chasing import rules as chasing
from fleet.deliveries import rules as deliveries
from fleet.gatherings import rules as gatherings
from fleet.jobs import rules as jobs
from fleet.loans import rules as loans
from fleet.recycling import rules as recycling
from fleet.sheets.rules import coming
from fleet.tablets import rules as tablets
from fleet.tags import rules as tags
from fleet.tags.rules import printing
from fleet.users.rules import MATRIX, Permission, Role
from fleet.webhooks import rules as webhooks


@dataclass(frozen=True)
class Row:
    """One move: from any of `sources` to `target`."""

    name: str
    sources: tuple[StrEnum, ...]
    target: StrEnum
    said: str
    who: str = ""
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Machine:
    """One life, with the file it stands in and the states in which it may begin."""

    title: str
    stands_in: str
    opening: str
    states: type[StrEnum]
    begins: tuple[StrEnum, ...]
    rows: tuple[Row, ...]


def machines() -> list[Machine]:
    """All of them, the tablet's first."""
    return [
        _tablet(),
        _run(),
        _loan(),
        _sim(),
        _consignment(),
        _delivery_run(),
        _delivery_job(),
        _chase(),
        _tag(),
        _print_job(),
        _gathering(),
        _webhook_message(),
        _file_coming(),
        _job(),
    ]


def _tablet() -> Machine:
    opening = """A tablet's stage. What is on it (unknown, dirty, wiped unverified, clean), who has it and what holds it
are facts of their own; the last column says what a move does to them. A hold stops what asks for "no holds"."""
    rows = tuple(
        Row(row.move.value, row.sources, row.target, row.words, _roles(row.roles), _guards(row), tuple(_effects(row)))
        for row in tablets.MOVES
    )
    return Machine("Tablet", "fleet/tablets/rules", opening, tablets.Stage, (tablets.Stage.EXPECTED,), rows)


def _effects(row: tablets.Transition) -> Iterable[str]:
    if row.data:
        yield f"data: {words(row.data.value)}"
    if row.custody:
        yield f"with: {words(row.custody.value)}"
    if row.leaves_hub:
        yield "counts as being away"
    if row.irreversible:
        yield "cannot be undone"


def _run() -> Machine:
    opening = (
        "A wipe or a provision run at the bench. Whoever takes a run over after a power cut reads here where it stands."
    )
    rows = tuple(
        Row(
            f"to {row.target.value}",
            row.sources,
            row.target,
            row.words,
            "technician" if row.target in {bench.RunState.ABANDONED, bench.RunState.PAUSED} else "the worker",
            effects=tuple(sorted(f"{kind.value} runs" for kind in row.kinds)),
        )
        for row in bench.STEPS
    )
    return Machine("Bench run", "fleet/bench/rules.py", opening, bench.RunState, (bench.RunState.QUEUED,), rows)


def _loan() -> Machine:
    opening = """A request that becomes a loan and ends. Overdue, due soon and late are computed from the due date and
never stored."""
    rows = tuple(
        Row(row.move.value, sources, target, row.words, _roles(row.roles), _guards(row))
        for row in loans.MOVES
        for sources, target in _ways(row)
    )
    return Machine("Loan", "fleet/loans/rules", opening, loans.LoanState, (loans.LoanState.REQUESTED,), rows)


def _ways(row: loans.Transition) -> Iterable[tuple[tuple[loans.LoanState, ...], loans.LoanState]]:
    """From where to where; a move without a target leaves each state as it is."""
    if row.target is not None:
        return [(row.sources, row.target)]
    return [((state,), state) for state in row.sources]


def _sim() -> Machine:
    opening = "A SIM and the data on it. Moves that no button offers are made by the loan that the SIM belongs to."
    rows = tuple(
        Row(
            row.move.value,
            row.sources,
            row.target,
            row.words,
            _roles(sims.ROLES) if row.offered else "with the loan",
            _guards(row),
        )
        for row in sims.MOVES
    )
    return Machine("SIM", "fleet/bundles/rules", opening, sims.SimState, (sims.SimState.IN_STOCK,), rows)


def _consignment() -> Machine:
    opening = "Tablets that leave with a waste carrier. As the carrier takes them, each of them is recycled."
    rows = tuple(
        Row(
            row.move.value,
            row.sources,
            row.target,
            row.words,
            _roles(MATRIX[Permission.RECYCLING_RECORD]),
            _guards(row),
        )
        for row in recycling.MOVES
    )
    states = recycling.ConsignmentState
    return Machine("Consignment", "fleet/recycling/rules/steps.py", opening, states, (states.OPEN,), rows)


def _delivery_run() -> Machine:
    rows = tuple(
        Row(row.move.value, row.sources, row.target, row.words, _roles(row.roles)) for row in deliveries.RUN_MOVES
    )
    states = deliveries.RunState
    return Machine(
        "Courier run", "fleet/deliveries/rules.py", "One trip of one courier.", states, (states.PLANNED,), rows
    )


def _delivery_job() -> Machine:
    opening = (
        "One stop of a run. Scans may arrive late and out of order, so a scan may skip steps that were never told."
    )
    rows = tuple(
        Row(
            row.move.value,
            row.sources,
            row.target,
            row.words,
            _roles(row.roles),
            effects=(f"ends as: {words(row.end.value)}",) if row.end else (),
        )
        for row in deliveries.JOB_MOVES
    )
    states = deliveries.JobState
    return Machine("Delivery job", "fleet/deliveries/rules.py", opening, states, (states.PLANNED,), rows)


def _chase() -> Machine:
    opening = """One entry of the ledger of reminders: a message, or a task for a person. A rung that was passed over is
an entry too, so that it can be said why nothing was sent."""
    rows = tuple(Row(row.move.value, row.sources, row.target, row.words) for row in chasing.MOVES)
    return Machine("Reminder", "fleet/chasing/rules/ledger.py", opening, chasing.ChaseState, chasing.BEGINNINGS, rows)


def _tag() -> Machine:
    rows = tuple(
        Row(
            row.move.value,
            (row.source,),
            row.target,
            row.words,
            guards=tuple(filter(None, (row.when, "a reason is given" if row.needs_reason else ""))),
        )
        for row in tags.MOVES
    )
    opening = """A code on a label: a blank one waits to be claimed, and one that was on a tablet is never given to a
second. Each move is one conditional database statement, so that two phones cannot claim one code."""
    return Machine("Label", "fleet/tags/rules/states.py", opening, tags.TagState, (tags.TagState.BLANK,), rows)


def _print_job() -> Machine:
    opening = """One sending of labels to a printer. Sent says that the printer took it; that a label is on its own
tablet is another fact, which only scanning it back makes."""
    rows = tuple(
        Row(row.move.value, row.sources, row.target, row.words, row.who, (row.when,) if row.when else ())
        for row in printing.PRINT_MOVES
    )
    states = printing.PrintJobState
    return Machine("Print job", "fleet/tags/rules/printing.py", opening, states, (states.QUEUED,), rows)


def _gathering() -> Machine:
    rows = tuple(
        Row(
            row.move.value,
            (row.source,),
            row.target,
            row.words,
            _roles(row.roles),
            ("a reason is given",) if row.needs_reason else (),
        )
        for row in gatherings.MOVES
    )
    opening = """An online meeting in the catalogue. Only an approved one can be chosen and reaches a tablet.
A coordinator's own begins approved."""
    states = gatherings.GatheringState
    begins = (states.PROPOSED, states.APPROVED)
    return Machine("Gathering", "fleet/gatherings/rules.py", opening, states, begins, rows)


def _webhook_message() -> Machine:
    opening = """A message that tells another program of an event. It begins in the transaction of the event."""
    rows = tuple(
        Row(row.move.value, row.sources, row.target, row.words, row.who, (row.when,) if row.when else ())
        for row in webhooks.MOVES
    )
    states = webhooks.DeliveryState
    return Machine("Webhook message", "fleet/webhooks/rules.py", opening, states, (states.WAITING,), rows)


def _file_coming() -> Machine:
    opening = """A long file that comes in: a worker checks it, and keeps all of it in one transaction or nothing. A
program may ask for both at once; then it begins in keeping, and is checked there."""
    rows = tuple(
        Row(row.move.value, row.sources, row.target, row.words, row.who, (row.when,) if row.when else ())
        for row in coming.COMING_MOVES
    )
    states = coming.ComingState
    begins = (states.CHECKING, states.KEEPING)
    return Machine("File on its way in", "fleet/sheets/rules/coming.py", opening, states, begins, rows)


def _job() -> Machine:
    opening = (
        """A job of the queue. Each move is one conditional database statement, so two workers cannot both make it."""
    )
    rows = tuple(
        Row(row.move.value, row.sources, row.target, row.words, row.who, (row.when,) if row.when else ())
        for row in jobs.MOVES
    )
    return Machine("Job", "fleet/jobs/rules.py", opening, jobs.JobState, (jobs.JobState.QUEUED,), rows)


def _guards(
    row: tablets.Transition | loans.Transition | sims.SimTransition | recycling.ConsignmentTransition,
) -> tuple[str, ...]:
    """What must be so: the guards by their names, which are phrases, and whether a reason must be given."""
    named = tuple(words(guard.__name__) for guard in row.guards)
    return (*named, "a reason is given") if row.needs_reason else named


def _roles(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(words(role.value) for role in roles))
