"""Tablets in the furnished hub: given and bought, at the bench, in stock with their labels, at the desk."""

from __future__ import annotations

from fleet.bench import service as bench
from fleet.clock import local_date
from fleet.desk import service as desk
from fleet.desk.rules import shelf_text
from fleet.intake import service as intake
from fleet.intake import sources
from fleet.intake.rules import DECLARATION, Answer, BatteryLook, QuickLook, Route, StolenResult
from fleet.intake.service import Source
from fleet.partners.models import OrganisationKind
from fleet.partners.service import get_hub
from fleet.tablets import service as tablets
from fleet.tablets.health import note_health
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Grade, HoldKind, Stage
from fleet.tags import print_jobs, printers, printing
from fleet.tags import service as tags
from fleet.tags.rules.printing import Condition, Language, Way
from fleet.users.rules import Role
from provisioning.facts.wear import BATTERY_WEAR, BatteryWear
from tests.fleet.bench.workbench import Place
from tests.fleet.everything.hub import Everything
from tests.provisioning.observations import observed

STAGES = (Stage.WIPED, Stage.PROVISIONED, Stage.READY, Stage.REPAIR, Stage.LOST, Stage.RETURNED, Stage.RECYCLED)


def receive(everything: Everything) -> None:
    """A donation and a purchase; one tablet of each, one that is expected, one that was booked in and waits."""
    now, today = everything.clock(), local_date(everything.clock())
    technician = everything.actor(Role.TECHNICIAN)
    new = sources.NewBatch(
        donor_id=everything.organisations[OrganisationKind.DONOR].id,
        received_on=today,
        expected_count=3,
        declared=frozenset(name for name, _ in DECLARATION),
        declared_by="Sample Giver",
        declared_on=today,
        note="Three in one box",
    )
    bought = sources.NewLot(supplier="Sample shop", invoice_ref="INV-1", bought_on=today, cost_pence=120_450)
    with everything.database.write() as session:
        batch = sources.add_batch(session, new, today=today, actor=technician, now=now)
        lot = sources.add_lot(session, bought, today=today, actor=technician, now=now)
    everything.note("batch_id", batch.id)
    everything.note("lot_id", lot.id)
    everything.act(intake.expect, ["SAMPLEEXPECTED1"], source=Source(batch_id=batch.id))
    given = _book_in(everything, "SAMPLEGIFT0001", Source(batch_id=batch.id))
    waiting = _book_in(everything, "SAMPLEBOUGHT001", Source(lot_id=lot.id))
    with everything.database.write() as session:
        worn = observed({BATTERY_WEAR: BatteryWear(640, None, None, 74)})
        note_health(session, tablets.get_tablet(session, waiting), worn, now=now)
    look = QuickLook(Answer.NO, Answer.NO, BatteryLook.OK, "A scratch on the back")
    everything.act(intake.record_look, given, look)
    everything.act(intake.record_stolen_check, given, provider="Sample register", result=StolenResult.CLEAR, ref="R-1")
    everything.act(
        intake.triage, given, grade=Grade.B, route=Route.USABLE, reason="Scratched", settings=everything.settings
    )


def _book_in(everything: Everything, serial: str, source: Source) -> int:
    tablet: Tablet = everything.act(intake.book_in, serial, source=source, settings=everything.settings)
    everything.note("tablet_id", tablet.id)
    return tablet.id


def put_on_the_bench(everything: Everything) -> None:
    """A wipe that passed, with its certificate; one that waits for hands; an empty slot; the apps."""
    workbench = everything.workbench
    wiped = workbench.place("samsung-tab-a9-14", grade=None)
    passed = workbench.finish(workbench.start_wipe(wiped), wiped)
    assert passed.state == "passed", passed.problem
    waiting = workbench.place("lenovo-tab-m10-9", certificate_at=None)
    asked = workbench.turn(workbench.start_wipe(waiting))
    empty = workbench.place("nokia-t20-12")
    with everything.database.write() as session:
        technician, now = everything.actor(Role.TECHNICIAN), everything.clock()
        apps = bench.import_shipped(session, actor=technician, settings=everything.settings, now=now)
        everything.note("app_id", apps[0].id)
    for place in (wiped, waiting, empty):
        _note_place(everything, place)
    for run in (passed, asked):
        everything.note("run_id", run.id)
        everything.note("step_id", workbench.steps(run)[0].id)
    with everything.database.write() as session:
        bench.switch_on(
            session,
            workbench.bench.id,
            media_removed=True,
            profile="standard",
            label_sheet="L7160",
            actor=everything.actor(Role.TECHNICIAN),
            settings=everything.settings,
            now=everything.clock(),
        )
    everything.note("number", f"DW-{everything.clock():%Y}-000001")


def _note_place(everything: Everything, place: Place) -> None:
    everything.note("slot_id", place.row.id)
    everything.note("tablet_id", place.tablet.id)


def put_in_stock(everything: Everything) -> None:
    """Tablets at other stages, two of them held, and their labels."""
    made = [everything.lending.tablet(stage) for stage in STAGES]
    for tablet in made:
        everything.note("tablet_id", tablet.id)
    settings = everything.settings
    seen = "Hot when it was unpacked"
    with everything.database.write() as session:
        technician, happening = everything.actor(Role.TECHNICIAN), everything.lending.happening(reason=seen)
        tablets.place_hold(session, made[3].id, HoldKind.SAFETY, actor=technician, happening=happening)
        tablets.place_hold(session, made[4].id, HoldKind.IDENTITY, actor=technician, happening=happening)
        tablets.tell_sighting(session, made[4].id, place="At the library", by="A finder", happening=happening)
    everything.numbers["/desk/lost/{tablet_id}"] = [str(made[4].id)]
    labelled = [tablet.id for tablet in made[:4]]
    printed = everything.act(printing.print_labels, labelled, wanted=printing.Wanted(), settings=settings)
    blank = everything.act(printing.print_blanks, 3, wanted=printing.Wanted(), settings=settings)
    everything.numbers["/labels/batches/{batch_id}"] = [str(printed.id), str(blank.id)]
    _set_up_a_printer(everything, blank.id)
    with everything.database.read() as session:
        for code in tags.codes_of(session, labelled).values():
            everything.note("code", code)


def _set_up_a_printer(everything: Everything, batch_id: int) -> None:
    """A label printer that was away when labels were sent to it: they wait."""
    new = printers.NewPrinter("Labels at the desk", Way.RAW, Language.ZPL, "ZEBRA-50x30", host="127.0.0.1")
    now, technician = everything.clock(), everything.actor(Role.TECHNICIAN)
    with everything.database.write() as session:
        printer = printers.add_printer(session, new, hub_id=get_hub(session).id, demo=True, now=now)
        printer.condition, printer.asked_at = Condition.AWAY, now
        printer.says = "The printer does not answer. Is it switched on, and in this network?"
        job = print_jobs.send_batch(session, batch_id, printer.id, actor=technician, now=now)
        print_jobs.fail(session, job, printer.says, now=now, may_be_out=False)
    everything.note("printer_id", printer.id)


def at_the_desk(everything: Everything) -> None:
    """Two shelves, a stock-take that is closed, and one that is open with every kind of difference."""
    technician, code = everything.actor(Role.TECHNICIAN), everything.numbers["code"][2]
    shelves = [everything.act(desk.add_shelf, name) for name in ("A1", "Returns box, under the window")]
    labels = [shelf_text(shelf.code) for shelf in shelves]
    lent = everything.lending.tablet(Stage.ON_LOAN)
    missing = everything.lending.tablet(Stage.READY)

    def scan(*texts: str) -> int | None:
        with everything.database.write() as session:
            for text in texts:
                made = desk.scan(
                    session, text, device="", actor=technician, settings=everything.settings, now=everything.clock()
                )
        return made.stock_take_id

    scan("DESK-PUT-AWAY", labels[0], code, missing.serial, "DESK-COUNT", labels[0], missing.serial)
    closed = scan("DESK-COUNT")
    everything.act(desk.close_stock_take, closed, note="Counted in a hurry")
    scan("DESK-FIND", "DESK-COUNT", labels[0], labels[1], code, lent.serial, "NOT-KNOWN-HERE")
    everything.clock.advance(seconds=1)
    opened = scan("DESK-COUNT", everything.lending.tablet(Stage.LOST).serial)
    for shelf in shelves:
        everything.note("shelf_id", shelf.id)
    for take_id in (opened, closed):
        everything.note("take_id", take_id)
