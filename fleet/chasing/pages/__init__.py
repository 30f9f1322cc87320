"""Pages about chasing: who to ring first, why somebody was or was not written to, a dry run, and the ledger."""

from fleet.chasing.pages.calling import router as calling
from fleet.chasing.pages.holds import router as holds
from fleet.chasing.pages.ladder import router as ladder
from fleet.chasing.pages.letters import router as letters
from fleet.chasing.pages.loan import router as loan
from fleet.chasing.pages.own_words import router as own_words
from fleet.chasing.pages.person import router as person
from fleet.chasing.pages.queue import router as queue
from fleet.chasing.pages.records import router as records
from fleet.chasing.pages.restored import router as restored
from fleet.chasing.pages.search import router as search
from fleet.chasing.pages.texts import router as texts
from fleet.chasing.pages.ticking import router as at_a_press

routers = (
    queue,
    calling,
    at_a_press,
    restored,
    records,
    ladder,
    texts,
    own_words,
    search,
    letters,
    loan,
    holds,
    person,
)

__all__ = ["routers"]
