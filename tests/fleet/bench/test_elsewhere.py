"""Benches that stand elsewhere, and the places of a hub: a key that a person confirms, ports learned by plugging in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fleet.bench import queries, service
from fleet.bench.models import Bench, Slot
from fleet.bench.service.benches import Elsewhere
from fleet.bench.service.errands import LEARN_JOB, LOOK_JOB, ask_to_learn, ask_to_look
from fleet.bench.work.errands import learn_handler, look_handler
from fleet.bench.work.watch import watch_handler
from fleet.errors import BadInput, Conflict, NotFound
from fleet.jobs import service as jobs
from fleet.jobs.models import Job
from fleet.jobs.rules import JobState
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from provisioning.benches.base import Attached
from provisioning.errors import CannotConnect
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey
from provisioning.transports.sighting import Sighting, State
from tests.fleet.bench.piloting import Pilot
from tests.fleet.bench.workbench import LEASE, Workbench
from tests.people import Browser
from tests.provisioning.benches.counting_proxy import counting_proxy
from tests.provisioning.benches.sshd import RunningSshd, running_sshd


def sighting(path: str, serial: str = "SAMPLE1") -> Sighting:
    return Sighting(f"adb:usb:{path}", serial, serial, State.READY, usb_path=path)


def add_slot(workbench: Workbench, place: str, address: str, bench: Bench | None = None) -> Slot:
    with workbench.database.write() as session:
        bench_id = (bench or workbench.bench).id
        return service.add_slot(session, bench_id=bench_id, place=place, address=address, actor=workbench.technician)


def do(workbench: Workbench, kind: str, handler: jobs.Handler) -> JobState | None:
    """Do the newest job of a kind."""
    with workbench.database.read() as session:
        job = max((each for each in session.query(Job) if each.kind == kind), key=lambda each: each.id)
    return jobs.run_job(
        job.id,
        database=workbench.database,
        clock=workbench.clock,
        handlers={kind: handler},
        holder="worker",
        lease=LEASE,
        nudge=lambda _: None,
    )


def test_one_port_of_two_benches_is_two_slots_and_of_one_bench_one(workbench: Workbench) -> None:
    with workbench.database.write() as session:
        second = service.add_bench(session, name="Bench 2", actor=workbench.technician, clock=workbench.clock)
    first = add_slot(workbench, "1-1.2", "usb:1-1.2")
    other = add_slot(workbench, "1-1.2", "usb:1-1.2", second)
    assert first.reached_at == other.reached_at == "usb:1-1.2"
    with pytest.raises(Conflict):
        add_slot(workbench, "another", "usb:1-1.2")
    add_slot(workbench, "net", "tcp:192.0.2.7:5555")
    with pytest.raises(Conflict):
        add_slot(workbench, "net", "tcp:192.0.2.7:5555", second)


def test_ports_become_slots_as_tablets_are_plugged_in(workbench: Workbench) -> None:
    plugged: list[Sighting] = []
    handler = learn_handler(workbench.settings, see=lambda _bench, _settings: Attached(tuple(plugged)))
    with workbench.database.write() as session:
        technician, now = workbench.technician, workbench.clock()
        ask_to_learn(session, workbench.bench.id, place="front left", actor=technician, now=now)
    assert do(workbench, LEARN_JOB, handler) is JobState.QUEUED
    plugged.append(sighting("1-1.4.2"))
    workbench.clock.advance(seconds=10)
    assert do(workbench, LEARN_JOB, handler) is JobState.DONE
    with workbench.database.read() as session:
        (slot,) = queries.slots(session, workbench.bench.id)
    assert (slot.place, slot.reached_at) == ("front left", "adb:usb:1-1.4.2")
    plugged += [sighting("1-1.1"), sighting("1-1.2"), replace(sighting(""), address="adb:192.0.2.9:5555")]
    with workbench.database.write() as session:
        learned = service.learn_slots(session, workbench.bench.id, plugged, actor=workbench.technician)
        assert [each.place for each in learned] == ["1-1.1", "1-1.2"]
    with workbench.database.write() as session, pytest.raises(NotFound):
        service.learn_slots(session, workbench.bench.id, plugged, actor=workbench.technician)


def test_learning_gives_up_after_two_minutes_and_names_one_port_only(workbench: Workbench) -> None:
    with workbench.database.write() as session:
        ask_to_learn(session, workbench.bench.id, place="", actor=workbench.technician, now=workbench.clock())
    workbench.clock.advance(seconds=121)
    handler = learn_handler(workbench.settings, see=lambda _bench, _settings: Attached(()))
    assert do(workbench, LEARN_JOB, handler) is JobState.DONE
    with workbench.database.write() as session, pytest.raises(BadInput):
        service.learn_slots(
            session,
            workbench.bench.id,
            [sighting("1-1.1"), sighting("1-1.2")],
            place="front",
            actor=workbench.technician,
        )


def test_an_empty_port_is_known_without_knocking(workbench: Workbench) -> None:
    empty, taken = add_slot(workbench, "1", "usb:1-1.1"), add_slot(workbench, "2", "usb:1-1.2")
    pilot = Pilot(workbench)
    pilot.switch_on()
    knocked: list[str] = []

    def opener(address: str, *, signer: BenchKey, on_prompt: Callable[[], None]) -> Transport:
        knocked.append(address)
        raise CannotConnect("It does not answer.")

    handler = watch_handler(
        workbench.settings,
        opener=opener,
        see=lambda _bench, _settings: Attached((sighting("1-1.2"),)),
    )
    assert do(workbench, service.WATCH_JOB, handler) is JobState.QUEUED
    assert knocked == ["usb:1-1.2"]
    with workbench.database.read() as session:
        assert service.get_slot(session, empty.id).seen_problem == "Its port is empty."
        assert service.get_slot(session, taken.id).seen_problem == "It does not answer."


def test_a_bench_is_looked_into_by_its_own_worker(workbench: Workbench, browser_as: Callable[..., Browser]) -> None:
    place = workbench.place(stage=Stage.READY)
    workbench.trust(place)
    with workbench.database.write() as session:
        service.give_own_worker(session, workbench.bench.id, own_worker=True, actor=workbench.technician)
    technician = browser_as(Role.TECHNICIAN)
    assert technician.submit(f"/bench/{workbench.bench.id}/look").status_code == 303
    assert do(workbench, LOOK_JOB, look_handler(workbench.settings, opener=workbench.open)) is None, "not anybody's"
    with workbench.database.write() as session:
        service.give_own_worker(session, workbench.bench.id, own_worker=False, actor=workbench.technician)
        ask_to_look(session, workbench.bench.id, actor=workbench.technician, now=workbench.clock())
    assert do(workbench, LOOK_JOB, look_handler(workbench.settings, opener=workbench.open)) is JobState.DONE
    with workbench.database.read() as session:
        assert service.get_slot(session, place.row.id).tablet_id == place.tablet.id


def test_a_bench_is_found_by_name_and_by_number(workbench: Workbench) -> None:
    with workbench.database.read() as session:
        assert service.find_bench(session, "bench 1").id == workbench.bench.id
        assert service.find_bench(session, str(workbench.bench.id)).id == workbench.bench.id
        with pytest.raises(NotFound) as refused:
            service.find_bench(session, "Bench 9")
    assert "Bench 1" in refused.value.next_step
    assert service.lane_of_bench(workbench.bench) == f"bench.bench-1.{workbench.bench.id}"


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[RunningSshd]:
    with running_sshd(tmp_path / "sshd") as running:
        yield running


def test_a_bench_elsewhere_is_used_once_a_person_confirmed_its_key(
    workbench: Workbench, sshd: RunningSshd, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place(stage=Stage.READY)
    workbench.trust(place)
    with workbench.database.write() as session:
        bench = service.add_bench(
            session,
            name="Far bench",
            actor=workbench.technician,
            clock=workbench.clock,
            elsewhere=Elsewhere("127.0.0.1", sshd.user, sshd.port),
        )
    slot = add_slot(workbench, "1", f"tcp:127.0.0.1:{place.socket.port}", bench)
    settings = workbench.settings.model_copy(update={"bench_ssh_key_file": sshd.user_key})

    def look() -> service.Seen:
        return service.look(
            workbench.database, slot.id, actor=workbench.technician, settings=settings, clock=workbench.clock
        )

    assert "nobody has compared the key" in look().problem
    technician = browser_as(Role.TECHNICIAN)
    shown = technician.submit(f"/bench/{bench.id}/host-key/ask")
    assert "SHA256:" in shown.text
    key = service.ask_host_key(bench)
    assert key.fingerprint in shown.text
    assert technician.submit(f"/bench/{bench.id}/host-key", {"host_key": str(key)}).status_code == 303
    seen = look()
    assert (seen.problem, seen.slot.seen_serial) == ("", place.tablet.serial)


def test_a_round_of_looks_at_a_bench_elsewhere_signs_in_once(workbench: Workbench, sshd: RunningSshd) -> None:
    places = [workbench.place(stage=Stage.READY) for _ in range(3)]
    with counting_proxy(sshd.port) as proxy:
        with workbench.database.write() as session:
            bench = service.add_bench(
                session,
                name="Far bench",
                actor=workbench.technician,
                clock=workbench.clock,
                elsewhere=Elsewhere("127.0.0.1", sshd.user, proxy.port),
            )
        with workbench.database.write() as session:
            key = str(service.ask_host_key(bench))
            workbench.bench = service.confirm_host_key(session, bench.id, key, actor=workbench.technician)
        workbench.settings = workbench.settings.model_copy(update={"bench_ssh_key_file": sshd.user_key})
        slots = []
        for place in places:
            workbench.trust(place)
            slots.append(add_slot(workbench, place.row.place, f"tcp:127.0.0.1:{place.socket.port}", workbench.bench))
        asked = proxy.connections
        Pilot(workbench).switch_on()
        handler = watch_handler(workbench.settings, see=lambda _bench, _settings: Attached(()))
        assert do(workbench, service.WATCH_JOB, handler) is JobState.QUEUED
        with workbench.database.read() as session:
            seen = [service.get_slot(session, slot.id).tablet_id for slot in slots]
        assert seen == [place.tablet.id for place in places]
        assert proxy.connections == asked + 1


def test_a_bench_that_only_its_own_computer_reaches_is_not_asked_for_ways_from_here(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    with workbench.database.write() as session:
        service.give_own_worker(session, workbench.bench.id, own_worker=True, actor=workbench.technician)
    page = browser_as(Role.TECHNICIAN).get(f"/bench/slots/{place.row.id}/ways").text
    assert "Only Bench 1&#39;s own computer reaches this tablet" in page
    assert "Begin the wipe in its slot" in page
    assert "No tablet answered" not in page
