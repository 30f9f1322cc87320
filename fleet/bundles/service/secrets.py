"""PINs, PUKs and codes: kept sealed, shown to somebody who asks, each time with an entry in the SIM's log."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from fleet.bundles import queries
from fleet.bundles.models import Sim, SimSecret
from fleet.bundles.rules import SecretKind, secret_problem
from fleet.bundles.sealing import SealedElsewhere, seal, unseal
from fleet.bundles.service.writer import begin, get_sim, lock_sim, note
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.users.actor import Actor

WORDS = {SecretKind.PIN: "PIN", SecretKind.PUK: "PUK", SecretKind.CODE: "code"}


def keep_secrets(
    session: Session,
    sim_id: int,
    given: Mapping[SecretKind, str],
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Sim:
    """Keep what the packet says; what is left empty stays as it was. `BadInput` never repeats a secret."""
    sim = begin(session, sim_id, "secrets_kept", happening)
    typed = {kind: "".join(text.split()) for kind, text in given.items() if text.strip()}
    problems = {kind.value: problem for kind, text in typed.items() if (problem := secret_problem(kind, text))}
    if problems:
        raise BadInput("Nothing was kept.", fields=problems)
    if sim is None or not typed:
        return get_sim(session, sim_id)
    known = queries.secrets(session, sim_id)
    for kind, text in typed.items():
        row = known.get(kind) or SimSecret(sim_id=sim_id, kind=kind)
        row.sealed, row.set_at = seal(settings, sim_id, kind, text), happening.now
        session.add(row)
    words = f"{_named(typed)} kept"
    note(session, sim, kind="secrets_kept", words=words, actor=actor, happening=happening)
    return sim


def show_secrets(
    session: Session, sim_id: int, *, actor: Actor, settings: Settings, happening: Happening
) -> dict[SecretKind, str]:
    """What is kept, in clear, for this one answer; who saw it stands in the log. Empty when nothing is kept."""
    sim = lock_sim(session, sim_id)
    shown = {kind: unseal(settings, sim_id, kind, row.sealed) for kind, row in queries.secrets(session, sim_id).items()}
    if shown:
        note(session, sim, kind="secrets_shown", words=f"{_named(shown)} shown", actor=actor, happening=happening)
    return shown


def secrets_kept(session: Session, sim_id: int) -> tuple[SecretKind, ...]:
    """Which are kept, without their content."""
    return tuple(kind for kind in SecretKind if kind in queries.secrets(session, sim_id))


def rekey(session: Session, *, old: Settings, settings: Settings) -> int:
    """Seal everything that the old key sealed under the present one; how many were.

    What the present key opens already is left as it is, so a second run changes nothing. Raises `SealedElsewhere` when
    neither opens one: then nothing at all is changed.
    """
    changed, after = 0, 0
    while batch := queries.every_secret(session, after):
        for row in batch:
            changed += _resealed(row, old, settings)
        after = batch[-1].id
        session.flush()
    return changed


def _resealed(row: SimSecret, old: Settings, settings: Settings) -> bool:
    try:
        unseal(settings, row.sim_id, row.kind, row.sealed)
    except SealedElsewhere:
        text = unseal(old, row.sim_id, row.kind, row.sealed)
        row.sealed = seal(settings, row.sim_id, row.kind, text)
        return True
    return False


def _named(kinds: Mapping[SecretKind, str]) -> str:
    said = " and ".join(WORDS[kind] for kind in SecretKind if kind in kinds)
    return said[:1].upper() + said[1:]
