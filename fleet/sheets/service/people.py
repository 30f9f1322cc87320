"""People that come in with a file, with the day on which each agreed. Their needs are asked of them, not brought in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.people import service as people
from fleet.people.rules import tidy_phone, tidy_postcode
from fleet.sheets.queries import known
from fleet.sheets.rules import Line
from fleet.sheets.service.here import Brings, Here, not_among, sentences, summary
from fleet.users.actor import Actor

_DETAILS = frozenset(each.name for each in fields(people.Details)) - {"needs", "consents", "apps_used"}


class PeopleIn(Brings):
    """People. One who looks like somebody on record keeps the file out, until the row says it is somebody else."""

    def __init__(self, here: Here) -> None:
        super().__init__(here)
        self._referrers = known.referrer_ids(here.session)
        self._numbers: set[str] = set()
        self._alike: dict[tuple[str, ...], int] = {}

    def what(self, line: Line) -> str:
        return summary(line, "first_name", "last_name", "postcode")

    def wrong(self, line: Line) -> Sequence[str]:
        found = [*not_among(line, "referrer", self._referrers, "referrer or venue"), *self._number_problems(line)]
        for name in ("consent_at", "deceased_on"):
            day = line.get(name)
            if day is not None and day > (self.here.now if name == "consent_at" else self.here.today):
                found.append(f"{name}: this day is still to come.")
        try:
            people.check(_details(line), self.here.today)
        except BadInput as refused:
            return [*found, *sentences(refused)]
        return [*found, *self._look_alikes(line)]

    def _number_problems(self, line: Line) -> Sequence[str]:
        number = line.get("number", "")
        if not number:
            return ()
        taken = number in self._numbers or bool(people.known_by(self.here.session, reference=number))
        self._numbers.add(number)
        why = "number: somebody came in with it, on record or above. If it is another program's, put a letter in front."
        return (why,) if taken else ()

    def _look_alikes(self, line: Line) -> Sequence[str]:
        details = _details(line)
        phone, postcode = tidy_phone(details.phone) if details.phone else "", tidy_postcode(details.postcode)
        keys: list[tuple[str, ...]] = [("phone", phone)] if phone else []
        keys += [(details.first_name.lower(), details.last_name.lower(), postcode)] if postcode else []
        above = next((self._alike[key] for key in keys if key in self._alike), None)
        self._alike.update({key: line.number for key in keys if key not in self._alike})
        if line.get("somebody_else"):
            return ()
        if above is not None:
            return (f"last_name: they look like row {above}; if not, write yes under somebody_else.",)
        alike = people.look_alikes(self.here.session, details)
        if not alike:
            return ()
        return (f"last_name: they look like person {alike[0].id} on record; if not, write yes under somebody_else.",)

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        told = replace(happening, client_id=None)
        for line in self.here.kept(lines):
            people.bring_in(
                self.here.session,
                _details(line),
                people.Before(
                    consent_at=line.values["consent_at"],
                    reference=line.get("number", ""),
                    opted_out=line.get("opted_out", False),
                    deceased_on=line.get("deceased_on"),
                ),
                hub_id=self.here.hub_id,
                referrer_id=self._referrers.get(line.get("referrer", "").lower()),
                actor=actor,
                happening=told,
            )


def _details(line: Line) -> people.Details:
    given: dict[str, Any] = {name: line.get(name) for name in _DETAILS if line.get(name) is not None}
    return people.Details(**given, apps_used=frozenset(line.get("apps_used", ())), consents=True)
