"""What may be asked of this room: the statement for a giver, and the life of a tablet, both without people."""

from fleet.proof.service.life import Life, life_of
from fleet.proof.service.statement import Gift, Statement, gifts_of, giver_bound, statement_of, statement_pdf

__all__ = [
    "Gift",
    "Life",
    "Statement",
    "gifts_of",
    "giver_bound",
    "life_of",
    "statement_of",
    "statement_pdf",
]
