"""Days of two couriers: what their phones say happened, how the news of it arrives, and what has to be true after it.

Nobody's day is too strange. For the property test and for the benchmark of ten thousand days. `said.py` has the values,
`strange.py` draws them at random, `books.py` is the hub they happen to, `playing.py` tells one and undoes it, `left.py`
is what is there afterwards, and `holding.py` what must be true of it.
"""

from tests.fleet.deliveries.days.books import Books, prepare
from tests.fleet.deliveries.days.left import differences
from tests.fleet.deliveries.days.playing import end_of
from tests.fleet.deliveries.days.said import CLOCKS, COURIER_OF, Batch, Day, Said
from tests.fleet.deliveries.days.strange import days

__all__ = ["CLOCKS", "COURIER_OF", "Batch", "Books", "Day", "Said", "days", "differences", "end_of", "prepare"]
