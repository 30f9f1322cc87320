"""A small corruption for each check: of the database as the year left it, or of what the year remembers.

Each is made in a transaction that is never committed; the check must notice it, and no other rule but those named.
"""

from __future__ import annotations

from tests.year.mutations.lending import REMINDERS, TIMES
from tests.year.mutations.making import Mutation, found_after
from tests.year.mutations.rest import CARDS, PRIVACY
from tests.year.mutations.things import CUSTODY, TABLETS

__all__ = ["MUTATIONS", "Mutation", "found_after"]

MUTATIONS: tuple[Mutation, ...] = (*TIMES, *REMINDERS, *CUSTODY, *TABLETS, *CARDS, *PRIVACY)
