"""A wipe run from the press of the button to its certificate, on virtual tablets over real sockets."""

from __future__ import annotations

import pytest

from fleet.bench import queries, service
from fleet.bench.rules import RunState, StepOutcome
from fleet.errors import Conflict
from fleet.tablets.rules import Custody, DataState, Stage
from provisioning.virtual import person
from provisioning.virtual.tablet import Screen
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bench.workbench import Workbench


def test_a_wiped_tablet_has_a_certificate_and_is_clean(workbench: Workbench) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place)
    assert workbench.tablet(place).stage is Stage.WIPING
    ended = workbench.finish(run, place)
    assert ended.state is RunState.PASSED, ended.problem
    tablet = workbench.tablet(place)
    assert (tablet.stage, tablet.data, tablet.custody) == (Stage.WIPED, DataState.CLEAN, Custody.BENCH)
    assert all(step.outcome is StepOutcome.OK for step in workbench.steps(run))
    assert place.device.content.generation == 2
    with workbench.database.read() as session:
        certificate = queries.certificate_of_run(session, run.id)
        assert certificate is not None
        assert certificate.number == "DW-2026-000001"
        checked = service.check_certificate(session, certificate.number)
        assert checked.valid
        assert checked.content.serial == tablet.serial
        pdf = service.certificate_pdf(session, certificate.number, settings=workbench.settings)
    assert pdf.startswith(b"%PDF")


def test_a_serial_that_two_of_our_tablets_have_is_never_certified(workbench: Workbench) -> None:
    """Whichever of the two is in the slot, it would be taken for the one the run is about."""
    place = workbench.place()
    twin = workbench.stock(Stage.AWAITING_WIPE, serial=place.tablet.serial.lower(), serial_note="blue case")
    with pytest.raises(Conflict) as refused:
        workbench.start_wipe(place)
    assert f"tablet {twin.id}" in refused.value.message
    assert workbench.tablet(place).stage is Stage.AWAITING_WIPE


@ON_SQLITE
def test_a_reset_page_that_was_left_is_opened_again(workbench: Workbench) -> None:
    """Home was pressed, or the tablet was switched off and on, while the wall still says that it shows the page."""
    place = workbench.place()
    run = workbench.start_wipe(place)
    assert workbench.turn(run).state is RunState.WAITING_HANDS
    person.press_home(place.device)
    waiting = workbench.turn(run)
    assert place.device.screen is Screen.RESET
    assert "opened again" in waiting.doing
    assert workbench.finish(run, place).state is RunState.PASSED


@ON_SQLITE
def test_what_a_person_does_on_the_way_to_the_reset_is_not_disturbed(workbench: Workbench) -> None:
    """Such as giving the password of the maker's account, which another app asks for."""
    place = workbench.place()
    run = workbench.start_wipe(place)
    assert workbench.turn(run).state is RunState.WAITING_HANDS
    place.device.show(Screen.APP, "com.osp.app.signin/.ConfirmPasswordActivity")
    waiting = workbench.turn(run)
    assert place.device.screen is Screen.APP
    assert waiting.doing == "The tablet has not been reset yet"
