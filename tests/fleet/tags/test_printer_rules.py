"""What may be a printer, how its own answers are read, and that no label waits without a way out. No database."""

from __future__ import annotations

import pytest

from fleet.tags.rules.printing import PRINT_MOVES, Condition, PrintJobState, host_problem
from fleet.tags.rules.status import SILENT, cups_status, zpl_status
from tests.fleet.tags.virtual_printer import STATUS


@pytest.mark.parametrize("host", ["10.1.2.3", "192.168.1.40", "172.31.0.9", "fd00::9"])
def test_printers_in_the_own_network_are_taken(host: str) -> None:
    assert host_problem(host, demo=False) == ""


@pytest.mark.parametrize(
    "host",
    [
        "8.8.8.8",
        "169.254.169.254",
        "0.0.0.0",
        "172.32.0.1",
        "printer.example",
        "",
        "127.1",
        "::ffff:8.8.8.8",
        "10.0.0.1/8",
        "127.0.0.1",
        "::1",
    ],
)
def test_no_bytes_are_sent_anywhere_else(host: str) -> None:
    assert host_problem(host, demo=False).endswith(".")


def test_a_printer_on_this_computer_is_taken_in_a_demonstration() -> None:
    assert host_problem("127.0.0.1", demo=True) == ""
    assert host_problem("8.8.8.8", demo=True) != ""


def test_a_host_status_is_read_as_the_guide_has_it() -> None:
    ready = STATUS.format(paper=0, pause=0, head=0, left=0).encode()
    assert zpl_status(ready).condition is Condition.READY
    assert (
        "12 labels are still to come out" in zpl_status(STATUS.format(paper=0, pause=0, head=0, left=12).encode()).words
    )
    both = zpl_status(STATUS.format(paper=1, pause=1, head=0, left=3).encode())
    assert (both.condition, both.words) == (
        Condition.HANDS,
        "It is out of labels: put a roll in. It is paused: press its pause button.",
    )
    for cut in range(len(ready) - 3):
        assert zpl_status(ready[:cut]) == SILENT, cut
    assert cups_status("printer desk disabled since Mon -\n\tPaused\n").condition is Condition.HANDS
    assert cups_status("").condition is Condition.UNKNOWN


def test_every_state_in_which_labels_wait_has_a_way_out_that_a_person_can_press() -> None:
    pressed = {source for row in PRINT_MOVES if row.who == "who prints" for source in row.sources}
    assert pressed >= {PrintJobState.QUEUED, PrintJobState.SENDING, PrintJobState.FAILED}
