"""Printers: what may be one, and what becomes of labels that were sent to a real port with a printer's real faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.jobs import queries as job_queries
from fleet.jobs.models import Job
from fleet.jobs.rules import JobState
from fleet.jobs.service import run_job
from fleet.partners.service import get_hub
from fleet.settings import Settings
from fleet.tags import print_jobs, printers, printing, queries
from fleet.tags.models import PrintBatch, Printer, PrintJob
from fleet.tags.printers import NewPrinter
from fleet.tags.rules.printing import (
    Condition,
    Language,
    PrintJobState,
    Way,
    port_problem,
    queue_problem,
)
from fleet.tags.wires.outcome import Patience
from fleet.tags.work import ask_handler, print_handler
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.tags.conftest import Labelling
from tests.fleet.tags.test_service import printed_codes
from tests.fleet.tags.virtual_printer import Fault, VirtualPrinter, refusing_port, virtual_printer
from tests.labels.raster_printers import print_brother, print_dymo_450
from tests.labels.zpl_printer import print_zpl
from tests.people import Browser

pytestmark = ON_SQLITE

PATIENT = Patience(connect=5.0, answer=5.0, stall=10.0)
"""For a printer that does answer, however busy this computer is."""
HASTY = Patience(connect=5.0, answer=0.2, stall=0.3)
"""For one that never will."""
LEASE = timedelta(seconds=60)
ZEBRA = NewPrinter("Labels at the desk", Way.RAW, Language.ZPL, "ZEBRA-50x30", host="127.0.0.1")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A demonstration, in which printers may be on this computer."""
    return settings.model_copy(update={"demo": True})


@pytest.fixture
def zebra() -> Iterator[VirtualPrinter]:
    with virtual_printer() as printer:
        yield printer


class Sending:
    """A printer of the hub, and a worker that does what is asked of it."""

    def __init__(self, labelling: Labelling) -> None:
        self.labelling = labelling

    def printer(self, new: NewPrinter = ZEBRA, **changed: Any) -> Printer:
        with self.labelling.database.write() as session:
            asked = NewPrinter(**{**vars(new), **changed})
            hub_id = get_hub(session).id
            return printers.add_printer(session, asked, hub_id=hub_id, demo=True, now=self.labelling.clock())

    def blanks(self, printer: Printer, count: int = 2) -> PrintBatch:
        with self.labelling.database.read() as session:
            wanted = print_jobs.on_its_roll(session, printing.Wanted(), printer.id)
        return self.labelling.blanks(count, wanted)

    def send(self, batch: PrintBatch, printer: Printer, *, twice: bool = False) -> PrintJob:
        with self.labelling.database.write() as session:
            return print_jobs.send_batch(
                session,
                batch.id,
                printer.id,
                twice=twice,
                actor=self.labelling.technician,
                now=self.labelling.clock(),
            )

    def work(self, patience: Patience = PATIENT) -> None:
        """What a worker does with all that is queued."""
        known = {
            print_jobs.PRINT_JOB: print_handler(self.labelling.settings, patience),
            printers.ASK_JOB: ask_handler(patience),
        }
        database, clock = self.labelling.database, self.labelling.clock
        with database.read() as session:
            waiting = [number for number in range(1, 50) if (job := session.get(Job, number)) and job.state == "queued"]
        for number in waiting:
            run_job(
                number,
                database=database,
                clock=clock,
                handlers=known,
                holder="worker",
                lease=LEASE,
                nudge=lambda _: None,
            )

    def again(self, job: PrintJob) -> PrintJob:
        with self.labelling.database.write() as session:
            return print_jobs.send_again(session, job.id, now=self.labelling.clock())

    def now(self, job: PrintJob) -> PrintJob:
        with self.labelling.database.read() as session:
            return print_jobs.get_job(session, job.id)

    def state(self, printer: Printer) -> tuple[Condition, str]:
        with self.labelling.database.read() as session:
            found = printers.get_printer(session, printer.id)
            return found.condition, found.says


@pytest.fixture
def sending(labelling: Labelling) -> Sending:
    return Sending(labelling)


def test_a_zebra_gets_each_label_once_and_what_it_prints_can_be_read(sending: Sending, zebra: VirtualPrinter) -> None:
    printer = sending.printer(port=zebra.port)
    batch = sending.blanks(printer, 3)
    job = sending.send(batch, printer)
    assert (job.state, job.labels, zebra.jobs) == (PrintJobState.QUEUED, 3, [])
    sending.work()
    zebra.came.wait(5)
    (stream,) = zebra.jobs
    codes = sending.labelling.codes(batch)
    assert [label.decoded() for label in print_zpl(stream)] == [[f"HTTPS://T.EXAMPLE/T/{code}"] for code in codes]
    sent = sending.now(job)
    assert (sent.state, sent.sent_bytes, len(sent.sent_sha256)) == (PrintJobState.SENT, len(stream), 64)
    assert sending.state(printer) == (Condition.READY, "It is ready.")
    assert all(sending.labelling.tag(code).confirmed_at is None for code in codes), "sent is not scanned back"


@pytest.mark.parametrize(
    ("language", "media", "read"),
    [(Language.BROTHER_QL, "QL-62", print_brother), (Language.DYMO, "DYMO-11354", print_dymo_450)],
)
def test_other_label_printers_get_their_own_language(
    sending: Sending, zebra: VirtualPrinter, language: Language, media: str, read: Callable[[bytes], Any]
) -> None:
    printer = sending.printer(port=zebra.port, language=language, media=media)
    job = sending.send(sending.blanks(printer), printer)
    sending.work()
    zebra.came.wait(5)
    assert sending.now(job).state is PrintJobState.SENT
    assert len(read(zebra.jobs[0]).labels) == 2
    assert zebra.asked == 0, "~HS would be printed, or worse, by a printer that does not speak ZPL"
    assert sending.state(printer)[0] is Condition.UNKNOWN


def test_an_office_printer_gets_the_sheets_as_pdf(sending: Sending, zebra: VirtualPrinter) -> None:
    printer = sending.printer(port=zebra.port, language=Language.PDF, media="L7160", nudge_right=5)
    batch = sending.blanks(printer)
    sending.send(batch, printer)
    sending.work()
    zebra.came.wait(5)
    expected = [f"HTTPS://T.EXAMPLE/T/{code}" for code in sending.labelling.codes(batch)]
    assert printed_codes(zebra.jobs[0]) == expected


@pytest.mark.parametrize(
    ("fault", "condition", "words", "may_be_out"),
    [
        (Fault.PAPER_OUT, Condition.HANDS, "out of labels: put a roll in", False),
        (Fault.HEAD_OPEN, Condition.HANDS, "head is open: close it", False),
        (Fault.PAUSED, Condition.HANDS, "paused: press its pause button", False),
        (Fault.DROPS_AT_ONCE, Condition.AWAY, "hung up before it had taken anything", False),
        (Fault.STALLS, Condition.HANDS, "stopped taking the job after", True),
        (Fault.DROPS, Condition.UNKNOWN, "It hung up after", True),
    ],
)
def test_labels_that_did_not_leave_are_kept_with_a_sentence_that_says_why(
    sending: Sending, fault: Fault, condition: Condition, words: str, may_be_out: bool
) -> None:
    with virtual_printer(fault) as faulty:
        printer = sending.printer(port=faulty.port, language=Language.ZPL)
        # long enough that it cannot all be under way when the printer stops taking
        batch = sending.blanks(printer, 800 if may_be_out else 4)
        job = sending.send(batch, printer)
        sending.work(HASTY if fault is Fault.STALLS else PATIENT)
        failed = sending.now(job)
        assert (failed.state, failed.may_be_out) == (PrintJobState.FAILED, may_be_out)
        assert words in failed.why
        assert ("are kept, and can be sent again" in failed.why) is not may_be_out
        assert sending.state(printer)[0] is condition
        assert faulty.jobs == []
    assert all(sending.labelling.tag(code).state == "blank" for code in sending.labelling.codes(batch))


def test_a_printer_that_is_away_loses_nothing_and_gets_the_labels_when_it_is_back(sending: Sending) -> None:
    printer = sending.printer(port=refusing_port())
    job = sending.send(sending.blanks(printer, 4), printer)
    sending.work()
    assert "takes no jobs at this port" in sending.now(job).why
    with virtual_printer() as back:
        with sending.labelling.database.write() as session:
            printers.get_printer(session, printer.id).port = back.port
        assert sending.again(job).state is PrintJobState.QUEUED
        sending.work()
        back.came.wait(5)
        assert len(print_zpl(back.jobs[0])) == 4
    assert sending.now(job).state is PrintJobState.SENT


def test_a_printer_that_runs_out_while_it_prints_has_the_job_and_says_what_to_do(sending: Sending) -> None:
    with virtual_printer(Fault.PAPER_OUT_LATER) as printer_:
        printer = sending.printer(port=printer_.port)
        job = sending.send(sending.blanks(printer), printer)
        sending.work()
    sent = sending.now(job)
    assert sent.state is PrintJobState.SENT
    assert "What it has not printed comes out once that is done." in sent.why
    assert sending.state(printer)[0] is Condition.HANDS


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.GARBLED])
def test_a_printer_that_does_not_say_how_it_is_is_never_called_ready(sending: Sending, fault: Fault) -> None:
    with virtual_printer(fault) as silent:
        printer = sending.printer(port=silent.port)
        job = sending.send(sending.blanks(printer), printer)
        sending.work(HASTY)
        silent.came.wait(5)
        assert len(silent.jobs) == 1
    assert sending.now(job).state is PrintJobState.SENT
    assert sending.state(printer)[0] is Condition.UNKNOWN


def test_what_was_sent_is_sent_a_second_time_only_by_somebody_who_says_so(
    sending: Sending, zebra: VirtualPrinter
) -> None:
    printer = sending.printer(port=zebra.port)
    batch = sending.blanks(printer)
    sending.send(batch, printer)
    with pytest.raises(Conflict, match="2 labels of this printing wait"):
        sending.send(batch, printer, twice=True)
    sending.work()
    with pytest.raises(print_jobs.AlreadySent, match=r"was sent to Labels at the desk at 10:00 on 1 Jun"):
        sending.send(batch, printer)
    sending.send(batch, printer, twice=True)
    sending.work()
    with sending.labelling.database.read() as session:
        assert [job.state for job in queries.jobs_of_batch(session, batch.id)] == [PrintJobState.SENT] * 2


def test_a_worker_that_died_while_it_sent_leaves_it_to_a_person_how_far_it_came(sending: Sending) -> None:
    printer = sending.printer(port=refusing_port())
    batch = sending.blanks(printer, 3)
    job = sending.send(batch, printer)
    database, clock = sending.labelling.database, sending.labelling.clock
    with database.write() as session:
        queued = job_queries.job_by_key(session, f"labels.print:{job.id}:1")
        assert queued is not None
        job_queries.claim(session, queued.id, holder="first", now=clock(), lease=LEASE)
        assert print_jobs.begin(session, job.id, now=clock()) is not None
    with pytest.raises(MoveRefused, match="are being sent"), database.write() as session:
        print_jobs.set_aside(session, job.id, now=clock())
    clock.advance(minutes=5)
    run_job(
        queued.id,
        database=database,
        clock=clock,
        handlers={print_jobs.PRINT_JOB: print_handler(sending.labelling.settings, HASTY)},
        holder="second",
        lease=LEASE,
        nudge=lambda _: None,
    )
    failed = sending.now(job)
    assert (failed.state, failed.may_be_out) == (PrintJobState.FAILED, True)
    assert "nobody knows how far it came" in failed.why
    with pytest.raises(MoveRefused, match="may have come out"):
        sending.again(job)


def test_a_job_that_two_workers_get_is_sent_once(sending: Sending, zebra: VirtualPrinter) -> None:
    printer = sending.printer(port=zebra.port)
    job = sending.send(sending.blanks(printer), printer)
    sending.work()
    with sending.labelling.database.write() as session:
        assert print_jobs.begin(session, job.id, now=sending.labelling.clock()) is None
    sending.work()
    zebra.came.wait(5)
    assert len(zebra.jobs) == 1


def test_labels_for_a_roll_go_to_no_sheet(sending: Sending, zebra: VirtualPrinter) -> None:
    batch = sending.blanks(sending.printer(port=zebra.port))
    office = sending.printer(name="Office", port=zebra.port, language=Language.PDF, media="L7160")
    with pytest.raises(Conflict, match="made for a roll"):
        sending.send(batch, office)
    with pytest.raises(Conflict, match="no browser prints"), sending.labelling.database.read() as session:
        printing.pdf_of(session, batch.id, settings=sending.labelling.settings)


@pytest.fixture
def print_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A print system of this computer: programs `lp` and `lpstat` that keep what they were given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "lp").write_text(
        f'#!/bin/sh\n[ "$2" = gone ] && {{ echo "lp: The printer or class does not exist." >&2; exit 1; }}\n'
        f'echo "$@" > {tmp_path}/words\ncat > {tmp_path}/job\necho "request id is desk-1 (1 file(s))"\n'
    )
    (folder / "lpstat").write_text('#!/bin/sh\necho "printer $2 is idle.  enabled since Mon 01 Jun 2026"\n')
    for program in folder.iterdir():
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return tmp_path


def test_a_queue_of_the_computer_gets_pdf_as_a_document_and_other_languages_raw(
    sending: Sending, print_system: Path
) -> None:
    office = sending.printer(way=Way.CUPS, queue="desk", language=Language.PDF, media="L7160")
    batch = sending.blanks(office)
    sending.send(batch, office)
    sending.work()
    assert (print_system / "words").read_text() == f"-d desk -t labels-{batch.id}\n"
    assert len(printed_codes((print_system / "job").read_bytes())) == 2
    label_printer = sending.printer(name="Roll", way=Way.CUPS, queue="desk")
    job = sending.send(sending.blanks(label_printer), label_printer)
    sending.work()
    assert "-o raw" in (print_system / "words").read_text()
    assert "The print system has it" in sending.now(job).why
    gone = sending.printer(name="Gone", way=Way.CUPS, queue="gone")
    lost = sending.send(sending.blanks(gone), gone)
    sending.work()
    assert "The print system did not take it: The printer or class does not exist." in sending.now(lost).why


def test_a_computer_without_a_print_system_says_so(
    sending: Sending, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    printer = sending.printer(way=Way.CUPS, queue="desk")
    job = sending.send(sending.blanks(printer), printer)
    sending.work()
    assert "This computer has no print system: the program `lp` is not there." in sending.now(job).why


def test_a_printer_that_cannot_be_is_refused_field_by_field(sending: Sending) -> None:
    nonsense = NewPrinter("", Way.RAW, Language.ZPL, "QL-62", host="example.org", port=80, nudge_right=101)
    with pytest.raises(BadInput) as refused:
        sending.printer(nonsense)
    assert set(refused.value.fields) == {"name", "host", "port", "media", "nudge_right"}
    with pytest.raises(BadInput) as refused:
        sending.printer(way=Way.CUPS, queue="-oraw; rm", language=Language.PDF, media="L9999")
    assert set(refused.value.fields) == {"queue", "media"}
    with pytest.raises(BadInput) as refused:
        sending.printer(way=Way.BROWSER)
    assert set(refused.value.fields) == {"way"}
    sending.printer(port=9100)
    with pytest.raises(BadInput, match="not written down") as refused:
        sending.printer(port=9100, name="LABELS AT THE DESK")
    assert set(refused.value.fields) == {"name"}
    assert port_problem(9100) == queue_problem("Front_desk.2") == ""


def test_an_admin_adds_a_printer_and_a_coordinator_sends_to_it(
    sending: Sending, browser_as: Callable[..., Browser]
) -> None:
    admin, coordinator = browser_as(Role.HUB_ADMIN), browser_as(Role.COORDINATOR)
    form = {"name": "Front desk", "way": "raw", "language": "zpl", "media": "ZEBRA-50x30", "host": "127.0.0.1"}
    assert coordinator.submit("/labels/printers/new", form).status_code == 403
    wrong = admin.submit("/labels/printers/new", {**form, "host": "8.8.8.8"})
    assert (wrong.status_code, "Only printers in your own network" in wrong.text) == (422, True)
    at = admin.submit("/labels/printers/new", {**form, "port": str(refusing_port())}).headers["location"]
    number = at.rsplit("/", 1)[1]
    made = coordinator.submit("/labels/blanks", {"count": "4", "printer": number}).headers["location"]
    sending.work()
    page = coordinator.get(made).text
    assert "4 labels are waiting for Front desk" in page
    assert "takes no jobs at this port" in page
    assert "4 labels are waiting for Front desk" in coordinator.get("/labels/printers").text
    with virtual_printer() as zebra:
        admin.submit(f"{at}/change", {**form, "port": str(zebra.port)})
        again = re.search(r"/labels/print-jobs/\d+/again", page)
        assert again is not None
        assert coordinator.submit(again.group()).headers["location"] == made
        sending.work()
        zebra.came.wait(5)
        assert len(print_zpl(zebra.jobs[0])) == 4
        assert "Send it a second time" in coordinator.get(made).text
        coordinator.submit(f"{made}/again", {"last_good": "3", "to_printer": number})
        coordinator.submit(f"{at}/test")
        coordinator.submit(f"{at}/ask")
        sending.work()
    assert "It is ready." in coordinator.get(at).text
    assert "test print to Front desk" in coordinator.get(at).text.replace("Test", "test")
    admin.submit(f"{at}/out-of-use")
    assert "Front desk" not in coordinator.get("/labels/blanks").text
    assert coordinator.submit(f"{at}/test").status_code == 409


def test_an_admins_program_adds_a_printer_and_changes_it(browser_as: Callable[..., Browser], sending: Sending) -> None:
    admin, technician = browser_as(Role.HUB_ADMIN), browser_as(Role.TECHNICIAN)
    asked = {"name": "Front desk", "way": "raw", "language": "zpl", "media": "ZEBRA-50x30", "host": "192.168.1.40"}
    assert technician.post("/api/v1/printers", json=asked).status_code == 403
    wrong = admin.post("/api/v1/printers", json={**asked, "host": "8.8.8.8", "media": "no such roll"})
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"host", "media"})
    made = admin.post("/api/v1/printers", json={**asked, "nudge_down": "0.5"}).json()
    address = f"/api/v1/printers/{made['id']}"
    changed = admin.put(address, json={**asked, "name": "Back room", "language": "pdf", "media": "L7160"}).json()
    assert (changed["id"], changed["name"], changed["media"], changed["condition"]) == (
        made["id"],
        "Back room",
        "L7160",
        "unknown",
    )
    assert [each["name"] for each in technician.get("/api/v1/printers").json()] == ["Back room"]
    assert admin.post(f"{address}/out-of-use").json()["out_of_use_at"] is not None
    assert technician.get("/api/v1/printers").json() == []
    assert admin.post(f"{address}/in-use").json()["out_of_use_at"] is None
    assert admin.put("/api/v1/printers/99", json=asked).status_code == 404


def test_programs_print_to_a_printer_and_see_what_came_of_it(
    sending: Sending, browser_as: Callable[..., Browser], zebra: VirtualPrinter
) -> None:
    printer, program = sending.printer(port=zebra.port), browser_as(Role.TECHNICIAN)
    assert [each["id"] for each in program.get("/api/v1/printers").json()] == [printer.id]
    made = program.post("/api/v1/print-batches", json={"kind": "blank", "count": 2, "printer": printer.id}).json()
    assert (made["sheet"], [job["state"] for job in made["jobs"]]) == ("ZEBRA-50x30", ["queued"])
    sending.work()
    url = f"/api/v1/print-batches/{made['id']}"
    assert [job["state"] for job in program.get(url).json()["jobs"]] == ["sent"]
    silent = program.post(f"{url}/send", json={"printer": printer.id})
    assert (silent.status_code, silent.json()["code"]) == (409, "already_sent")
    twice = program.post(f"{url}/send", json={"printer": printer.id, "twice": True})
    assert (twice.status_code, twice.json()["state"]) == (202, "queued")
    aside = program.post(f"/api/v1/print-jobs/{twice.json()['id']}/set-aside").json()
    assert aside["state"] == "set_aside"
    assert program.post(f"/api/v1/print-jobs/{aside['id']}/again").status_code == 409


def test_a_job_of_the_queue_ends_whatever_the_printer_did(sending: Sending) -> None:
    printer = sending.printer(port=refusing_port())
    sending.send(sending.blanks(printer), printer)
    sending.work()
    with sending.labelling.database.read() as session:
        job = session.get(Job, 1)
        assert job is not None
        assert job.state is JobState.DONE, "the queue's job is over; the print job says what a person may do"
