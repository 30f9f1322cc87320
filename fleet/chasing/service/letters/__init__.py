"""The queue of letters: what waits to be printed, what was printed and has to be posted, and what must not be."""

from fleet.chasing.service.letters.asking import make_letter, may_make_letter
from fleet.chasing.service.letters.papers import letter_paper, papers_together
from fleet.chasing.service.letters.posting import Posted, post_letters, pull_out
from fleet.chasing.service.letters.printing import MOST_AT_ONCE, KeptBack, Printed, print_letters
from fleet.chasing.service.letters.standing import Letter, letter_of, letters_of, people_in

__all__ = [
    "MOST_AT_ONCE",
    "KeptBack",
    "Letter",
    "Posted",
    "Printed",
    "letter_of",
    "letter_paper",
    "letters_of",
    "make_letter",
    "may_make_letter",
    "papers_together",
    "people_in",
    "post_letters",
    "print_letters",
    "pull_out",
]
