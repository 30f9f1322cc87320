"""Language tags as Android's resources, its Java and the web write them."""

from __future__ import annotations

import pytest

from provisioning.apps.languages import Tag, read_tag, speaks


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pa", Tag("pa")),
        ("pa-IN", Tag("pa", "", "IN")),
        ("zh_hant_TW", Tag("zh", "Hant", "TW")),
        ("b+sr+Latn", Tag("sr", "Latn")),
        ("es-419", Tag("es", "", "419")),
        ("iw", Tag("he")),
    ],
)
def test_a_tag_is_read_in_any_of_its_spellings(text: str, wanted: Tag) -> None:
    assert read_tag(text) == wanted


@pytest.mark.parametrize(
    ("offered", "wanted", "serves"),
    [
        ("en", "en-GB", True),
        ("en-GB", "en", True),
        ("pt-BR", "pt-PT", False),
        ("pa", "pl", False),
        ("zh-Hans", "zh-Hant-TW", False),
        ("zh-TW", "zh-Hant-TW", True),
        ("in", "id-ID", True),
    ],
)
def test_a_language_serves_where_nothing_that_both_say_differs(offered: str, wanted: str, serves: bool) -> None:
    assert speaks(offered, wanted) is serves
    assert speaks(wanted, offered) is serves
