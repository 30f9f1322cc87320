"""Forgetting somebody: it waits for what is open, it reaches everything, and custody stays whole (rule R30)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from fleet.bundles import service as bundles
from fleet.bundles.rules import SecretKind
from fleet.chasing import service as chasing
from fleet.chasing.queries import chases_of_loans
from fleet.chasing.queries import hold as hold_of
from fleet.chasing.rules import ChaseState, HoldReason
from fleet.clock import local_date
from fleet.database.lists import ListQuery
from fleet.equality import service as equality
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.jobs.service import JobContext
from fleet.loans import service as loans
from fleet.loans.queries import loans_at_venue, sims_of, tablets_had
from fleet.loans.rules import LoanState
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.people import service as people
from fleet.people.queries import current_needs, find_people
from fleet.people.rules import Channel
from fleet.privacy import service
from fleet.privacy.journal import lines
from fleet.privacy.rules import WhyErase
from fleet.tablets import service as tablets
from fleet.tablets.models import Sighting
from fleet.tablets.queries import events as tablet_events
from fleet.users.rules import Role
from tests.fixtures.databases import ON_POSTGRESQL, ON_SQLITE
from tests.fleet.loans.test_custodians import another
from tests.fleet.loans.test_venues import lent
from tests.fleet.privacy.conftest import Erase
from tests.lending import Lending, lost_by_two
from tests.people import FakeClock

SECRETS = ("Zebedee", "Quillfeather", "900321", "Larkspur", "zq@", "brass lion", "niece in Ryde")


def somebody(lending: Lending) -> Any:
    return lending.person(
        first_name="Zebedee",
        last_name="Quillfeather",
        phone="07700 900321",
        email="zq@example.org",
        address_line_1="1 Larkspur Walk",
        channel=Channel.TEXT,
        door_note="Knock at the brass lion",
    )


def has_had_a_tablet(lending: Lending) -> tuple[int, int]:
    """A person whose loan is over, and its number; a reason typed on the way names somebody of theirs."""
    person = somebody(lending)
    loan = lending.request(person=person)
    for step in (LoanState.APPROVED, LoanState.ALLOCATED, LoanState.OUT_FOR_DELIVERY, LoanState.ACTIVE):
        lending.step(loan.id, step)
    lending.do(lost_by_two, loan.id, reason="Their niece in Ryde has it")
    return person.id, loan.id


@ON_SQLITE
def test_no_word_of_the_person_is_left_anywhere_in_the_database(lending: Lending, erase: Erase) -> None:
    person_id, _ = has_had_a_tablet(lending)
    file = Path(str(lending.database.engine.url.database))
    assert secrets_in(file) == set(SECRETS)
    erase(person_id)
    assert secrets_in(file) == set()
    lending.database.engine.dispose()
    raw = file.read_bytes()
    assert [secret for secret in SECRETS if secret.encode() in raw] == []


def secrets_in(file: Path) -> set[str]:
    """Which of the secrets stand in any column of any row."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        whole = "\n".join(
            str(tuple(row)) for name in tables for row in connection.execute(text(f'SELECT * FROM "{name}"'))
        )
    engine.dispose()
    return {secret for secret in SECRETS if secret in whole}


@ON_SQLITE
def test_within_the_hour_no_byte_of_the_file_or_its_log_tells_of_them(lending: Lending, erase: Erase) -> None:
    person_id, _ = has_had_a_tablet(lending)
    file = Path(str(lending.database.engine.url.database))
    log = file.with_name(f"{file.name}-wal")
    erase(person_id)
    assert b"Quillfeather" in log.read_bytes(), "the log of SQLite keeps what was written before"
    run_job(lending)
    assert b"Quillfeather" not in file.read_bytes() + log.read_bytes()


def test_what_stays_is_a_number_so_that_custody_is_whole(lending: Lending, erase: Erase) -> None:
    person_id, loan_id = has_had_a_tablet(lending)
    before = lending.read(loans.get_loan, loan_id)
    erase(person_id)
    after, person = lending.read(loans.get_loan, loan_id), lending.read(people.get_person, person_id)
    assert (after.person_id, after.state, after.started_on) == (person_id, before.state, before.started_on)
    assert (person.first_name, person.last_name, person.area) == ("Erased", "person", "N19")
    assert person.opted_out
    assert lending.read(current_needs, person_id) == []
    with lending.database.read() as session:
        tablet = tablets_had(session, loan_id)[0]
        told = tablet_events(session, tablet.tablet_id)
    assert [each.kind for each in told if each.kind == "lose"] == ["lose"]
    assert all("Ryde" not in each.reason for each in told)


def test_it_waits_for_an_open_loan_and_says_which(lending: Lending, erase: Erase) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    stands = erase(loan.person_id)
    assert stands.erasure is not None
    assert stands.erasure.done_at is None
    assert stands.waits == (f"Loan {loan.id} is still open: have the tablet given back, or end the loan.",)
    assert lending.read(people.get_person, loan.person_id).first_name == "Sample"


@ON_SQLITE
def test_one_that_waited_is_done_once_nothing_is_open(lending: Lending, erase: Erase) -> None:
    loan = lending.loan_at(LoanState.COLLECTED)
    erase(loan.person_id)
    run_job(lending)
    assert lending.read(people.get_person, loan.person_id).erased_at is None
    lending.step(loan.id, LoanState.CLOSED_RETURNED)
    run_job(lending)
    assert lending.read(people.get_person, loan.person_id).erased_at == lending.clock()


def run_job(lending: Lending) -> None:
    context = JobContext(
        database=lending.database,
        clock=lending.clock,
        job_id=1,
        args={},
        holder="test",
        nudge=lambda _: None,
        lease_lost=None,  # type: ignore[arg-type]  # this handler never asks whether to stop
    )
    service.erase_handler(lending.settings)(context)


@ON_SQLITE
def test_one_that_waits_can_be_called_off_and_one_that_is_done_cannot(lending: Lending, erase: Erase) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    erase(loan.person_id)
    with lending.database.write() as session:
        service.call_off(
            session, loan.person_id, actor=lending.actor(Role.DATA_PROTECTION), happening=lending.happening()
        )
    assert lending.read(service.standing, loan.person_id).erasure is None
    person_id, _ = has_had_a_tablet(lending)
    erase(person_id)
    with pytest.raises(Conflict, match="cannot be brought back"):
        call_off(lending, person_id)


def call_off(lending: Lending, person_id: int) -> None:
    actor, told = lending.actor(Role.DATA_PROTECTION), lending.happening()
    with lending.database.write() as session:
        service.call_off(session, person_id, actor=actor, happening=told)


@ON_SQLITE
def test_an_erased_person_is_found_by_nobody_and_can_ask_for_nothing(lending: Lending, erase: Erase) -> None:
    person_id, _ = has_had_a_tablet(lending)
    erase(person_id)
    assert lending.read(find_people, ListQuery(filters={"q": "Erased"})).total == 0
    with pytest.raises(Conflict, match="was erased on 1 June 2026"):
        lending.request(person=lending.read(people.get_person, person_id))


@ON_SQLITE
def test_nothing_more_is_written_down_about_somebody_who_was_erased(lending: Lending, erase: Erase) -> None:
    person_id, loan_id = has_had_a_tablet(lending)
    erase(person_id)
    actor, told = lending.actor(Role.COORDINATOR), lending.happening()
    until = local_date(told.now)
    with lending.database.write() as session, pytest.raises(Conflict, match="was erased"):
        chasing.note_reply(session, person_id, channel="text", words="My niece has it", actor=actor, happening=told)
    with lending.database.write() as session, pytest.raises(Conflict, match="was erased"):
        chasing.place_hold(session, loan_id, HoldReason.IN_HOSPITAL, until=until, actor=actor, happening=told)
    with lending.database.write() as session, pytest.raises(Conflict, match="was erased"):
        equality.record_answers(session, person_id, {"housing": "owned"}, actor=actor, happening=told)


@ON_POSTGRESQL
def test_a_request_that_comes_while_somebody_is_being_erased_is_refused(lending: Lending) -> None:
    person, programme = lending.person(), lending.programme()
    lending.actor(Role.COORDINATOR)
    keeper, told = lending.actor(Role.DATA_PROTECTION), lending.happening()
    with ThreadPoolExecutor(1) as pool:
        with lending.database.write() as session:
            service.ask_to_erase(
                session, person.id, WhyErase.ASKED, actor=keeper, settings=lending.settings, happening=told
            )
            asked = pool.submit(lending.request, programme, person)
            with pytest.raises(TimeoutError):
                asked.result(timeout=0.2)
        with pytest.raises(Conflict, match="was erased"):
            asked.result(timeout=30)


@ON_SQLITE
def test_photos_and_messages_go_with_the_person(lending: Lending, erase: Erase, clock: FakeClock) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, person=somebody(lending))
    clock.advance(days=21)
    channel = chasing.outbox(lending.settings)
    chasing.tick(lending.database, clock=clock, settings=lending.settings, channel=channel)
    written = list((lending.settings.data_dir / "outbox").rglob("*.txt"))
    assert len(written) == 1
    day, number = written[0].parent.name, written[0].stem
    written += [keep(lending, f"outbox/letters/{day}/{number}.pdf"), keep(lending, f"outbox/{day}/{number}9.txt")]
    for step in (LoanState.RETURN_ARRANGED, LoanState.COLLECTED, LoanState.CLOSED_RETURNED):
        lending.step(loan.id, step)
    erase(loan.person_id)
    assert [path.exists() for path in written] == [False, False, True]


@ON_SQLITE
def test_a_message_to_somebody_else_at_home_that_names_the_person_goes_too(
    lending: Lending, erase: Erase, clock: FakeClock
) -> None:
    shared = {"phone": "07700 900321", "channel": Channel.TEXT}
    names = ("Ann", "Ben")
    _, second = (lending.loan_at(LoanState.ACTIVE, person=lending.person(**shared, first_name=name)) for name in names)
    clock.advance(days=21)
    chasing.tick(lending.database, clock=clock, settings=lending.settings, channel=chasing.outbox(lending.settings))
    (written,) = (lending.settings.data_dir / "outbox").rglob("*.txt")
    assert "Ann and Ben" in written.read_text()
    for step in (LoanState.RETURN_ARRANGED, LoanState.COLLECTED, LoanState.CLOSED_RETURNED):
        lending.step(second.id, step)
    erase(second.person_id)
    assert not written.exists()


def test_nobody_is_asked_to_ring_somebody_who_was_erased(lending: Lending, erase: Erase, clock: FakeClock) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, person=lending.person(channel=Channel.CALL))
    clock.advance(days=40)
    chasing.tick(lending.database, clock=clock, settings=lending.settings, channel=chasing.outbox(lending.settings))
    assert ChaseState.TO_DO in asked_of(lending, loan.id)
    lending.do(lost_by_two, loan.id, reason="Nobody knows where")
    erase(loan.person_id)
    assert asked_of(lending, loan.id) == {ChaseState.SKIPPED, ChaseState.WITHDRAWN}


def asked_of(lending: Lending, loan_id: int) -> set[ChaseState]:
    """How what the ledger has about a loan stands."""
    return {each.state for each in lending.read(chases_of_loans, [loan_id])}


def keep(lending: Lending, name: str) -> Path:
    """A file in the data folder."""
    path = lending.settings.data_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"Dear Sample")
    return path


@ON_SQLITE
def test_the_journal_is_written_before_the_erasure_counts(lending: Lending, erase: Erase) -> None:
    person_id, _ = has_had_a_tablet(lending)
    recorded_at = lending.read(people.get_person, person_id).created_at
    erase(person_id)
    erase(person_id)
    told = list(lines(lending.settings.erasure_journal))
    assert [(line.person_id, line.recorded_at, line.erased_at) for line in told] == [
        (person_id, recorded_at, lending.clock())
    ]


@ON_SQLITE
def test_an_erasure_that_was_rolled_back_is_taken_back_from_the_journal(lending: Lending, erase: Erase) -> None:
    person_id, _ = has_had_a_tablet(lending)
    asks, settings, told = lending.actor(Role.DATA_PROTECTION), lending.settings, lending.happening()
    with lending.database.new_write_session() as session:
        service.ask_to_erase(session, person_id, WhyErase.ASKED, actor=asks, settings=settings, happening=told)
        session.rollback()
    assert list(lines(lending.settings.erasure_journal)) == []
    assert service.replay(lending.database, lending.settings, lending.clock) == 0
    assert lending.read(people.get_person, person_id).first_name == "Zebedee"
    erase(person_id)
    assert [line.person_id for line in lines(lending.settings.erasure_journal)] == [person_id]


def test_it_waits_for_what_a_finder_told_of_their_tablet(lending: Lending, erase: Erase) -> None:
    person_id, loan_id = has_had_a_tablet(lending)
    (had,) = lending.read(tablets_had, loan_id)
    with lending.database.write() as session:
        told = lending.happening()
        sighting = tablets.tell_sighting(session, had.tablet_id, place="Larkspur Walk", by="A finder", happening=told)
    assert erase(person_id).waits == ("A sighting of a tablet that they had must still be seen to.",)
    with lending.database.write() as session:
        actor = lending.actor(Role.COORDINATOR)
        settled = Happening(now=lending.clock(), reason="Fetched")
        tablets.settle_sighting(session, sighting.id, actor=actor, happening=settled)
    assert erase(person_id).waits == ()
    with lending.database.read() as session:
        assert session.get_one(Sighting, sighting.id).place == ""


@ON_SQLITE
def test_what_was_said_of_where_their_lost_tablet_is_goes_from_its_log_too(lending: Lending, erase: Erase) -> None:
    """A finder tells it after the loan is over; whoever has the tablet next is somebody else's affair."""
    person_id, loan_id = has_had_a_tablet(lending)
    (had,) = lending.read(tablets_had, loan_id)
    file = Path(str(lending.database.engine.url.database))
    lending.clock.advance(days=3)
    with lending.database.write() as session:
        told = lending.happening(reason="At 1 Larkspur Walk")
        tablet, actor = tablets.lock_tablet(session, had.tablet_id), lending.actor(Role.COORDINATOR)
        tablets.note(session, tablet, kind="finder", words="A finder says where it is", actor=actor, happening=told)
    lending.clock.advance(days=1)
    with lending.database.write() as session:
        told, actor = lending.happening(reason="Found: with the Quillfeathers"), lending.actor(Role.TECHNICIAN)
        loans.found(session, tablet_id=had.tablet_id, actor=actor, settings=lending.settings, happening=told)
    assert {"Larkspur", "Quillfeather"} <= secrets_in(file)
    erase(person_id)
    assert secrets_in(file) == set()


@ON_SQLITE
def test_the_number_of_a_card_that_stayed_with_them_goes_and_so_do_its_secrets(lending: Lending, erase: Erase) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(gifts_allowed=True, bundle_required=True))
    with lending.database.write() as session:
        sim = sims_of(session, [loan.id])[loan.id][0]
        actor, told = lending.actor(Role.COORDINATOR), lending.happening()
        given = {"iccid": sim.iccid, "network": sim.network, "phone": "07700 900321", "serial": ""}
        bundles.correct_sim(session, sim.id, **given, actor=actor, happening=told)
        pin = {SecretKind.PIN: "4071"}
        bundles.keep_secrets(session, sim.id, pin, actor=actor, settings=lending.settings, happening=told)
    lending.do(loans.mark_gifted, loan.id, authority="The trustees")
    erase(loan.person_id)
    after = lending.read(bundles.get_sim, sim.id)
    assert (after.phone, lending.read(bundles.secrets_kept, sim.id)) == (None, ())
    assert after.iccid == sim.iccid


def test_a_hold_about_a_tablet_outlives_the_custodian_who_had_it_before(lending: Lending, erase: Erase) -> None:
    """It is our fault still, though whoever looked after it then is forgotten; why they were left in peace is not."""
    with lending.database.write() as session:
        hall = partners.add_organisation(session, kind=OrganisationKind.VENUE, name="Sample Hall", now=lending.clock())
    venue = lent(lending, hall, count=1)
    lending.do(loans.hand_over_venue, venue.id)
    (loan,) = lending.read(loans_at_venue, venue.id)
    placed = []
    for reason in (HoldReason.OUR_FAULT, HoldReason.IN_HOSPITAL):
        with lending.database.write() as session:
            until, actor, happening = date(2026, 6, 29), lending.actor(Role.COORDINATOR), lending.happening()
            placed.append(
                chasing.place_hold(session, loan.id, reason, until=until, actor=actor, happening=happening).id
            )
    earlier, successor = venue.person_id, lending.person()
    lending.clock.advance(days=1)
    another(lending, venue, successor.id, from_on=local_date(lending.clock()))
    assert erase(earlier).waits == ()
    left = [lending.read(hold_of, each) for each in placed]
    assert [(each.person_id, each.reason) for each in left if each is not None] == [
        (successor.id, HoldReason.OUR_FAULT)
    ]
