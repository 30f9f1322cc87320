"""The one writer of a tablet's four facts, and what else can be asked of a tablet."""

from __future__ import annotations

from fleet.tablets.service.holds import lift_hold, open_holds, place_hold
from fleet.tablets.service.recording import (
    check_kit,
    confirm_label,
    identify,
    order_destruction,
    record_profile,
    set_label,
    waive_os_floor,
)
from fleet.tablets.service.refreshing import ask_for_refresh, fresh_since, record_gatherings
from fleet.tablets.service.serials import (
    Gone,
    SerialAlreadyHere,
    expect_tablet,
    expect_unknown,
    gone_with_serial,
    latest_gone,
    refuse_known_serial,
    tablets_ever_with_serials,
    tablets_with_serial,
    tablets_with_serials,
)
from fleet.tablets.service.sightings import open_sightings, settle_sighting, settle_sightings_of, tell_sighting
from fleet.tablets.service.swapping import note_swapped_out, swapped_out
from fleet.tablets.service.tiles import carries, out_of_date, out_of_date_ids
from fleet.tablets.service.whereabouts import (
    counts_at,
    holder_elsewhere,
    home_of,
    make_stay,
    way_home,
    who_has_it,
)
from fleet.tablets.service.writer import (
    facts_of,
    get_tablet,
    latest_event,
    lock_tablet,
    move,
    note,
    press,
    what_may_happen,
)

__all__ = [
    "Gone",
    "SerialAlreadyHere",
    "ask_for_refresh",
    "carries",
    "check_kit",
    "confirm_label",
    "counts_at",
    "expect_tablet",
    "expect_unknown",
    "facts_of",
    "fresh_since",
    "get_tablet",
    "gone_with_serial",
    "holder_elsewhere",
    "home_of",
    "identify",
    "latest_event",
    "latest_gone",
    "lift_hold",
    "lock_tablet",
    "make_stay",
    "move",
    "note",
    "note_swapped_out",
    "open_holds",
    "open_sightings",
    "order_destruction",
    "out_of_date",
    "out_of_date_ids",
    "place_hold",
    "press",
    "record_gatherings",
    "record_profile",
    "refuse_known_serial",
    "set_label",
    "settle_sighting",
    "settle_sightings_of",
    "swapped_out",
    "tablets_ever_with_serials",
    "tablets_with_serial",
    "tablets_with_serials",
    "tell_sighting",
    "waive_os_floor",
    "way_home",
    "what_may_happen",
    "who_has_it",
]
