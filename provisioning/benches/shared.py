"""One SSH connection to a bench for everybody in this process who works there, closed by the last who needs it.

Signing in costs more than a look does, and a bench's sshd lets only so many in at once. The connection that dropped is
made anew by `SshBench` itself; here is only kept who shares it.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType

from provisioning.benches.ssh import SshBench, SshBenchSettings, open_ssh_bench
from provisioning.transports.keys import BenchKey

_Place = tuple[SshBenchSettings, str]


@dataclass(eq=False)
class _Held:
    """A connection, or the one attempt to make it that everybody waits for, and how many need it."""

    bench: Future[SshBench] = field(default_factory=Future)
    holders: int = 0


class Lease:
    """One holder's part in a connection. Releasing it twice is releasing it once."""

    def __init__(self, shared: SharedBenches, place: _Place, held: _Held) -> None:
        self._shared = shared
        self._place = place
        self._held = held
        self._lock = threading.Lock()
        self._released = False

    @property
    def bench(self) -> SshBench:
        return self._held.bench.result()

    def release(self) -> None:
        with self._lock:
            released, self._released = self._released, True
        if not released:
            self._shared.give_back(self._place, self._held)

    def __enter__(self) -> SshBench:
        return self.bench

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class SharedBenches:
    """The connections that are open at this moment, by where they lead and whom they sign in as."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[_Place, _Held] = {}

    def __len__(self) -> int:
        return len(self._open)

    def hold(self, settings: SshBenchSettings, *, tablet_key: BenchKey) -> Lease:
        """A part in the connection to a bench, which is made where nobody has one; several who ask at once wait for
        the same attempt, and hear the same error. Raises what `open_ssh_bench` does."""
        place = (settings, tablet_key.fingerprint)
        with self._lock:
            held = self._open.get(place)
            first = held is None
            if held is None:
                held = self._open[place] = _Held()
            held.holders += 1
        if first:
            self._connect(place, held, tablet_key)
        held.bench.result()
        return Lease(self, place, held)

    def _connect(self, place: _Place, held: _Held, tablet_key: BenchKey) -> None:
        try:
            held.bench.set_result(open_ssh_bench(place[0], tablet_key=tablet_key))
        except BaseException as error:
            with self._lock:
                del self._open[place]
            held.bench.set_exception(error)
            raise

    def give_back(self, place: _Place, held: _Held) -> None:
        """One holder less; the last one closes the connection."""
        with self._lock:
            held.holders -= 1
            last = held.holders == 0
            if last:
                del self._open[place]
        if last:
            held.bench.result().close()
