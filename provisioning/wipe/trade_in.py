"""Using trade-in mode (Android 16 on): reading a tablet that waits in its first-run setup, and opening it further.

Opening it (`evaluate`) cannot be taken back: the tablet erases itself at its next start, whoever starts it.
Read in AOSP packages/modules/adb/docs/dev/adb_tradeinmode.md and TradeInModeService.java (API 36).
"""

from __future__ import annotations

from provisioning.command import Command
from provisioning.errors import CommandTimedOut, FactUnreadable, LinkLost, ServiceRefused
from provisioning.facts.properties import Properties
from provisioning.facts.trade_in import TRADE_IN_STATUS, TradeInReport, parse_trade_in
from provisioning.transports.base import Transport

LEAST_SDK = 36

_EVALUATE = Command("tradeinmode evaluate")


def is_evaluated(properties: Properties) -> bool:
    """Whether the tablet stands open to anyone until its next start, which is then a reset."""
    return properties.values.get("persist.adb.tradeinmode") == "2"


def read_report(transport: Transport) -> TradeInReport:
    """The tablet's own report. Raises `FactUnreadable` where it gives none: it is not in trade-in mode then."""
    try:
        answer = transport.run(TRADE_IN_STATUS)
        report = parse_trade_in(answer.stdout).report
    except ServiceRefused as error:
        raise FactUnreadable("trade_in", "the tablet refused to report") from error
    except ValueError as error:
        raise FactUnreadable("trade_in", str(error)) from error
    if report is None:
        raise FactUnreadable("trade_in", "the tablet has no such report")
    return report


def evaluate(transport: Transport) -> None:
    """Have the tablet open itself to any command until its next start, which erases it.

    The link ends as its daemon starts anew. Whether it worked shows only in `is_evaluated` over the next link. Raises
    `FactUnreadable` where the tablet answered that it would not.
    """
    try:
        answer = transport.run(_EVALUATE)
    except (LinkLost, CommandTimedOut):
        return
    if not answer.ok:
        raise FactUnreadable("trade_in", "the tablet would not open itself for reading")
