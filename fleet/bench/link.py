"""Reaching the tablet in a slot: the bench's own key, and the transport every look and run begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from fleet.bench.models import Bench
from fleet.bench.reach import BenchKind, bare_address
from fleet.settings import Settings
from provisioning.benches.base import Attached
from provisioning.benches.host_keys import parse_host_key
from provisioning.benches.local import LocalBench
from provisioning.benches.shared import Lease, SharedBenches
from provisioning.benches.ssh import SshBenchSettings
from provisioning.errors import BenchError, BenchSettingsInvalid, CannotConnect, TransportError
from provisioning.transports.address import connect
from provisioning.transports.around import Around
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey, load_or_make_key

AUTH_WAIT_SECONDS = 2.0
"""How long a look waits for somebody to tap Allow before it goes away and comes back later."""


_ELSEWHERE = SharedBenches()
"""One for the process, because its connections are."""


class OpenTablet(Protocol):
    """Opens a link to the tablet at an address; raises `provisioning.errors.TransportError`."""

    def __call__(self, address: str, *, signer: BenchKey, on_prompt: Callable[[], None]) -> Transport: ...


def open_tablet(address: str, *, signer: BenchKey, on_prompt: Callable[[], None]) -> Transport:
    """The link used everywhere outside tests, to tablets that this computer reaches itself."""
    return connect(
        address, signer=signer, timeout_seconds=8.0, auth_wait_seconds=AUTH_WAIT_SECONDS, on_prompt=on_prompt
    )


def open_at(
    bench: Bench,
    address: str,
    *,
    settings: Settings,
    opener: OpenTablet,
    signer: BenchKey,
    on_prompt: Callable[[], None],
) -> Transport:
    """A link to the tablet at a slot's address, through SSH where the bench stands elsewhere; `opener` is for here.

    Raises `provisioning.errors.TransportError`: a bench that cannot be reached is a tablet that cannot be.
    """
    if bench.kind is BenchKind.LOCAL:
        return opener(bare_address(address), signer=signer, on_prompt=on_prompt)
    try:
        through = _ELSEWHERE.hold(ssh_settings(bench, settings), tablet_key=signer)
    except BenchError as error:
        raise CannotConnect(str(error)) from error
    try:
        return ThroughBench(through, through.bench.open_tablet(bare_address(address), on_prompt=on_prompt))
    except BaseException as error:
        through.release()
        if isinstance(error, BenchError):
            raise CannotConnect(str(error)) from error
        raise


class SeeTablets(Protocol):
    """Says what is plugged into a bench, opening none of it. Never raises: what could not be seen is said."""

    def __call__(self, bench: Bench, settings: Settings) -> Attached: ...


def see_tablets(bench: Bench, settings: Settings) -> Attached:
    """What a bench sees in its ports, through its adb server or on USB."""
    try:
        key = bench_key(settings)
        if bench.kind is BenchKind.LOCAL:
            return LocalBench(key).attached()
        with _ELSEWHERE.hold(ssh_settings(bench, settings), tablet_key=key) as there:
            return there.attached()
    except (BenchError, TransportError) as error:
        return Attached((), (str(error),))


@contextmanager
def kept_open(bench: Bench, settings: Settings) -> Iterator[None]:
    """Until the block ends, all that is done at a bench elsewhere goes through one connection, one after the other too.

    One that cannot be made is no error here: whoever asks for a tablet there hears of it.
    """
    with ExitStack() as kept:
        if bench.kind is BenchKind.SSH:
            with suppress(BenchError, TransportError):
                kept.enter_context(_ELSEWHERE.hold(ssh_settings(bench, settings), tablet_key=bench_key(settings)))
        yield


def ssh_settings(bench: Bench, settings: Settings) -> SshBenchSettings:
    """How to sign in to a bench elsewhere. Raises `BenchSettingsInvalid` while nobody has confirmed its key."""
    if not bench.host_key:
        raise BenchSettingsInvalid(
            f"No tablet was touched: nobody has compared the key of {bench.name} ({bench.host}) yet. Do that where the "
            "bench is set up."
        )
    return SshBenchSettings(
        name=bench.name,
        host=bench.host,
        port=bench.port,
        user=bench.sign_in_as,
        host_key=parse_host_key(bench.host_key),
        key_file=settings.bench_ssh_key_file,
        use_agent=settings.bench_ssh_key_file is None,
        auth_wait_seconds=AUTH_WAIT_SECONDS,
    )


class ThroughBench(Around):
    """A tablet's link through the SSH connection that all of its bench share: closing it leaves the others theirs."""

    def __init__(self, through: Lease, inner: Transport) -> None:
        super().__init__(inner)
        self._through = through

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._through.release()


def key_folder(settings: Settings) -> Path:
    return settings.data_dir / "adb"


def bench_key(settings: Settings) -> BenchKey:
    """This installation's key, made at first use. Raises `provisioning.errors.KeyUnusable`."""
    folder = key_folder(settings)
    file = folder / "adbkey"
    return _read_once(folder, file.stat().st_mtime_ns if file.exists() else 0)


@lru_cache(maxsize=4)
def _read_once(folder: Path, _written_ns: int) -> BenchKey:
    """Checking an RSA key costs more than a connection does, so a key file is read again only when it changed."""
    return load_or_make_key(folder)
