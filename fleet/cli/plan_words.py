"""How a plan and what came of it are said on a terminal: every step with its reason and with who asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.markup import escape

from fleet.cli.console import out
from provisioning.engine.closing import Closing
from provisioning.engine.plan import Check, Plan
from provisioning.engine.report import ApplyReport, Ended, StepReport
from provisioning.engine.verify import Verification
from provisioning.profiles.library import Library
from provisioning.profiles.profile import Profile
from provisioning.resources.step import Outcome

_OUTCOMES = {
    Outcome.OK: "[green]done[/]",
    Outcome.REFUSED: "[bold red]refused[/]",
    Outcome.UNSUPPORTED: "not on this Android",
    Outcome.NEEDS_HUMAN: "[bold yellow]for hands[/]",
    Outcome.UNKNOWN: "[bold red]not known[/]",
}


def show_plan(made: Plan, profile: Profile, library: Library) -> None:
    out.print(_heading(made, profile, library), soft_wrap=True)
    if not made.steps:
        out.print("Nothing is left to do from here: the plan is empty.")
    for number, step in enumerate(made.steps, 1):
        end = " [bold](cannot be undone)[/]" if step.irreversible else ""
        out.print(f"{number:>3}  {escape(step.sentence)}{end}", soft_wrap=True)
        out.print(
            f"     [dim]why:[/] {escape(step.reason)}. [dim]for:[/] {_asked_by(step.origins, library)}", soft_wrap=True
        )
    _show_checks("For your hands:", made.for_hands, library)
    _show_checks("Could not be read:", made.in_doubt, library)
    lacking = tuple(check for check in made.checks if check.outcome is Outcome.UNSUPPORTED)
    _show_checks("Not on this Android:", lacking, library)
    if made.decisions:
        out.print("[bold]How different wishes were brought together:[/]")
        for decision in made.decisions:
            out.print(f"  -  {escape(decision)}", soft_wrap=True)
    for step in made.closing:
        out.print(f"At the very end, once everything was read back: {step.sentence} {step.reason}.", soft_wrap=True)


def step_line(ended: StepReport, of: int) -> str:
    said = ended.said.strip().splitlines()
    more = f": {escape(said[-1])}" if said and ended.outcome is not Outcome.OK else ""
    return f"{ended.number + 1:>3} of {of}  {_OUTCOMES[ended.outcome]}  {escape(ended.step.sentence)}{more}"


def end_lines(
    report: ApplyReport, checked: Verification, closing: Closing | None, *, asked_to_close: bool
) -> Iterator[str]:
    """How it ended, the good news last."""
    if report.ended is Ended.STOPPED:
        yield report.why
    for step in checked.plan.steps:
        yield f"[bold red]Not done:[/] {step.sentence}"
    for check in checked.plan.in_doubt:
        yield f"[bold red]Not known:[/] {check.sentence}. {check.why}"
    for check in checked.plan.for_hands:
        yield f"[bold yellow]For your hands:[/] {check.why}"
    if closing is not None:
        yield closing.why
    elif asked_to_close:
        yield "USB debugging was left on, because not everything holds yet."
    if checked.passed:
        yield "[green]Everything the profile asks for was read back from the tablet.[/]"
    elif not checked.plan.steps and not checked.plan.in_doubt:
        yield "All that can be done from here was read back. Do what is left for your hands, then plan again."


def _heading(made: Plan, profile: Profile, library: Library) -> str:
    own = library.profiles[profile.name].needs
    added = [library.title(f"need:{name}") for name in profile.needs if name not in own]
    added += [library.title(f"wish:{name}") for name in profile.wishes]
    added += [library.title(f"language:{profile.language}")] if profile.language else []
    with_these = f", with: {'; '.join(added)}" if added else ""
    return f"[bold]{profile.title}[/], version {profile.version}{with_these}. Tablet: {made.unit}."


def _show_checks(title: str, checks: tuple[Check, ...], library: Library) -> None:
    if checks:
        out.print(f"[bold]{title}[/]")
    for check in checks:
        out.print(f"  -  {escape(check.sentence)}: {escape(check.why)}", soft_wrap=True)
        out.print(
            f"     [dim]why:[/] {escape(check.reason)}. [dim]for:[/] {_asked_by(check.origins, library)}",
            soft_wrap=True,
        )


def _asked_by(origins: tuple[str, ...], library: Library) -> str:
    return ", ".join(library.title(origin) for origin in origins)
