"""What may be asked of this room: a whole kind of record as a file, and a file of records kept whole or not at all."""

from fleet.sheets.service.importing import keep, look
from fleet.sheets.service.taking_out import lines, take_out

__all__ = ["keep", "lines", "look", "take_out"]
