"""What a person can ask of planning: the readiness forecast, what a closure or another end of a cohort moves, and the
hub's calendar as a feed."""

from fleet.planning.service.changing import CohortAsked, CohortPreview, change_cohort, look_at_change
from fleet.planning.service.closing import (
    Ahead,
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
    "Ahead",
    "CohortAsked",
    "CohortPreview",
    "Feed",
    "NotWhatWasSeen",
    "Preview",
    "change_cohort",
    "close",
    "coordinator_file",
    "find_closures",
    "forecast",
    "hub_file",
    "look_at_change",
    "move_stranded",
    "preview",
    "stranded",
]
