"""Labels for programs: `tags` looks codes up and claims them, `batches` prints them, `printers` says on what."""

from __future__ import annotations

from fleet.http.routes import ApiRouter
from fleet.tags.api import batches, printers, tags

router = ApiRouter()
for _part in (tags, batches, printers):
    router.take(_part.router)
