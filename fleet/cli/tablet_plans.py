"""`doorstep tablet plan` and `apply`: what a profile does to one tablet, without the database."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from fleet.cli.app_files import apps_at
from fleet.cli.console import REFUSED, UNREACHABLE, JsonOption, err, fail, out, print_json, speaks_plainly
from fleet.cli.plan_words import end_lines, show_plan, step_line
from fleet.cli.tablet_link import AddressOption, KeyOption, WaitOption, open_tablet
from fleet.settings import Settings
from provisioning.apps.traits import TRAITS, traits_of
from provisioning.engine.apply import apply, refuse_stale
from provisioning.engine.closing import Closing, close
from provisioning.engine.observe import observe_for
from provisioning.engine.plan import Plan, plan, plan_from_json
from provisioning.engine.report import ApplyReport, Ended, StepReport
from provisioning.engine.screens import open_screen
from provisioning.engine.verify import Verification, verify
from provisioning.facts.reading import read_facts
from provisioning.profiles.library import load_library
from provisioning.profiles.profile import Profile
from provisioning.profiles.resolve import resolve
from provisioning.resources.language import Language
from provisioning.transports.base import Transport
from provisioning.transports.install_session import abandon_left_behind

ProfileOption = Annotated[str, typer.Option("--profile", help="Which profile; see docs/profiles.md.")]
NeedOption = Annotated[
    list[str] | None, typer.Option("--need", help="A need of the person it is for; may be given again.")
]
WishOption = Annotated[
    list[str] | None, typer.Option("--wish", help="What the person says they want; may be given again.")
]
LanguageOption = Annotated[str, typer.Option("--language", help="The language the person reads, as in pa.")]
ProfilesOption = Annotated[
    Path | None, typer.Option("--profiles", help="Folder of own profiles, needs and quirks.", file_okay=False)
]
SecretOption = Annotated[
    list[str] | None,
    typer.Option("--secret", help="A secret a step needs, from a file, as in wifi=FILE; may be given again."),
]


@speaks_plainly
def plan_profile(
    address: AddressOption,
    profile: ProfileOption = "standard",
    need: NeedOption = None,
    wish: WishOption = None,
    language: LanguageOption = "",
    profiles: ProfilesOption = None,
    target: Annotated[
        Path | None, typer.Option("--out", help="Write the plan to this file too, for `apply --plan`.", dir_okay=False)
    ] = None,
    as_json: JsonOption = False,
    key: KeyOption = None,
    wait: WaitOption = 30.0,
) -> None:
    """Say what a profile and a person's needs would change on a tablet, and why. Nothing on the tablet is changed.

    Example: `doorstep tablet plan --connect tcp:127.0.0.1:6601 --profile large-clear --need low-vision --language pa`
    """
    library = load_library(profiles or Settings().own_profiles)
    wanted = resolve(library.profile(profile), need or (), wishes=wish or (), language=language, library=library)
    with _link(address, key, wait) as transport:
        made = plan(wanted, observe_for(transport, wanted))
    if target is not None:
        target.write_text(json.dumps(made.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        print_json(_plan_json(made))
    else:
        show_plan(made, wanted, library)


@speaks_plainly
def apply_profile(
    address: AddressOption,
    profile: ProfileOption = "standard",
    need: NeedOption = None,
    wish: WishOption = None,
    language: LanguageOption = "",
    profiles: ProfilesOption = None,
    stored: Annotated[
        Path | None, typer.Option("--plan", help="Apply exactly this plan, which `plan --out` wrote.", dir_okay=False)
    ] = None,
    apps: Annotated[
        Path | None, typer.Option(help="Folder of app files; without it, the apps that ship.", file_okay=False)
    ] = None,
    secret: SecretOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before what cannot be undone.")] = False,
    as_json: JsonOption = False,
    key: KeyOption = None,
    wait: WaitOption = 30.0,
) -> None:
    """Make a tablet what a profile and a person's needs ask for, then read everything back.

    Exit code 0 when all that can be done from here holds. What only a person can do is listed and counts as left
    for hands, not as refused; the first such settings screen is opened on the tablet.

    Example: `doorstep tablet apply --connect tcp:127.0.0.1:6601 --profile large-clear --need low-vision --language pa`
    """
    library = load_library(profiles or Settings().own_profiles)
    read = _stored_plan(stored) if stored is not None else None
    if read is not None:
        profile, need, wish, language = read.profile, list(read.needs), list(read.wishes), read.language
    wanted = resolve(library.profile(profile), need or (), wishes=wish or (), language=language, library=library)
    with _link(address, key, wait) as transport, tempfile.TemporaryDirectory(prefix="doorstep-apps-") as unpacked:
        seen = observe_for(transport, wanted)
        if read is not None:
            refuse_stale(read, wanted, seen)
        made = read or plan(wanted, seen)
        if not as_json:
            show_plan(made, wanted, library)
        _ask_before(made, yes=yes)
        report = apply(
            transport,
            made,
            wanted,
            apps=_apps_for(transport, made, wanted, apps, Path(unpacked)),
            secrets=_secrets(made, secret or ()),
            on_step=lambda ended: (err if as_json else out).print(step_line(ended, len(made.steps)), soft_wrap=True),
        )
        _end(transport, made, wanted, report, as_json=as_json)


def _apps_for(
    transport: Transport, made: Plan, wanted: Profile, folder: Path | None, unpack_to: Path
) -> Mapping[str, Sequence[Path]]:
    """The files this very tablet gets, chosen before a byte moves; what an earlier link left half given is given up."""
    if not made.apps:
        return {}
    abandon_left_behind(transport)
    spoken = tuple(resource.tag for resource in wanted.resources if isinstance(resource, Language))
    tablet = traits_of(read_facts(transport, TRAITS), languages=spoken)
    return apps_at(folder, made.apps, tablet, unpack_to=unpack_to)


@contextmanager
def _link(address: str, key: Path | None, wait: float) -> Iterator[Transport]:
    transport = open_tablet(address, key, wait)
    try:
        yield transport
    finally:
        transport.close()


def _stored_plan(path: Path) -> Plan:
    try:
        return plan_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, ValidationError) as error:
        raise fail(f"{path} holds no plan that this version can read.", "Plan again.") from error


def _plan_json(made: Plan) -> dict[str, object]:
    """The plan as it is stored, and the three questions everybody asks of it."""
    return {
        **made.to_json(),
        "empty": not made.steps,
        "for_hands": [check.resource for check in made.for_hands],
        "in_doubt": [check.resource for check in made.in_doubt],
    }


def _ask_before(made: Plan, *, yes: bool) -> None:
    if not made.irreversible or yes:
        return
    for step in made.irreversible:
        err.print(f"[bold]This cannot be undone:[/] {step.sentence} {step.reason}")
    if not sys.stdin.isatty() or not typer.confirm("Go on?", err=True):
        raise fail("Nothing was changed.", "Say --yes, or go on when asked.")


def _secrets(made: Plan, given: list[str] | tuple[()]) -> dict[str, str]:
    """From files, or typed unseen where somebody sits at a terminal; `apply` names those that are missing."""
    found: dict[str, str] = {}
    for each in given:
        name, separator, file = each.partition("=")
        if not separator:
            raise fail(f"“{each}” is not a secret's name and file.", "Write it as in --secret wifi=FILE.")
        found[name] = Path(file).read_text(encoding="utf-8").rstrip("\n")
    for name in made.secrets:
        if name not in found and sys.stdin.isatty():
            found[name] = typer.prompt(f"Secret “{name}”", hide_input=True, err=True)
    return found


def _end(transport: Transport, made: Plan, wanted: Profile, report: ApplyReport, *, as_json: bool) -> None:
    """Read everything back, take the closing steps if all holds, and say how it ended."""
    if report.ended is Ended.LINK_LOST:
        raise fail(
            f"The link was lost, so what the last step did is not known. {report.why}",
            "Run the same command again: what holds is not done twice.",
            code=UNREACHABLE,
        )
    checked = verify(transport, wanted)
    closing = close(transport, made.closing, verified=True) if checked.passed and made.closing else None
    if checked.plan.for_hands:
        open_screen(transport, checked.plan.for_hands[0].screen)
    if as_json:
        print_json(_report_json(report, checked, closing))
    else:
        for line in end_lines(report, checked, closing, asked_to_close=bool(made.closing)):
            out.print(line, soft_wrap=True)
    if checked.plan.steps or checked.plan.in_doubt:
        raise typer.Exit(REFUSED)


def _report_json(report: ApplyReport, checked: Verification, closing: Closing | None) -> dict[str, object]:
    return {
        "steps": [StepReport.to_json(step) for step in report.steps],
        "verified": checked.passed,
        "left": [step.sentence for step in checked.plan.steps],
        "for_hands": [{"what": check.sentence, "do": check.why} for check in checked.plan.for_hands],
        "in_doubt": [check.why for check in checked.plan.in_doubt],
        "closing": None if closing is None else {"closed": closing.closed.value, "why": closing.why},
    }
