"""What decides about an app's parts, as it is read off a tablet: what could not be read stays open."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.apps.choosing import TabletTraits
from provisioning.apps.traits import TRAITS, traits_of
from provisioning.errors import FactUnreadable
from provisioning.facts.display import DISPLAY
from provisioning.facts.languages import SYSTEM_LANGUAGE
from provisioning.facts.observation import Observation, Unreadable
from provisioning.facts.reading import read_facts
from provisioning.transports.address import connect
from provisioning.transports.keys import load_or_make_key
from tests.contracts.tablets import tablet_on_a_port


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Observation:
    folder: Path = tmp_path_factory.mktemp("traits")
    with tablet_on_a_port(folder / "tablet", "samsung-tab-a9-14") as (_, port):
        link = connect(f"tcp:127.0.0.1:{port}", signer=load_or_make_key(folder / "key"))
        seen = read_facts(link, TRAITS)
        link.close()
    return seen


def test_a_tablet_tells_all_that_decides(observed: Observation) -> None:
    traits = traits_of(observed, languages=("pa-IN", "en-GB"))
    assert (traits.sdk, traits.abis[0]) == (34, "arm64-v8a")
    assert traits.density == observed.value(DISPLAY).density_in_use
    assert traits.languages[0] == observed.value(SYSTEM_LANGUAGE).tags[0]
    assert traits.languages.count("en-GB") == 1
    assert "pa-IN" in traits.languages
    assert traits.free_bytes


def test_what_could_not_be_read_stays_open_but_who_it_is_must_be_known(observed: Observation) -> None:
    def without(*names: str) -> Observation:
        unread = {name: Unreadable("it did not answer") for name in names}
        return Observation(observed.taken_at, {**observed.readings, **unread})

    known = traits_of(without("display", "storage", "system_language"))
    assert known == TabletTraits(sdk=34, abis=known.abis)
    with pytest.raises(FactUnreadable):
        traits_of(without("identity"))
