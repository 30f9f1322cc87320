"""`tradeinmode`: what a tablet tells of itself in its first-run setup, and opening it for evaluation."""

from __future__ import annotations

import json

from provisioning.virtual.shell.call import Call, CommandError, Commands, Hung
from provisioning.virtual.tablet import TradeIn

_NOT_FOUND = 127


def _trade_in(call: Call) -> int:
    if not call.tablet.personality.trade_in:
        raise CommandError("/system/bin/sh: tradeinmode: inaccessible or not found", _NOT_FOUND)
    verb = (*call.arguments, "")[0]
    if call.tablet.trade_in not in {TradeIn.REPORTING, TradeIn.EVALUATING}:
        raise CommandError("Error: trade-in mode is not available once setup is complete.", 1)
    if verb == "getstatus":
        call.line(json.dumps(_status(call), indent=2))
        return 0
    if verb == "evaluate":
        return _evaluate(call)
    raise CommandError("Usage: tradeinmode [getstatus [-challenge CHALLENGE] | evaluate]", 1)


def _evaluate(call: Call) -> int:
    """Refused outside trade-in mode and under reset protection (AOSP TradeInModeService.enterEvaluationMode)."""
    tablet = call.tablet
    if tablet.trade_in is not TradeIn.REPORTING or tablet.state.body.frp_account:
        raise CommandError("Failed to enter evaluation mode.", 1)
    tablet.evaluate()
    raise Hung


def _status(call: Call) -> dict[str, object]:
    """The keys documented for `adb shell tradeinmode getstatus`; the capacity is text there too."""
    model, body = call.tablet.personality, call.tablet.state.body
    if body.frp_account:
        return {"locks": {"factory_reset_protection": True}}
    return {
        "battery": {"cycle_count": body.battery.cycles, "health": body.battery.asoc, "state": body.battery.health},
        "storage": {"useful_lifetime_remaining": 99, "capacity_bytes": str(model.storage_kb * 1024)},
        "launch_level": model.sdk,
        "locks": {"factory_reset_protection": bool(body.frp_account)},
        "product": {
            "brand": model.brand,
            "device": model.device,
            "manufacturer": model.manufacturer,
            "model": model.model,
            "name": model.product,
        },
        "serial": body.serial,
    }


TRADE_IN: Commands = {"tradeinmode": _trade_in}
