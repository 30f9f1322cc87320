"""What can be asked of deliveries: planning runs, telling what happened, and what a courier is shown of today."""

from fleet.deliveries.facts import Details, Fact
from fleet.deliveries.service.feed import end_feed, feed_file, feed_of, feed_user, make_feed
from fleet.deliveries.service.reading_out import ReadOut, agreement_to_read
from fleet.deliveries.service.review import Prospect, get_scan, job_of, prospect, settle
from fleet.deliveries.service.runs.ending import finish_run
from fleet.deliveries.service.runs.giving import assign_run, carried_tablet, couriers, create_run, on_board
from fleet.deliveries.service.runs.handing import Fitting, hand_on, to_hand_on, who_could
from fleet.deliveries.service.runs.homeward import bring_home, keep_here
from fleet.deliveries.service.runs.order import Window, put_at
from fleet.deliveries.service.runs.own import accept_run, own_job, turn_down_run
from fleet.deliveries.service.runs.stops import add_job, move_to_run, take_off
from fleet.deliveries.service.scanning import MOST_FACTS, Answered, own_fact, tell
from fleet.deliveries.service.sight import Place, SeenRun, SeenStop, Today, run_seen, stop_of, today_of
from fleet.deliveries.service.writer import expected_tablet, get_job, get_run

__all__ = [
    "MOST_FACTS",
    "Answered",
    "Details",
    "Fact",
    "Fitting",
    "Place",
    "Prospect",
    "ReadOut",
    "SeenRun",
    "SeenStop",
    "Today",
    "Window",
    "accept_run",
    "add_job",
    "agreement_to_read",
    "assign_run",
    "bring_home",
    "carried_tablet",
    "couriers",
    "create_run",
    "end_feed",
    "expected_tablet",
    "feed_file",
    "feed_of",
    "feed_user",
    "finish_run",
    "get_job",
    "get_run",
    "get_scan",
    "hand_on",
    "job_of",
    "keep_here",
    "make_feed",
    "move_to_run",
    "on_board",
    "own_fact",
    "own_job",
    "prospect",
    "put_at",
    "run_seen",
    "settle",
    "stop_of",
    "take_off",
    "tell",
    "to_hand_on",
    "today_of",
    "turn_down_run",
    "who_could",
]
