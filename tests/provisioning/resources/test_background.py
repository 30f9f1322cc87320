"""What an app may do unseen: kept awake, and let do what Android asks about apart."""

from __future__ import annotations

import pytest

from provisioning.errors import Unsupported
from provisioning.facts.background import UNRESTRICTED, AppOperation, Unrestricted, app_operation
from provisioning.resources.background import AppOperationSet, BatteryUnrestricted
from tests.provisioning.observations import observed

MEET = "org.example.meet"
AWAKE = BatteryUnrestricted(package=MEET, title="Meet", reason="Rings")
ABOVE = AppOperationSet(package=MEET, operation="SYSTEM_ALERT_WINDOW", means="Meet may show a call", reason="Rings")


def test_an_app_is_put_on_the_batterys_list_once() -> None:
    (step,) = AWAKE.steps(observed({UNRESTRICTED: Unrestricted(("com.google.android.gms",))}))
    assert step.shown() == ("dumpsys deviceidle whitelist +org.example.meet",)
    assert AWAKE.steps(observed({UNRESTRICTED: Unrestricted((MEET,))})) == ()


@pytest.mark.parametrize(("mode", "steps"), [(None, 1), ("ignore", 1), ("allow", 0)])
def test_an_operation_is_decided_where_it_is_not(mode: str | None, steps: int) -> None:
    seen = observed({app_operation(MEET, "SYSTEM_ALERT_WINDOW"): AppOperation(mode, known=True)})
    found = ABOVE.steps(seen)
    assert len(found) == steps
    assert not steps or found[0].shown() == ("cmd appops set --user 0 org.example.meet SYSTEM_ALERT_WINDOW allow",)


def test_an_operation_this_android_does_not_know_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        ABOVE.steps(observed({app_operation(MEET, "SYSTEM_ALERT_WINDOW"): AppOperation(None, known=False)}))


def test_what_is_no_operation_is_refused() -> None:
    with pytest.raises(ValueError, match="not an operation"):
        AppOperationSet(package=MEET, operation="allow; reboot", means="x", reason="x")
