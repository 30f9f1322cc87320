"""Every read and every giving-up of what leads to one person, whichever room's table it stands in."""

from fleet.privacy.queries.asked import find_erasures, open_erasure, unfinished, waiting_person_ids
from fleet.privacy.queries.beside import rows_beside
from fleet.privacy.queries.files import messages_of, proofs_of
from fleet.privacy.queries.forgetting import forget_rows
from fleet.privacy.queries.links import personal_tables, rows_about

__all__ = [
    "find_erasures",
    "forget_rows",
    "messages_of",
    "open_erasure",
    "personal_tables",
    "proofs_of",
    "rows_about",
    "rows_beside",
    "unfinished",
    "waiting_person_ids",
]
