"""PIN and PUK: unreadable at rest, shown with a trace, bound to their SIM, and sealed anew when the key changes."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from fleet.bundles import queries, service
from fleet.bundles.rules import SecretKind
from fleet.bundles.sealing import SealedElsewhere, seal, unseal
from fleet.errors import BadInput
from fleet.settings import Settings
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bundles.stocked import act
from tests.lending import Lending

PIN, PUK = "4071", "90817263"


def keep(lending: Lending, sim_id: int) -> None:
    given = {SecretKind.PIN: PIN, SecretKind.PUK: PUK, SecretKind.CODE: ""}
    act(lending, service.keep_secrets, sim_id, given, settings=lending.settings)


def show(lending: Lending, sim_id: int, settings: Settings | None = None) -> dict[SecretKind, str]:
    return act(lending, service.show_secrets, sim_id, settings=settings or lending.settings)


def test_what_is_kept_cannot_be_read_from_the_database_and_each_look_is_in_the_log(lending: Lending) -> None:
    """Rule R25."""
    sim = lending.sim()
    keep(lending, sim.id)
    with lending.database.read() as session:
        rows = session.execute(text("SELECT * FROM sim_secret")).all()
        told = session.execute(text("SELECT * FROM sim_event")).all()
        assert len(rows) == 2
        assert not any(secret in str(each) for each in (*rows, *told) for secret in (PIN, PUK))
    assert show(lending, sim.id) == {SecretKind.PIN: PIN, SecretKind.PUK: PUK}
    with lending.database.read() as session:
        last = queries.events(session, sim.id)[0]
    assert (last.words, last.role) == ("PIN and PUK shown", "coordinator")


@ON_SQLITE
def test_a_secret_that_is_none_is_refused_without_repeating_it(lending: Lending) -> None:
    with pytest.raises(BadInput) as refused:
        act(lending, service.keep_secrets, lending.sim().id, {SecretKind.PIN: "12x"}, settings=lending.settings)
    assert "12x" not in str(refused.value.fields)


@ON_SQLITE
def test_a_new_secret_key_opens_nothing_until_everything_is_sealed_anew(lending: Lending) -> None:
    sims = [lending.sim() for _ in range(3)]
    for sim in sims:
        keep(lending, sim.id)
    old = lending.settings
    new = old.model_copy(update={"secret_key": SecretStr("another secret of at least thirty-two letters")})
    with pytest.raises(SealedElsewhere, match="Nothing is lost"):
        show(lending, sims[0].id, new)
    with lending.database.write() as session:
        assert service.rekey(session, old=old, settings=new) == 6
        assert service.rekey(session, old=old, settings=new) == 0
    assert all(show(lending, sim.id, new)[SecretKind.PUK] == PUK for sim in sims)
    with pytest.raises(SealedElsewhere):
        show(lending, sims[0].id, old)


def test_what_was_sealed_for_one_sim_opens_for_no_other() -> None:
    settings = Settings(secret_key=SecretStr("a secret that only tests use, and only here"))
    sealed = seal(settings, 1, SecretKind.PIN, PIN)
    assert unseal(settings, 1, SecretKind.PIN, sealed) == PIN
    assert seal(settings, 1, SecretKind.PIN, PIN) != sealed
    for sim_id, kind in ((2, SecretKind.PIN), (1, SecretKind.PUK)):
        with pytest.raises(SealedElsewhere):
            unseal(settings, sim_id, kind, sealed)
