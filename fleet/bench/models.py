"""Benches and their slots, runs with every step they took, wipe certificates, and the app library."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from fleet.bench.licences import Licence
from fleet.bench.reach import BenchKind, bare_address
from fleet.bench.rules import GivenBy, RunKind, RunState, StepOutcome, ToldBy
from fleet.bench.scan_words import ScanMode, ScanOutcome
from fleet.database.base import Base, IntId, word_column
from provisioning.apps.release import Container

_MAYBE_JSON = JSON(none_as_null=True)
_ONLY_UNFINISHED = "state NOT IN ('passed', 'failed', 'abandoned')"


class Bench(Base):
    """A table with a hub of ports, at one of our hubs; how it is reached, and whether it goes on by itself.

    `own_worker`: only a worker started for this bench takes its work. `autopilot_round` grows each time the autopilot
    is switched on, so that what an earlier round had begun ends. The label fields say on which sheet the autopilot
    prints and which position of it is the next unused one.
    """

    __tablename__ = "bench"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    kind: Mapped[BenchKind] = mapped_column(word_column(BenchKind), default=BenchKind.LOCAL)
    host: Mapped[str] = mapped_column(String(120), default="")
    port: Mapped[int] = mapped_column(default=22)
    sign_in_as: Mapped[str] = mapped_column(String(60), default="")
    host_key: Mapped[str] = mapped_column(Text, default="")
    """The machine's pinned SSH key, once a person has compared its fingerprint."""
    host_key_by: Mapped[str] = mapped_column(String(120), default="")
    own_worker: Mapped[bool] = mapped_column(default=False)
    autopilot: Mapped[bool] = mapped_column(default=False)
    autopilot_round: Mapped[int] = mapped_column(default=0)
    autopilot_by: Mapped[str] = mapped_column(String(120), default="")
    """Who switched it on or off last, and whose standing promise it is that SIM and memory card are out."""
    autopilot_by_id: Mapped[int | None]
    autopilot_at: Mapped[datetime | None]
    profile: Mapped[str] = mapped_column(String(80), default="")
    """What the autopilot makes a tablet into when nothing else asks for it."""
    label_sheet: Mapped[str] = mapped_column(String(40), default="")
    label_next: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("hub_id", "name"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this as a plain class attribute


class Slot(Base):
    """One place at a bench, named after the hub's real port (``1-1.2``), and what was seen in it last."""

    __tablename__ = "bench_slot"

    id: Mapped[IntId]
    bench_id: Mapped[int] = mapped_column(ForeignKey("bench.id"))
    place: Mapped[str] = mapped_column(String(30))
    address: Mapped[str] = mapped_column(String(120), unique=True)
    seen_serial: Mapped[str] = mapped_column(String(64), default="")
    seen_kind: Mapped[str] = mapped_column(String(140), default="")
    seen_battery_percent: Mapped[int | None]
    seen_at: Mapped[datetime | None]
    seen_problem: Mapped[str] = mapped_column(Text, default="")
    """Why the last look saw no tablet, as a sentence; empty when it saw one."""
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"), index=True)
    """Which of our tablets that was; None for one that is not in the fleet's records."""
    seen_android_id: Mapped[str] = mapped_column(String(16), default="")
    """Tells two units with one serial apart, and one unit at two addresses from two."""
    seen_shared_serial: Mapped[bool] = mapped_column(default=False)
    seen_asking: Mapped[bool] = mapped_column(default=False)
    """It waits for somebody to tap Allow."""
    seen_reporting: Mapped[bool] = mapped_column(default=False)
    """It stands in its first-run setup and tells no more than trade-in mode's report (Android 16 on)."""
    twin_slot_id: Mapped[int | None]
    """The other slot where the very same tablet, or another with its serial, was seen at the same time."""
    twin_is_same: Mapped[bool] = mapped_column(default=False)
    occupied_since: Mapped[datetime | None]
    autopilot_said: Mapped[str] = mapped_column(Text, default="")
    """Why the autopilot could not do what comes next; empty when it could."""
    quiet_looks: Mapped[int] = mapped_column(default=0)
    next_look_at: Mapped[datetime | None]
    looker: Mapped[str] = mapped_column(String(80), default="")
    """Who looks into it at this moment, until `look_until`; nobody else does meanwhile."""
    look_until: Mapped[datetime | None]
    look_asked_at: Mapped[datetime | None]
    """When somebody asked for a look that has not come back; None once it has."""
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("bench_id", "place"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this as a plain class attribute

    @property
    def reached_at(self) -> str:
        """Its address as the bench says it."""
        return bare_address(self.address)


class Scan(Base):
    """One scan at a bench and the one answer it got. The latest one says what the next scan does."""

    __tablename__ = "bench_scan"

    id: Mapped[IntId]
    bench_id: Mapped[int] = mapped_column(ForeignKey("bench.id"))
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(120))
    mode: Mapped[ScanMode] = mapped_column(word_column(ScanMode))
    """What the next scan does."""
    mode_before: Mapped[ScanMode] = mapped_column(word_column(ScanMode))
    outcome: Mapped[ScanOutcome] = mapped_column(word_column(ScanOutcome))
    said: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(Text, default="")
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("bench_slot.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("bench_run.id"))
    """The run this scan began, if it did: what an undo stops."""
    undone: Mapped[bool] = mapped_column(default=False)
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_bench_scan_bench_id_id", "bench_id", "id"),)


class Run(Base):
    """A wipe or a provision of one tablet. An unfinished run is the claim on its tablet and on its slot.

    Whatever a resumed run needs is in its row: the stored plan, the evidence kept before a reset (`before`), what has
    been seen since. `worker` names who works on it at this moment and fences off one that lost its lease.
    """

    __tablename__ = "bench_run"

    id: Mapped[IntId]
    kind: Mapped[RunKind] = mapped_column(word_column(RunKind))
    state: Mapped[RunState] = mapped_column(word_column(RunState), default=RunState.QUEUED)
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("bench_slot.id"))
    retry_of: Mapped[int | None] = mapped_column(ForeignKey("bench_run.id"))
    route_asked: Mapped[str] = mapped_column(String(40), default="")
    """The way to wipe that the technician chose; empty for the best one the tablet offers."""
    route: Mapped[str] = mapped_column(String(40), default="")
    """The way that is being carried out."""
    routes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Every way by name, as this tablet offered it or not."""
    started_by: Mapped[str] = mapped_column(String(120))
    started_by_id: Mapped[int | None]
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    media_removed: Mapped[bool] = mapped_column(default=False)
    """The technician's own word that SIM and memory card are out: a factory reset does not reach them."""
    profile: Mapped[str] = mapped_column(String(80), default="")
    profile_version: Mapped[int | None]
    made_for: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    """Whose needs, language and gatherings the plan was made for, as they stood then; never who that is."""

    observation: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    plan: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    before: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    first_stage: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    """The evidence of a first erase by test harness mode, whole; `before` is then of the tablet after it."""
    trade_in: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    """What the tablet reported of itself in its first-run setup, before it was opened for reading."""
    result: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    """A wipe's verdict or a provision's verification, whole."""
    blockers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    doing: Mapped[str] = mapped_column(Text, default="")
    percent: Mapped[int] = mapped_column(default=0)
    seconds_left: Mapped[int | None]
    hands: Mapped[str] = mapped_column(Text, default="")
    hands_guide: Mapped[list[str]] = mapped_column(JSON, default=list)
    waiting_since: Mapped[datetime | None]
    unanswered: Mapped[int] = mapped_column(default=0)
    faults: Mapped[int] = mapped_column(default=0)
    """Errors of our own making in a row; after a few of them the run is set aside."""
    gone_at: Mapped[datetime | None]
    """When the tablet was first missed after its reset page had been opened."""
    asked_again: Mapped[bool | None]
    knocking: Mapped[bool] = mapped_column(default=False)
    """A connection after the reset was begun and its outcome is not yet written down."""

    problem: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    cancelled_by: Mapped[str | None] = mapped_column(String(120))
    paused_by: Mapped[str | None] = mapped_column(String(120))
    paused_from: Mapped[RunState | None] = mapped_column(word_column(RunState))
    resumes: Mapped[int] = mapped_column(default=0)
    """How often it was taken up after a pause; a job of an earlier round has nothing to do any more."""
    worker: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index(
            "uq_bench_run_unfinished_tablet",
            "tablet_id",
            unique=True,
            sqlite_where=text(_ONLY_UNFINISHED),
            postgresql_where=text(_ONLY_UNFINISHED),
        ),
        Index(
            "uq_bench_run_unfinished_slot",
            "slot_id",
            unique=True,
            sqlite_where=text(_ONLY_UNFINISHED),
            postgresql_where=text(_ONLY_UNFINISHED),
        ),
        Index("ix_bench_run_tablet_id_id", "tablet_id", "id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this as a plain class attribute


class RunStep(Base):
    """One step of a run: what it does, why, and how it ended. `key` is the same when the step is tried again."""

    __tablename__ = "bench_run_step"

    id: Mapped[IntId]
    run_id: Mapped[int] = mapped_column(ForeignKey("bench_run.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(300))
    sentence: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[StepOutcome] = mapped_column(word_column(StepOutcome), default=StepOutcome.PENDING)
    said: Mapped[str] = mapped_column(Text, default="")
    """What the tablet answered, shortened, secrets as ``***``."""
    tries: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=1)
    moved_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    total_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    app_file_id: Mapped[int | None] = mapped_column(ForeignKey("app_file.id"), index=True)
    """The app it installs, and which of that app's APKs by their SHA-256, the base first."""
    app_parts: Mapped[list[str]] = mapped_column(JSON, default=list)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("run_id", "key"),)


class BlockerWaiver(Base):
    """A coordinator's decision, with its reason, to go on in spite of one blocker of one tablet."""

    __tablename__ = "bench_blocker_waiver"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"))
    code: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    waived_by: Mapped[str] = mapped_column(String(120))
    waived_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tablet_id", "code"),)


class RemovalConsent(Base):
    """Somebody agreed that the Google account on one tablet goes with a guided reset. No account and no giver is named.

    It counts until it is withdrawn, the tablet leaves the hub, or a wipe of it is proved.
    """

    __tablename__ = "bench_removal_consent"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), index=True)
    given_by: Mapped[GivenBy] = mapped_column(word_column(GivenBy))
    told_by: Mapped[ToldBy] = mapped_column(word_column(ToldBy))
    given_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(120))
    recorded_by_id: Mapped[int | None]
    recorded_as: Mapped[str] = mapped_column(String(40))
    """The staff role in which it was recorded."""
    recorded_at: Mapped[datetime]
    withdrawn_by: Mapped[str] = mapped_column(String(120), default="")
    withdrawn_at: Mapped[datetime | None]


class Certificate(Base):
    """A wipe certificate. Written once, when the proofs hold; neither changed nor deleted after that.

    The database refuses both by itself (a trigger on each engine), whatever program asks.

    Whether it was superseded is not stored here: a later certificate of the same tablet says so.
    """

    __tablename__ = "certificate"

    id: Mapped[IntId]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("bench_run.id"), unique=True)
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), index=True)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    content: Mapped[dict[str, Any]]
    content_sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]


class CertificateYear(Base):
    """How many certificates a year has had; locked while the next number is taken, so that none is left out."""

    __tablename__ = "certificate_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class AppFile(Base):
    """An app in the library, as one file brought it. The bytes of each of its APKs lie in the data folder under their
    own SHA-256; `sha256` is that of the file itself, which is not kept where it was a bundle.

    `variants` is what a tablet's APKs are chosen from (provisioning.apps.release). `expansions` are large files that
    came with it and that are not put on a tablet.
    """

    __tablename__ = "app_file"

    id: Mapped[IntId]
    package: Mapped[str] = mapped_column(String(255), index=True)
    version_code: Mapped[int] = mapped_column(BigInteger)
    version_name: Mapped[str] = mapped_column(String(120), default="")
    label: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    signers: Mapped[list[str]]
    min_sdk: Mapped[int]
    target_sdk: Mapped[int]
    abis: Mapped[list[str]]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    container: Mapped[Container] = mapped_column(word_column(Container), default=Container.APK)
    variants: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    expansions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    licence: Mapped[Licence] = mapped_column(word_column(Licence))
    licence_note: Mapped[str] = mapped_column(Text, default="")
    licence_by: Mapped[str] = mapped_column(String(120), default="")
    imported_by: Mapped[str] = mapped_column(String(120))
    imported_at: Mapped[datetime]


class SignerPin(Base):
    """Who signs an app, as seen when it first came in. Another signer is a stranger."""

    __tablename__ = "app_signer_pin"

    id: Mapped[IntId]
    package: Mapped[str] = mapped_column(String(255), unique=True)
    signers: Mapped[list[str]]
    pinned_at: Mapped[datetime]
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Whom we took for its maker before: signers, who changed that, when, and why."""


class CertificateIsFinal(RuntimeError):
    """Something tried to change or delete a certificate."""


def _refuse(_mapper: Mapper[Certificate], _connection: Connection, target: Certificate) -> None:
    raise CertificateIsFinal(f"Certificate {target.number} is final: it is neither changed nor deleted.")


event.listen(Certificate, "before_update", _refuse)
event.listen(Certificate, "before_delete", _refuse)
