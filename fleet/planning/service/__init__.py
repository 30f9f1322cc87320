"""What a person can ask of planning: the readiness forecast, what a closure moves, and the hub's calendar as a feed."""

from fleet.planning.service.closing import (
    NotWhatWasSeen,
    Preview,
    close,
    find_closures,
    move_stranded,
    preview,
    stranded,
)
from fleet.planning.service.feeds import Feed, coordinator_file, hub_file
from fleet.planning.service.forecasting import forecast

__all__ = [
    "Feed",
    "NotWhatWasSeen",
    "Preview",
    "close",
    "coordinator_file",
    "find_closures",
    "forecast",
    "hub_file",
    "move_stranded",
    "preview",
    "stranded",
]
