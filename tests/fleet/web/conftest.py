"""The gallery, served once for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import served
from tests.fleet.web.gallery import gallery_app


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """The gallery's address."""
    with served(gallery_app()) as address:
        yield f"{address}/gallery"
