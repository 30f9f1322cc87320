"""What the API and the forms ask and say of programmes and cohorts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from fleet.cohorts.plan import KEPT, MOST_LINES, DateKind, PlanLine, read_lines, read_plan
from fleet.cohorts.rules import MOST_FUNDERS, OUTCOMES, TURNAROUND_DAYS, LoanPolicy, PaidBy
from fleet.http.ids import RowId


class PolicyIn(BaseModel):
    """A programme's stated policy."""

    taster_days: int = Field(28, ge=1, le=366, description="How long a loan lasts, in days.")
    taster_months: int | None = Field(None, ge=1, le=12, description="Calendar months instead of days.")
    max_extensions: int = Field(2, ge=0, le=12)
    extension_days: int = Field(28, ge=1, le=366)
    longest_days: int | None = Field(
        None, ge=1, le=1830, description="Days a loan may last with all its extensions; null sets no limit."
    )
    extend_from_days: int | None = Field(
        None, ge=0, le=366, description="Days before the due date from which a loan may be extended; null: at any time."
    )
    grace_days: int = Field(2, ge=0, le=28, description="Days after the due date before anybody is chased.")
    bundle_required: bool = Field(True, description="Tablets go out only with a data bundle.")
    open_loans_per_person: int = Field(1, ge=1, le=5)
    gifts_allowed: bool = Field(False, description="The funder lets tablets be given for good.")
    min_age: int = Field(0, ge=0, le=120, description="0 asks for none.")
    areas: list[str] = Field(
        default_factory=list, max_length=200, description="Outward postcodes (N19) or areas (N); none: anywhere."
    )
    barriers: list[str] = Field(default_factory=list, max_length=3, description="One of them is needed; none: anybody.")
    outcomes: list[str] = Field(
        default_factory=list,
        max_length=20,
        description=f"What it was set up to reach, by what somebody goes on to: {', '.join(OUTCOMES)}.",
    )
    turnaround_days: int = Field(
        TURNAROUND_DAYS, ge=0, le=60, description="Working days from a return until a tablet is ready again."
    )

    def policy(self) -> LoanPolicy:
        """As the rules read it."""
        given = {name: getattr(self, name) for name in PolicyIn.model_fields}
        areas = dict.fromkeys(area.strip().upper() for area in self.areas if area.strip())
        lists = {name: tuple(dict.fromkeys(given[name])) for name in ("barriers", "outcomes")}
        return LoanPolicy(**(given | {"areas": tuple(areas)} | lists))


class FunderOfProgramme(BaseModel):
    """One who pays for a programme. What each has paid is counted by the tablets and bundles that they bought."""

    model_config = ConfigDict(from_attributes=True)

    funder_id: RowId
    note: str = Field("", max_length=120, description="What of it they pay for, or their share.")

    def paid_by(self) -> PaidBy:
        """As the rules read it."""
        return PaidBy(self.funder_id, self.note)


class ProgrammeIn(PolicyIn):
    """A funded scheme to set up."""

    name: str = Field("", max_length=120, examples=["Sample taster months"])
    funders: list[FunderOfProgramme] = Field(
        default_factory=list, max_length=MOST_FUNDERS, description="Who pays; none: ourselves."
    )

    def paid_by(self) -> tuple[PaidBy, ...]:
        """As the service takes them."""
        return tuple(each.paid_by() for each in self.funders)


class ProgrammeForm(ProgrammeIn):
    """The same, from a form, where a box that is not ticked is not sent and postcodes stand in one line."""

    bundle_required: bool = False
    postcodes: str = Field("", max_length=1_000)

    def policy(self) -> LoanPolicy:
        """As the rules read it."""
        areas = self.postcodes.upper().replace(",", " ").split()
        return replace(super().policy(), areas=tuple(dict.fromkeys(areas)))


class ProgrammeChange(ProgrammeIn):
    """The whole of a programme as it is to be from the next request on."""

    active: bool = Field(True, description="False: it lends no more; its loans go on.")


class ChangeForm(ProgrammeForm):
    """The same, from a form."""

    active: bool = False


class ProgrammeGatherings(BaseModel):
    """What a programme's tablets carry where a loan has no gatherings of its own, in the order of the tiles."""

    gathering_ids: list[RowId] = Field(default_factory=list, max_length=20)


class ProgrammeOut(BaseModel):
    """A programme and its policy."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    funders: list[FunderOfProgramme] = Field(default_factory=list)
    taster_days: int
    taster_months: int | None
    max_extensions: int
    extension_days: int
    longest_days: int | None
    extend_from_days: int | None
    grace_days: int
    bundle_required: bool
    open_loans_per_person: int
    gifts_allowed: bool
    min_age: int
    areas: list[str]
    barriers: list[str]
    turnaround_days: int
    outcomes: list[str]
    active: bool


class ProgrammeList(BaseModel):
    """One page of programmes."""

    items: list[ProgrammeOut]
    total: int
    page: int
    page_count: int


KEEP_WORDS = "Why its first day is right though it looks out of order beside the programme's other cohorts."


class CohortIn(BaseModel):
    """A dated intake to set up."""

    programme_id: RowId
    name: str = Field("", max_length=120, examples=["Sample cohort, June"])
    starts_on: date
    ends_on: date
    places: int = Field(ge=1, le=10_000)
    keep_because: str = Field("", max_length=500, description=KEEP_WORDS)


class CohortChange(BaseModel):
    """A cohort as it is to be. It stays with its programme."""

    name: str = Field(max_length=120, examples=["Sample cohort, June"])
    starts_on: date
    ends_on: date
    places: int = Field(ge=1, le=10_000)
    keep_because: str = Field("", max_length=500, description=KEEP_WORDS)


class CohortOut(BaseModel):
    """A dated intake."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    programme_id: int
    name: str
    starts_on: date
    ends_on: date
    places: int
    kept_because: str = Field(description="Why its first day was kept though it stands out of order.")


class PlanDateOut(BaseModel):
    """A day of a plan, as it was planned and when it takes place."""

    id: int
    cohort_id: int | None
    kind: DateKind
    planned_on: date
    takes_place_on: date = Field(description="The hub's next working day where it is closed on the planned one.")
    words: str
    place: int = Field(description="Where it stood in the plan.")
    kept_because: str


class CohortDetail(CohortOut):
    """A dated intake with what its dates come to."""

    due_on: date = Field(description="When its tablets are due: its last day, or the hub's next working day.")
    collections: list[PlanDateOut]


class CollectionIn(BaseModel):
    """A day on which a cohort's measures are collected. The same day and words twice are one."""

    planned_on: date
    words: str = Field("", max_length=200, examples=["End of the month"])


class CohortList(BaseModel):
    """One page of cohorts."""

    items: list[CohortOut]
    total: int
    page: int
    page_count: int


class PlanLineIn(BaseModel):
    """One line of a plan, in its order."""

    date: str = Field("", max_length=60, examples=["5 October 2026"], description="As written; ISO or day first.")
    what: str = Field("", max_length=500, examples=["Start of Cohort 1"])
    kind: str = Field("", max_length=40, description="Left empty, the words decide.")
    cohort: str = Field("", max_length=120)
    places: int | None = Field(None, ge=1, le=10_000)
    keep_because: str = Field("", max_length=500, description="Why the day is right though it looks wrong.")


class PlanIn(BaseModel):
    """A plan: its lines, or the text of a CSV file whose first row names the columns `date` and `what`."""

    lines: list[PlanLineIn] = Field(default_factory=list, max_length=MOST_LINES)
    csv: str = Field("", max_length=100_000, examples=["date,what\n5 October 2026,Start of Cohort 1\n"])
    places: int | None = Field(None, ge=1, le=10_000, description="For cohorts that say nothing of theirs.")

    def read(self) -> tuple[PlanLine, ...]:
        """The lines, those of the file first."""
        if self.csv:
            return read_plan(self.csv)
        rows = [
            {**line.model_dump(include={"date", "what", "kind", "cohort"}), "places": str(line.places or "")}
            for line in self.lines
        ]
        return read_lines(rows, {number: {KEPT: line.keep_because} for number, line in enumerate(self.lines, 1)})


class PlanLineOut(BaseModel):
    """A line as it was read. `question` asks for another day or a reason; `problem` has to be mended."""

    number: int
    day: date | None
    takes_place_on: date | None
    closed_because: str
    words: str
    kind: DateKind
    cohort: str
    question: str
    fitting: list[date]
    problem: str


class DraftCohortOut(BaseModel):
    """A cohort that the plan would set up."""

    name: str
    starts_on: date
    ends_on: date
    places: int | None
    end_from: str


class PlanPreview(BaseModel):
    """What a plan amounts to. Nothing was written."""

    may_be_imported: bool
    lines: list[PlanLineOut]
    cohorts: list[DraftCohortOut]


class PlanImported(BaseModel):
    """What was set up."""

    cohorts: list[CohortOut]
    dates: int


class PlanOut(BaseModel):
    """The days of a programme's plan, in the order in which they were written."""

    items: list[PlanDateOut]
