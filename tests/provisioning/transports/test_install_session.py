"""Sessions of ours through thick and thin: what is left behind by a lost link, and what is done about it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.command import Command
from provisioning.errors import InstallRefused, LinkLost, ServiceRefused, TransportError
from provisioning.transports.address import connect
from provisioning.transports.base import Transport
from provisioning.transports.install_session import MARK, left_behind
from provisioning.transports.keys import BenchKey
from provisioning.virtual.faults import Fault
from provisioning.virtual.tablet import VirtualTablet
from tests.bundles import SplitRecipe, build_splits
from tests.contracts.tablets import tablet_on_a_port
from tests.provisioning.transports.conftest import Connect, Start

PACKAGE = "org.example.parts"

LISTED = """\
Active install sessions:
  Session 1001:
    userId=0 mOriginalInstallerUid=2000 createdMillis=1 stageDir=/data/app/vmdl1001.tmp stageCid=null
    mode=1 installFlags=0x400072 sizeBytes=7 originatingUri=null referrerUri=doorstep:bench abiOverride=null
    mClientProgress=0.3 mProgress=0.2 mSealed=false mPermissionsManuallyAccepted=false mDestroyed=false
  Active Session 1002:
    mode=1 sizeBytes=9 referrerUri=null abiOverride=null
    mSealed=false
  Session 1003:
    mode=1 sizeBytes=9 referrerUri=doorstep:bench abiOverride=null
    mSealed=true mDestroyed=false
  Session 1004:
    mode=1 sizeBytes=9 referrerUri=doorstep:benchmark abiOverride=null
    mSealed=false
  Active Session 1005:
    mode=1 sizeBytes=9 abiOverride=null referrerUri=doorstep:bench
    mCommitted=false mSealed=false

Historical install sessions:
  Session 900:
    mode=1 sizeBytes=9 referrerUri=doorstep:bench abiOverride=null
    mSealed=false mDestroyed=true

Legacy install sessions:
  {}
"""


def wanted() -> list[Path]:
    splits = build_splits()
    return [splits[name] for name in ("", "config.arm64_v8a", "config.pa")]


@pytest.fixture(scope="module")
def tablet_and_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[VirtualTablet, int]]:
    with tablet_on_a_port(tmp_path_factory.mktemp("tablet"), "samsung-tab-a9-14") as served:
        yield served


@pytest.fixture
def tablet(tablet_and_port: tuple[VirtualTablet, int]) -> VirtualTablet:
    tablet = tablet_and_port[0]
    tablet.faults.clear()
    with tablet.changing() as state:
        state.content.sessions.clear()
        state.content.packages.pop(PACKAGE, None)
    return tablet


def link(tablet_and_port: tuple[VirtualTablet, int], key: BenchKey) -> Transport:
    return connect(f"tcp:127.0.0.1:{tablet_and_port[1]}", signer=key, poll_seconds=0.02)


def test_only_our_own_open_sessions_are_given_up() -> None:
    assert left_behind(LISTED) == ("1001", "1005")


@pytest.mark.parametrize("listed", ["", "Can't find service: package\n", "Active install sessions:\n"])
def test_a_list_without_sessions_has_none_of_ours(listed: str) -> None:
    assert left_behind(listed) == ()


def test_a_session_left_by_a_lost_link_is_given_up_before_the_next(
    tablet: VirtualTablet, tablet_and_port: tuple[VirtualTablet, int], bench_key: BenchKey
) -> None:
    with tablet.changing() as state:
        state.content.sessions["77"] = {"flags": {"--referrer": MARK}, "files": {}}
        state.content.sessions["88"] = {"flags": {}, "files": {}}
    transport = link(tablet_and_port, bench_key)
    transport.install(wanted())
    transport.close()
    assert list(tablet.content.sessions) == ["88"]
    assert tablet.content.packages[PACKAGE].splits == ("config.arm64_v8a", "config.pa")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 40_000))
def test_a_link_cut_anywhere_leaves_the_app_whole_or_absent_and_the_next_try_puts_it_right(
    tablet: VirtualTablet, tablet_and_port: tuple[VirtualTablet, int], bench_key: BenchKey, cut: int
) -> None:
    with tablet.changing() as state:
        state.content.packages.pop(PACKAGE, None)
    transport = link(tablet_and_port, bench_key)
    tablet.faults.arm(Fault.DROP_AFTER, cut, times=1)
    try:
        transport.install(wanted())
    except TransportError as error:
        assert isinstance(error, LinkLost)  # noqa: PT017 - an install that came through is right too
    finally:
        tablet.faults.clear()
        transport.close()
    present = tablet.content.packages.get(PACKAGE)
    assert present is None or present.splits == ("config.arm64_v8a", "config.pa")
    again = link(tablet_and_port, bench_key)
    again.install(wanted())
    listed = again.run(Command("pm path --user 0", PACKAGE)).stdout
    again.close()
    assert listed.count("package:") == 3
    assert tablet.content.sessions == {}


def test_a_full_tablet_refuses_before_a_byte_is_sent(
    tablet: VirtualTablet, tablet_and_port: tuple[VirtualTablet, int], bench_key: BenchKey
) -> None:
    tablet.faults.arm(Fault.DISK_FULL, 1000)
    transport = link(tablet_and_port, bench_key)
    moved: list[int] = []
    with pytest.raises(InstallRefused, match="tablet is full") as caught:
        transport.install(wanted(), progress=lambda done, _total: moved.append(done))
    transport.close()
    assert caught.value.code == "INSTALL_FAILED_INSUFFICIENT_STORAGE"
    assert moved == []


def test_an_install_given_up_half_way_leaves_no_session(
    tablet: VirtualTablet, tablet_and_port: tuple[VirtualTablet, int], bench_key: BenchKey
) -> None:
    first = wanted()[0].stat().st_size

    def stop(done: int, _total: int) -> None:
        if done > first:
            raise KeyboardInterrupt

    transport = link(tablet_and_port, bench_key)
    with pytest.raises(KeyboardInterrupt):
        transport.install(wanted(), progress=stop)
    assert tablet.content.sessions == {}
    assert transport.run(Command("echo", "still here")).ok
    transport.close()


def test_a_daemon_that_closes_every_way_is_told_from_a_lost_link(start_daemon: Start, connect_to: Connect) -> None:
    daemon = start_daemon(refused=("abb_exec:", "exec:"))
    transport = connect_to(daemon)
    with pytest.raises(ServiceRefused, match="Nothing was installed"):
        transport.install(wanted())
    assert transport.run(Command("echo", "still here")).ok


def test_every_name_given_to_the_tablet_is_one_of_ours(
    tablet: VirtualTablet, tablet_and_port: tuple[VirtualTablet, int], bench_key: BenchKey, tmp_path: Path
) -> None:
    odd = [tmp_path / f"{name} $(reboot) '.apk" for name in "abc"]
    for path, apk in zip(odd, wanted(), strict=True):
        path.write_bytes(apk.read_bytes())
    transport = link(tablet_and_port, bench_key)
    transport.install(odd)
    transport.close()
    assert PACKAGE in tablet.content.packages


def test_the_order_in_which_parts_are_given_does_not_matter(
    tablet: VirtualTablet, tablet_and_port: tuple[VirtualTablet, int], bench_key: BenchKey
) -> None:
    transport = link(tablet_and_port, bench_key)
    for order in itertools.islice(itertools.permutations(wanted()), 0, 6, 2):
        transport.install(order)
        assert tablet.content.packages[PACKAGE].splits == ("config.arm64_v8a", "config.pa")
    transport.close()


def test_an_app_with_features_is_installed_with_them(
    tablet: VirtualTablet, tablet_and_port: tuple[VirtualTablet, int], bench_key: BenchKey
) -> None:
    splits = build_splits(SplitRecipe(features=("camera", "extras"), on_demand=("extras",)))
    without_other_processor = [apk for name, apk in splits.items() if name != "config.armeabi_v7a"]
    transport = link(tablet_and_port, bench_key)
    transport.install(without_other_processor)
    transport.close()
    assert len(tablet.content.packages[PACKAGE].splits) == len(without_other_processor) - 1
