"""A provision run from the press of the button to a verified tablet, on virtual tablets over real sockets."""

from __future__ import annotations

from fleet.bench import service
from fleet.bench.licences import Licence
from fleet.bench.rules import RunState, StepOutcome
from fleet.tablets.rules import Stage
from provisioning.profiles.loader import built_in_profile
from tests.apks import ApkRecipe, build_apk
from tests.fleet.bench.workbench import Workbench


def with_home_app(workbench: Workbench) -> None:
    """Doorstep Home, as far as a test can build it, in the app library."""
    apk = build_apk(ApkRecipe(package="org.doorstep.home", home=True, padding_bytes=3_000_000))
    with workbench.database.write() as session:
        service.import_app(
            session,
            apk,
            licence=Licence.OURS,
            note="",
            actor=workbench.technician,
            settings=workbench.settings,
            now=workbench.clock(),
        )


def test_a_tablet_becomes_what_the_profile_says(workbench: Workbench) -> None:
    with_home_app(workbench)
    place = workbench.place(stage=Stage.WIPED, profile="", profile_version=None)
    run = workbench.start_provision(place)
    ended = workbench.finish(run, place)
    assert ended.state is RunState.PASSED, ended.problem
    tablet = workbench.tablet(place)
    assert (tablet.stage, tablet.profile, tablet.profile_version) == (
        Stage.PROVISIONED,
        "large-clear",
        built_in_profile("large-clear").version,
    )
    assert tablet.verified_at == workbench.clock()
    assert all(step.outcome is StepOutcome.OK for step in workbench.steps(run))
    assert place.device.setting("system", "font_scale") == "1.3"
    assert "org.doorstep.home" in place.device.content.packages


def test_the_app_that_ships_is_imported_in_one_go_and_does_for_the_profile(workbench: Workbench) -> None:
    with workbench.database.write() as session:
        for _ in range(2):
            apps = service.import_shipped(
                session, actor=workbench.technician, settings=workbench.settings, now=workbench.clock()
            )
    assert "org.doorstep.home" in [app.package for app in apps]
    place = workbench.place(stage=Stage.WIPED)
    ended = workbench.finish(workbench.start_provision(place), place)
    assert ended.state is RunState.PASSED, ended.problem


def test_provisioning_again_finds_nothing_left_to_do(workbench: Workbench) -> None:
    with_home_app(workbench)
    place = workbench.place(stage=Stage.WIPED)
    workbench.finish(workbench.start_provision(place), place)
    again = workbench.finish(workbench.start_provision(place), place)
    assert again.state is RunState.PASSED, again.problem
    assert [step.key for step in workbench.steps(again)] == ["identity", "verify"]


def test_bytes_of_a_large_app_move_the_bar(workbench: Workbench) -> None:
    with_home_app(workbench)
    place = workbench.place(stage=Stage.WIPED)
    run = workbench.finish(workbench.start_provision(place), place)
    install = next(step for step in workbench.steps(run) if step.key.startswith("app/"))
    assert install.total_bytes > 3_000_000
    assert install.weight > 1
    assert run.percent == 100
