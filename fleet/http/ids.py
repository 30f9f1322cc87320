"""The number of a row, as an address, a query or a body gives it. One that no row can have is refused at once."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fleet.database.base import LARGEST_ID

RowId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
