"""The link of one run: opened when first needed, used only once the unit on the wire is known to be the run's own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from fleet.bench import queries
from fleet.bench.link import OpenTablet, bench_key, open_at
from fleet.bench.service.benches import get_bench, get_slot
from fleet.bench.service.seen import write_reporting, write_seen
from fleet.bench.work.record import Record
from fleet.tablets import service as tablets
from provisioning.errors import FactUnreadable, ServiceRefused, TransportError, WipeBlocked, WrongTablet
from provisioning.facts.battery import BATTERY
from provisioning.facts.identity import ANDROID_ID, IDENTITY, Identity
from provisioning.facts.properties import PROPERTIES
from provisioning.facts.reading import read_facts
from provisioning.facts.trade_in import TradeInReport
from provisioning.transports.base import Transport
from provisioning.wipe.trade_in import is_evaluated, read_report


class TabletLink:
    """Opens, checks and closes the transport of one run. Close it when the worker puts the run down."""

    def __init__(self, record: Record, opener: OpenTablet) -> None:
        self._record = record
        self._opener = opener
        self._transport: Transport | None = None
        self.key_fingerprint = ""
        self.report: TradeInReport | None = None
        """What the tablet reports in trade-in mode, while it answers nothing else."""
        self.evaluated = False
        """Whether it stands open to anyone until its next start, which erases it."""
        with record.context.database.read() as session:
            run = queries.run(session, record.run_id)
            assert run is not None, "the run was taken a moment ago"
            slot = get_slot(session, run.slot_id)
            self.slot_id, self.place, self._address = slot.id, slot.place, slot.address
            self._bench = get_bench(session, slot.bench_id)
            session.expunge(self._bench)
            self._serial = tablets.get_tablet(session, record.tablet_id).serial

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    def open(self, on_prompt: Callable[[], None] = lambda: None, *, reporting: bool = False) -> Transport:
        """The checked transport. Raises `TransportError`, `FactUnreadable`, or `WrongTablet` before anything else is
        asked of the unit.

        With `reporting`, a tablet that only reports in trade-in mode will do too: then `report` is what it said.
        """
        if self._transport is None:
            key = bench_key(self._record.settings)
            self.key_fingerprint = key.fingerprint
            connect = partial(
                open_at,
                self._bench,
                self._address,
                settings=self._record.settings,
                opener=self._opener,
                signer=key,
                on_prompt=on_prompt,
            )
            try:
                self._transport = connect()
                try:
                    self._check(self._transport)
                except ServiceRefused as refused:
                    self.close()  # once a command was refused, the next ones are asked for in an older way
                    self._transport = connect()
                    self._check_report(self._transport, refused, reporting)
            except BaseException:
                self.close()
                raise
        return self._transport

    def _check(self, transport: Transport) -> None:
        self.report, self.evaluated = None, False
        seen = read_facts(transport, (IDENTITY, BATTERY, ANDROID_ID, PROPERTIES), now=self._record.now)
        identity = seen.value(IDENTITY)
        self.evaluated = is_evaluated(seen.value(PROPERTIES))
        with self._record.context.write() as session:
            write_seen(session, self.slot_id, identity, seen, clock=self._record.now)
        self._refuse_another(identity)

    def _check_report(self, transport: Transport, refused: ServiceRefused, reporting: bool) -> None:
        try:
            report = read_report(transport)
        except FactUnreadable:
            raise refused from None
        with self._record.context.write() as session:
            write_reporting(session, self.slot_id, report, clock=self._record.now)
        if report.reset_protection and report.serial is None:
            raise WipeBlocked(
                f"The tablet in slot {self.place} is locked: it asks for an earlier owner's account, and tells nothing "
                "else. Ask the donor to sign in on it once and remove their account, or to take it back."
            )
        self._refuse_serial(report.serial, f"{report.model or 'a tablet'}, serial {report.serial or 'none'},")
        if not reporting:
            raise FactUnreadable(
                "identity", "it stands in its first-run setup; go through the welcome screens and switch on debugging"
            )
        self.report = report

    def _refuse_another(self, identity: Identity) -> None:
        self._refuse_serial(identity.serial, str(identity.unit))

    def _refuse_serial(self, serial: str | None, found: str) -> None:
        if (serial or "").strip().lower() != self._serial.strip().lower():
            raise WrongTablet(
                f"Nothing was touched. This run is about tablet {self._record.tablet_id}, serial {self._serial}, but "
                f"{found} is in slot {self.place}. Put the right one there, then try again."
            )

    def close(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            with suppress(TransportError):
                transport.close()
