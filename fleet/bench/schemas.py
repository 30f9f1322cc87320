"""What the API says of benches, runs, certificates and apps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from fleet.bench.licences import LONGEST_NOTE, Licence
from fleet.bench.rules import RunKind, RunState, StepOutcome
from fleet.bench.scan_words import ScanMode, ScanOutcome
from fleet.http.acts import Act
from fleet.http.ids import RowId
from provisioning.apps.release import Container
from provisioning.apps.split import SplitKind


class SlotOut(BaseModel):
    """A slot and what was seen in it last."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    place: str = Field(examples=["1-1.2"])
    address: str = Field(examples=["tcp:192.0.2.7:5555"])
    seen_serial: str
    seen_kind: str
    seen_battery_percent: int | None
    seen_at: datetime | None
    seen_problem: str = Field(description="Why the last look saw no tablet; empty when it saw one.")
    tablet_id: int | None = Field(description="Which of our tablets it was, if it is ours.")
    look_asked_at: datetime | None = Field(description="When a look was asked for that has not come back yet.")


class BenchOut(BaseModel):
    """A bench with its slots."""

    id: int
    hub_id: int
    name: str
    slots: list[SlotOut]


class LookOut(SlotOut):
    """A slot, and what a program has to settle about the tablet seen in it."""

    unknown: bool = Field(description="True for a tablet that is not in our books: book it in.")
    namesakes: list[int] = Field(description="Several tablets of ours with this serial; the bench cannot choose.")


class StartIn(Act):
    """Begin a run. The same `client_id` twice gives the same run and begins nothing."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "wipe", "tablet_id": 12, "slot_id": 3, "media_removed": True}]}
    )

    kind: RunKind
    tablet_id: RowId
    slot_id: RowId
    profile: str = Field(
        "", max_length=80, description="For a provision: the profile's name.", examples=["large-clear"]
    )
    media_removed: bool = Field(False, description="For a wipe: SIM and memory card were taken out.")
    route: str = Field(
        "",
        max_length=40,
        description="For a wipe: the way, by its code; empty for the best.",
        examples=["settings_reset"],
    )


class ScanIn(Act):
    """One scan. The same `client_id` twice gives the same answer and does nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "K7F3-QX"}, {"text": "MODE-WIPE"}]})

    text: str = Field(max_length=120, description="A label, a maker's serial, or a card such as MODE-WIPE.")


class ScanOut(BaseModel):
    """The one answer to a scan."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    text: str
    outcome: ScanOutcome
    said: str
    next_step: str
    mode: ScanMode = Field(description="What the next scan does.")
    tablet_id: int | None
    slot_id: int | None
    run_id: int | None = Field(description="The run it began, if it did.")


class AutopilotIn(BaseModel):
    """Let a bench go on by itself. `media_removed` is your standing promise for every tablet that is plugged in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"media_removed": True, "profile": "standard", "label_sheet": "L7160"},
                {"media_removed": True, "profile": "standard", "label_printer_id": 1},
            ]
        }
    )

    media_removed: bool = Field(description="SIM and memory card are out of every tablet before it is plugged in.")
    profile: str = Field(max_length=80, description="What a tablet is made into when nothing else asks for it.")
    label_sheet: str = Field("", max_length=40, description="The sheet that labels are printed on; none on a roll.")
    label_next: int = Field(1, ge=1, le=500, description="The first unused position of that sheet.")
    label_printer_id: RowId | None = Field(None, description="Labels are sent to this printer; see `/printers`.")


class AutopilotOut(BaseModel):
    """How a bench's autopilot stands, and who switched it last."""

    model_config = ConfigDict(from_attributes=True)

    autopilot: bool
    autopilot_by: str
    autopilot_at: datetime | None
    profile: str
    label_sheet: str
    label_next: int
    label_printer_id: int | None


class StepOut(BaseModel):
    """One step of a run."""

    model_config = ConfigDict(from_attributes=True)

    sentence: str
    reason: str
    outcome: StepOutcome
    said: str
    tries: int
    started_at: datetime | None
    ended_at: datetime | None


class BlockerOut(BaseModel):
    """Something that stands against a wipe."""

    code: str
    what: str
    why: str
    next: str
    waivable: bool


class RunOut(BaseModel):
    """A run as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: RunKind
    state: RunState
    tablet_id: int
    slot_id: int
    retry_of: int | None
    route: str = Field(description="For a wipe: the way that is being carried out.")
    profile: str
    started_by: str
    doing: str
    percent: int
    seconds_left: int | None
    hands: str = Field(description="What somebody has to do at the tablet now; empty when nothing.")
    hands_guide: list[str]
    blockers: list[BlockerOut]
    problem: str
    next_step: str
    created_at: datetime
    changed_at: datetime
    finished_at: datetime | None


class RunWithSteps(RunOut):
    """A run with its steps, what was planned, and what it was judged by."""

    steps: list[StepOut] = Field(default_factory=list)
    plan: dict[str, Any] | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    result: dict[str, Any] | None = None
    certificate: str | None = None


class RunList(BaseModel):
    """One page of runs."""

    items: list[RunOut]
    total: int
    page: int
    page_count: int


class CertificateOut(BaseModel):
    """A wipe certificate and whether it still stands."""

    number: str
    tablet_id: int
    run_id: int
    issued_at: datetime
    content_sha256: str
    content: dict[str, Any]
    superseded_by: str | None = None


class CertificateLine(BaseModel):
    """A wipe certificate in a list."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    tablet_id: int
    run_id: int
    issued_at: datetime
    content_sha256: str


class CertificateList(BaseModel):
    """One page of certificates."""

    items: list[CertificateLine]
    total: int
    page: int
    page_count: int


class AppOut(BaseModel):
    """An app in the library."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    package: str
    version_code: int
    version_name: str
    label: str
    sha256: str
    signers: list[str]
    min_sdk: int
    target_sdk: int
    abis: list[str]
    size_bytes: int
    container: Container
    licence: Licence
    licence_note: str
    imported_at: datetime


class AppPart(BaseModel):
    """One APK of an app. `split` is its name in the manifest, empty for the base; `value` what it is for."""

    split: str
    kind: SplitKind
    value: str
    sha256: str
    size_bytes: int
    on_demand: bool


class AppVariant(BaseModel):
    """APKs that go together, for tablets from an API level on."""

    min_sdk: int
    density: int
    parts: list[AppPart]


class AppExpansion(BaseModel):
    """A large file that came with the app and is not put on a tablet."""

    file: str
    size_bytes: int


class AppWithParts(AppOut):
    """An app with everything its file holds."""

    variants: list[AppVariant]
    expansions: list[AppExpansion]


class LicenceIn(BaseModel):
    """Who may pass an app on, and how we know."""

    licence: Licence = Field(examples=["open"])
    note: str = Field(default="", max_length=LONGEST_NOTE, examples=["Apache 2.0"])


class AppList(BaseModel):
    """One page of apps."""

    items: list[AppOut]
    total: int
    page: int
    page_count: int


class ProfileOut(BaseModel):
    """A profile and what it makes true."""

    name: str
    version: int
    title: str
    description: str
    lines: list[str]
