"""Names: two spellings of one component, and none of two."""

from __future__ import annotations

from provisioning.resources.names import same_component


def test_components_of_different_packages_are_never_the_same() -> None:
    assert not same_component("a.b/.C", "a.d/.C")
    assert same_component("a.b/.C", "a.b/a.b.C")
