"""What a tablet is called where people read of it."""

from __future__ import annotations

import pytest

from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of


@pytest.mark.parametrize(
    ("maker", "model", "name"),
    [
        ("Samsung", "Galaxy Tab A8", "Samsung Galaxy Tab A8"),
        ("Lenovo", "LENOVO Tab M10", "LENOVO Tab M10"),
        ("", "", "Unknown make"),
    ],
)
def test_a_make_is_said_once(maker: str, model: str, name: str) -> None:
    assert name_of(Tablet(manufacturer=maker, model=model)) == name
