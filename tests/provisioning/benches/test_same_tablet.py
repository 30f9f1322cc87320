"""Which sightings are one tablet, and which only say so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provisioning.benches.same_tablet import unify
from provisioning.transports.sighting import Sighting, State

SERIAL = "SAMPLE0001"
SHARED = "0123456789ABCDEF"


def on_server(path: str, serial: str = SERIAL, state: State = State.READY) -> Sighting:
    return Sighting(f"adb:usb:{path}", serial, serial, state, usb_path=path, transport_id=1)


def on_bus(path: str, serial: str = SERIAL) -> Sighting:
    return Sighting(f"usb:{path}", serial, serial, State.UNOPENED, usb_path=path)


def on_network(place: str = "192.0.2.7:5555", serial: str = "", state: State = State.READY) -> Sighting:
    return Sighting(f"adb:{place}", place, serial, state)


def announced(serial: str = SERIAL) -> Sighting:
    name = f"adb-{serial}-aB3dEf._adb-tls-connect._tcp"
    return Sighting(f"adb:{name}", name, serial, State.READY)


def groups(*sightings: Sighting, **serials: str) -> list[list[str]]:
    known = {f"adb:{place.replace('_', ':')}": serial for place, serial in serials.items()}
    return [[one.address for one in tablet.sightings] for tablet in unify(sightings, serials=known)]


def test_a_port_seen_by_the_adb_server_and_on_the_bus_is_one_tablet_best_reached_through_the_server() -> None:
    assert groups(on_bus("1-4.2"), on_server("1-4.2")) == [["adb:usb:1-4.2", "usb:1-4.2"]]


def test_a_tablet_on_a_cable_and_on_the_network_is_one_once_its_serial_has_been_read() -> None:
    cable, network = on_server("1-4.2"), on_network()
    assert len(unify([cable, network])) == 2
    (tablet,) = unify([network, cable], serials={network.address: SERIAL})
    assert tablet.best == cable
    assert (tablet.usb_path, tablet.serial) == ("1-4.2", SERIAL)


def test_a_name_announced_on_the_network_carries_the_serial_and_joins_by_itself() -> None:
    assert len(unify([announced(), on_server("1-4.2")])) == 1


def test_one_serial_on_two_ports_is_two_tablets() -> None:
    assert len(unify([on_server("1-1"), on_server("1-2")])) == 2


def test_a_network_tablet_whose_serial_two_cables_share_stays_by_itself() -> None:
    network = on_network()
    found = unify([on_server("1-1"), on_server("1-2"), network], serials={network.address: SERIAL})
    assert len(found) == 3


def test_two_network_tablets_that_share_a_serial_are_kept_apart() -> None:
    first, second = on_network("192.0.2.7:5555"), on_network("192.0.2.8:5555")
    assert len(unify([first, second], serials={first.address: SERIAL, second.address: SERIAL})) == 2


def test_a_serial_that_makers_give_to_many_joins_nothing() -> None:
    network = on_network()
    assert len(unify([on_server("1-1", SHARED), network], serials={network.address: SHARED})) == 2


def test_the_way_that_is_ready_comes_first() -> None:
    cable, network = on_server("1-1", state=State.UNAUTHORISED), announced()
    (tablet,) = unify([cable, network])
    assert tablet.best == network
    assert tablet.usb_path == "1-1"


PATHS = st.sampled_from(["1-1", "1-2", "1-4.1"])
SERIALS = st.sampled_from([SERIAL, "SAMPLE0002", SHARED, ""])
SIGHTINGS = st.lists(
    st.one_of(
        st.builds(on_server, PATHS, SERIALS),
        st.builds(on_bus, PATHS, SERIALS),
        st.builds(on_network, st.sampled_from(["192.0.2.7:5555", "192.0.2.8:5555"]), SERIALS),
        st.builds(announced, st.sampled_from([SERIAL, "SAMPLE0002"])),
    ),
    max_size=8,
)


@given(SIGHTINGS)
def test_every_sighting_is_in_one_tablet_and_no_tablet_is_in_two_sockets(sightings: list[Sighting]) -> None:
    tablets = unify(sightings)
    assert sorted(one.address for tablet in tablets for one in tablet.sightings) == sorted(
        one.address for one in sightings
    )
    for tablet in tablets:
        assert len({one.usb_path for one in tablet.sightings if one.usb_path}) <= 1
