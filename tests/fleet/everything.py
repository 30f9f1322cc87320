"""One of everything, brought about by the same services that people use: for tests that look at the whole product."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from fleet.bench import service as bench
from fleet.bundles import service as bundles
from fleet.bundles.rules import SecretKind
from fleet.chasing import service as chasing
from fleet.chasing.rules import HoldReason
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import SpecialDays
from fleet.cohorts.models import Cohort, Programme
from fleet.database.session import Database
from fleet.deliveries import service as deliveries
from fleet.deliveries.facts import Details
from fleet.deliveries.photos import keep_photo
from fleet.deliveries.rules import Action
from fleet.desk import service as desk
from fleet.desk.rules import shelf_text
from fleet.equality import service as equality
from fleet.gatherings import service as gatherings
from fleet.happening import Happening
from fleet.intake import service as intake
from fleet.intake import sources
from fleet.intake.rules import DECLARATION, Answer, BatteryLook, QuickLook, Route, StolenResult
from fleet.intake.service import Source
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.partners import service as partners
from fleet.partners.models import Organisation, OrganisationKind
from fleet.people.rules import NeedCode
from fleet.privacy import service as privacy
from fleet.privacy.rules import WhyErase
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.health import note_health
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Grade, HoldKind, Stage
from fleet.tags import print_jobs, printers, printing
from fleet.tags import service as tags
from fleet.tags.rules.printing import Condition, Language, Way
from fleet.users import service as users
from fleet.users.actor import Actor
from fleet.users.rules import SIGN_IN_ROLES, Role
from provisioning.facts.wear import BATTERY_WEAR, BatteryWear
from provisioning.transports.keys import load_or_make_key
from tests.delivering import DONE_AT_THE_DOOR, NOBODY_IN, Delivering
from tests.fleet.bench.conftest import _MakeSocket
from tests.fleet.bench.workbench import Place, Workbench, keep_key
from tests.gatherings import CHAIR_EXERCISE, CURRENT_AFFAIRS, MUSIC_MORNING
from tests.lending import STRAIGHT_PATH, Lending
from tests.people import FakeClock, make_user
from tests.provisioning.observations import observed

STAGES = (Stage.WIPED, Stage.PROVISIONED, Stage.READY, Stage.REPAIR, Stage.LOST, Stage.RETURNED, Stage.RECYCLED)


@dataclass
class Everything:
    """The furnished hub. `numbers` holds, by the name of an address's parameter, what to put there."""

    database: Database
    settings: Settings
    clock: FakeClock
    lending: Lending
    delivering: Delivering
    workbench: Workbench
    organisations: Mapping[OrganisationKind, Organisation]
    loans: dict[LoanState, int] = field(default_factory=dict)
    numbers: dict[str, list[str]] = field(default_factory=dict)

    def note(self, parameter: str, value: object) -> None:
        self.numbers.setdefault(parameter, []).append(str(value))

    def actor(self, role: Role) -> Actor:
        return self.lending.actor(role)

    def act(self, function: Any, *given: Any, role: Role = Role.TECHNICIAN, **asked: Any) -> Any:
        """Ask a service for something as somebody with that role, in a transaction of its own."""
        with self.database.write() as session:
            happening = self.lending.happening()
            return function(session, *given, actor=self.actor(role), happening=happening, **asked)


@contextlib.contextmanager
def furnished(folder: Path, database: Database, settings: Settings, clock: FakeClock) -> Iterator[Everything]:
    """A hub with one of everything in it; its virtual tablets answer until the block ends."""
    with contextlib.ExitStack() as stack:
        everything = _begin(stack, folder, database, settings, clock)
        _receive(everything)
        _bench(everything)
        _stock(everything)
        _lend(everything)
        _erase(everything)
        _chase(everything)
        _deliver(everything)
        _gather(everything)
        _plan(everything)
        _at_the_desk(everything)
        _hand_a_way_in(everything)
        yield everything


def _begin(
    stack: contextlib.ExitStack, folder: Path, database: Database, settings: Settings, clock: FakeClock
) -> Everything:
    with database.write() as session:
        partners.ensure_hub(session, settings=settings, now=clock())
        organisations: dict[OrganisationKind, Organisation] = {}
        for kind in OrganisationKind:
            if kind is not OrganisationKind.HUB:
                name = f"Sample {kind.value}"
                organisations[kind] = partners.add_organisation(session, kind=kind, name=name, now=clock())
        organisations[OrganisationKind.HUB] = partners.get_hub(session)
    hub_id = organisations[OrganisationKind.HUB].id
    lending = Lending(database, hub_id, clock, settings, _everybody(database, clock, organisations))
    delivering = Delivering(lending, [lending.actor(Role.COURIER)])
    key = load_or_make_key(folder / "key")
    keep_key(key, settings)
    technician = lending.actor(Role.TECHNICIAN)
    with database.write() as session:
        made = bench.add_bench(session, name="Bench 1", actor=technician, clock=clock)
    sockets = _MakeSocket(folder / "tablets", key, stack)
    workbench = Workbench(database, settings, clock, technician, made, sockets, lending.tablet)
    stack.callback(_close_links, workbench)
    everything = Everything(database, settings, clock, lending, delivering, workbench, organisations)
    for organisation in organisations.values():
        everything.note("organisation_id", organisation.id)
    for actor in lending.people.values():
        everything.note("user_id", actor.user_id)
    everything.note("bench_id", made.id)
    return everything


def _close_links(workbench: Workbench) -> None:
    for link in workbench.links:
        link.close()


def _everybody(
    database: Database, clock: FakeClock, organisations: Mapping[OrganisationKind, Organisation]
) -> dict[Role, Actor]:
    theirs = {
        Role.REFERRER: OrganisationKind.REFERRER,
        Role.PARTNER_LEAD: OrganisationKind.REFERRER,
        Role.COURIER: OrganisationKind.COURIER,
        Role.DONOR: OrganisationKind.DONOR,
    }
    return {
        role: make_user(database, clock, role, organisation_id=organisations[theirs.get(role, OrganisationKind.HUB)].id)
        for role in SIGN_IN_ROLES
    }


def _receive(everything: Everything) -> None:
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


def _bench(everything: Everything) -> None:
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


def _stock(everything: Everything) -> None:
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
        printer = printers.add_printer(session, new, now=now)
        printer.condition, printer.asked_at = Condition.AWAY, now
        printer.says = "The printer does not answer. Is it switched on, and in this network?"
        job = print_jobs.send_batch(session, batch_id, printer.id, actor=technician, now=now)
        print_jobs.fail(session, job, printer.says, now=now, may_be_out=False)
    everything.note("printer_id", printer.id)


def _lend(everything: Everything) -> None:
    """A loan at each step of its life, some of them asked for by a referrer."""
    lending = everything.lending
    programme: Programme = lending.programme("Sample taster month")
    today = local_date(everything.clock())
    cohort: Cohort = lending.cohort(programme, today, today + timedelta(days=30))
    assert cohort.id
    for state in STRAIGHT_PATH:
        needs = frozenset({NeedCode.TEXT_ON_ARRIVAL})
        person = lending.person(needs=needs, referrer_id=everything.actor(Role.REFERRER).organisation_id)
        loan = lending.loan_at(state, programme, person=person)
        everything.loans[state] = loan.id
        everything.note("loan_id", loan.id)
        everything.note("person_id", person.id)
    everything.note("sim_id", lending.sim().id)
    everything.note("sim_id", lending.sim(months=None).id)
    _data(everything)
    for page in ("allocate", "hand-over", "extend", "swap"):
        state = {"allocate": LoanState.APPROVED, "hand-over": LoanState.ALLOCATED}.get(page, LoanState.ACTIVE)
        everything.numbers[f"/loans/{{loan_id}}/{page}"] = [str(everything.loans[state])]
    to_swap = lending.loan_at(LoanState.ACTIVE, programme)
    kept = lending.tablet().id
    lending.do(loans.arrange_swap, to_swap.id, tablet_id=kept, reason="Its screen is cracked")
    everything.numbers["/loans/{loan_id}/swap/at-hub"] = [str(to_swap.id)]
    _papers(everything, programme)
    everything.numbers["/requests/{loan_id}/place"] = [str(everything.loans[LoanState.APPROVED])]
    back = lending.loan_at(LoanState.COLLECTED, programme)
    tablet_id = lending.tablet_id(back.id)
    lending.do(_arrive, tablet_id, role=Role.TECHNICIAN)
    everything.numbers["/returns/{tablet_id}"] = [str(tablet_id)]


def _papers(everything: Everything, programme: Programme) -> None:
    """Papers that can be printed, and others that lack the person's language."""
    reads_twi = everything.lending.person(language_read="tw")
    unanswered = everything.lending.loan_at(LoanState.ALLOCATED, programme, person=reads_twi)
    handed_over = str(everything.loans[LoanState.ACTIVE])
    everything.numbers["/loans/{loan_id}/papers"] = [str(unanswered.id), handed_over]
    for paper in ("guide.pdf", "agreement.pdf"):
        everything.numbers[f"/loans/{{loan_id}}/{paper}"] = [handed_over]


def _erase(everything: Everything) -> None:
    """Somebody whose record was erased, and somebody whose erasure waits for a loan; an answer about equality."""
    lending, keeper = everything.lending, everything.actor(Role.DATA_PROTECTION)
    gone = lending.person()
    *waiting, last = everything.numbers["person_id"]
    for number in (gone.id, int(last)):
        lending.do(privacy.ask_to_erase, number, WhyErase.ASKED, role=Role.DATA_PROTECTION)
    with everything.database.write() as session:
        told = lending.happening()
        equality.record_answers(session, int(waiting[0]), {"housing": "owned"}, actor=keeper, happening=told)
    everything.numbers["/people/{person_id}"] = [waiting[0], str(gone.id)]
    everything.numbers["/people/{person_id}/erase"] = [waiting[0], waiting[4], str(gone.id)]


def _data(everything: Everything) -> None:
    """An entry of the catalogue, data that is nearly used up and ends too soon, and a strange card in a bag."""
    lending, today = everything.lending, local_date(everything.clock())
    offered = bundles.Offered("Sample Mobile 20 GB", "Sample Mobile", 20, 6, 6000, zero_rated=("999 BSL",))
    with everything.database.write() as session:
        offer = bundles.add_offer(session, offered, hub_id=lending.hub_id, now=everything.clock())
    everything.note("offer_id", offer.id)
    loan_id = everything.loans[LoanState.ACTIVE]
    with everything.database.read() as session:
        link = loans.open_sim(session, loan_id)
        assert link is not None
    everything.act(bundles.record_usage, link.sim_id, used_mb=17_000, on=today)
    secrets = {SecretKind.PIN: "0000", SecretKind.PUK: "00000000"}
    everything.act(bundles.keep_secrets, link.sim_id, secrets, settings=everything.settings)
    everything.numbers["/sims/{sim_id}"] = [str(link.sim_id), everything.numbers["sim_id"][1]]
    stray = everything.act(bundles.bag_stray, lending.tablet_id(loan_id), "8944100099999999999")
    everything.note("stray_id", stray.id)


def _arrive(session: Session, tablet_id: int, **asked: Any) -> Any:
    return loans.arrive_back(session, tablet_id=tablet_id, **asked)


SIGNED = replace(DONE_AT_THE_DOOR, signature="M20 80L60 40L90 100M100 90L140 60")


def _photo() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 90)).save(out, "JPEG")
    return out


def _deliver(everything: Everything) -> None:
    """A courier's run of today: a stop done, one with nobody in, one to come, a swap; a run of tomorrow on offer."""
    delivering = everything.delivering
    run = delivering.run()
    done, nobody_in, to_come = (delivering.delivery(run) for _ in range(3))
    fetched, swap = delivering.collection(run), delivering.swap(run)
    for job in (done, nobody_in, to_come):
        delivering.tell_one(delivering.fact(Action.LOAD, job))
    delivering.tell_one(delivering.fact(Action.LOAD, swap, code=delivering.other_code(swap)))
    handed_over = delivering.fact(Action.HAND_OVER, done, minutes=1, details=SIGNED)
    delivering.tell_one(handed_over)
    keep_photo(_photo(), everything.settings.data_dir, handed_over.id)
    everything.note("fact_id", handed_over.id)
    everything.numbers["/courier-runs/of-loan/{loan_id}"] = [str(done.loan_id)]
    delivering.tell_one(delivering.fact(Action.FAILED, nobody_in, minutes=2, details=NOBODY_IN))
    delivering.tell_one(delivering.fact(Action.COLLECT, fetched, minutes=3, details=Details(condition="good")))
    offered = delivering.run(accepted=False, days_ahead=1)
    for each in (run, offered):
        everything.numbers.setdefault("courier_run", []).append(str(each.id))
    for job in (done, nobody_in, to_come, fetched, swap):
        everything.note("job_id", job.id)
    delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, done, minutes=4))
    everything.note("scan_number", delivering.scans()[-1].id)


def _chase(everything: Everything) -> None:
    """Three weeks on: the ladder has sent what it had to send, and one borrower is left in peace."""
    loan_id = everything.loans[LoanState.ACTIVE]
    for days in (10, 10, 10, 7):
        everything.clock.advance(days=days)
        chasing.tick(
            everything.database,
            clock=everything.clock,
            settings=everything.settings,
            channel=chasing.outbox(everything.settings),
        )
    until = local_date(everything.clock()) + timedelta(days=5)
    everything.act(chasing.place_hold, loan_id, HoldReason.AWAY, until=until, role=Role.COORDINATOR)
    with everything.database.write() as session:
        reply = chasing.note_reply(
            session,
            loans.get_loan(session, loan_id).person_id,
            channel="text",
            words="Could you come tomorrow?",
            actor=everything.actor(Role.COORDINATOR),
            happening=Happening(now=everything.clock()),
        )
    everything.note("reply_id", reply.id)


def _gather(everything: Everything) -> None:
    """Three gatherings, one of them only proposed; one is on a tablet, as it was before, and chosen for a loan."""
    coordinator, happening = everything.actor(Role.COORDINATOR), Happening(now=everything.clock())
    hub_id = everything.organisations[OrganisationKind.HUB].id
    loan_id, carrier = everything.loans[LoanState.APPROVED], everything.lending.tablet(Stage.READY)
    with everything.database.write() as session:
        made = [
            gatherings.propose(session, replace(entry, host_id=hub_id), actor=who, happening=happening)
            for entry, who in (
                (MUSIC_MORNING, coordinator),
                (CURRENT_AFFAIRS, coordinator),
                (CHAIR_EXERCISE, everything.actor(Role.PARTNER_LEAD)),
            )
        ]
        for each in made:
            everything.note("gathering_id", each.id)
        programme_id = loans.get_loan(session, loan_id).programme_id
        cohorts.choose_gatherings(session, programme_id, [made[1].id], actor=coordinator)
        tablets.record_gatherings(session, carrier.id, [(made[0].id, 1)], now=everything.clock())
        later = replace(MUSIC_MORNING, host_id=hub_id, weekday=4)
        gatherings.edit(session, made[0].id, later, actor=coordinator, happening=happening)
    chosen = [made[0].id, made[1].id]
    everything.act(loans.choose_gatherings, loan_id, chosen, role=Role.COORDINATOR, settings=everything.settings)
    everything.note("programme_id", programme_id)
    everything.note("tablet_id", carrier.id)


def _plan(everything: Everything) -> None:
    """A cohort that is to begin, short of tablets, with days on which its measures are collected; and a closed day."""
    lending, today = everything.lending, local_date(everything.clock())
    coordinator, now = everything.actor(Role.COORDINATOR), everything.clock()
    begins = today + timedelta(days=35)
    made = lending.cohort(lending.programme("Sample autumn months"), begins, begins + timedelta(days=28), places=12)
    closed = SpecialDays(today + timedelta(days=20), today + timedelta(days=22), "Staff training")
    with everything.database.write() as session:
        day = cohorts.add_collection(
            session, made.id, made.ends_on, words="End of the month", actor=coordinator, now=now
        )
        hub_id, told = everything.organisations[OrganisationKind.HUB].id, Happening(now=now)
        closure = cohorts.add_closure(session, hub_id, closed, actor=coordinator, happening=told)
        feed = deliveries.make_feed(session, actor=coordinator, now=now)
    for name, value in (("cohort_id", made.id), ("date_id", day.id), ("closure_id", closure.id)):
        everything.note(name, value)
    for path in ("/calendar/hub/{token}.ics", "/calendar/lending/{token}.ics"):
        everything.numbers[path] = [feed]


def _at_the_desk(everything: Everything) -> None:
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


def _hand_a_way_in(everything: Everything) -> None:
    courier, planner = everything.actor(Role.COURIER), everything.actor(Role.COORDINATOR)
    with everything.database.write() as session:
        token, _ = users.make_courier_link(
            session,
            user_id=courier.user_id or 0,
            actor=planner,
            now=everything.clock(),
            settings=everything.settings,
        )
    everything.note("token", token)
    with everything.database.write() as session:
        feed = deliveries.make_feed(session, actor=courier, now=everything.clock())
    everything.numbers["/calendar/{token}.ics"] = [feed]
