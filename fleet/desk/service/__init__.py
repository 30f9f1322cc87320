"""What can be asked of the hub desk: what a scan means, its modes, shelves, stock-takes, and lost tablets."""

from fleet.desk.queries import find_stock_takes, lying_on, open_stock_take, shelves
from fleet.desk.service.comparing import (
    Line,
    close_stock_take,
    differences,
    figures,
    lines_of,
    mark_for_looking,
    put_right,
    shelves_counted,
)
from fleet.desk.service.counting import (
    begin_stock_take,
    count_shelf,
    count_tablet,
    count_unknown,
    forget_count,
    get_stock_take,
)
from fleet.desk.service.finding import Finding, find
from fleet.desk.service.lost import LostStory, called, lost_story, say_seen, take_in_found
from fleet.desk.service.scanning import Standing, scan, standing, this_sitting
from fleet.desk.service.shelving import add_shelf, get_shelf, put_on, shelf_of, shelf_scanned, still_counts

__all__ = [
    "Finding",
    "Line",
    "LostStory",
    "Standing",
    "add_shelf",
    "begin_stock_take",
    "called",
    "close_stock_take",
    "count_shelf",
    "count_tablet",
    "count_unknown",
    "differences",
    "figures",
    "find",
    "find_stock_takes",
    "forget_count",
    "get_shelf",
    "get_stock_take",
    "lines_of",
    "lost_story",
    "lying_on",
    "mark_for_looking",
    "open_stock_take",
    "put_on",
    "put_right",
    "say_seen",
    "scan",
    "shelf_of",
    "shelf_scanned",
    "shelves",
    "shelves_counted",
    "standing",
    "still_counts",
    "take_in_found",
    "this_sitting",
]
