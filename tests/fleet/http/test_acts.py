"""What a request says of itself reaches the services as it was said, and nothing is made up that was not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from fleet.happening import Happening
from fleet.http.acts import Act, DatedAct, ReasonedAct

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
EARLIER = datetime(2026, 6, 1, 8, 15, tzinfo=UTC)
SAID = {"client_id": "sample-act-1", "client_at": EARLIER.isoformat(), "reason": "It was dropped."}


@pytest.mark.parametrize(
    ("kind", "understood"),
    [
        (Act, Happening(NOW, "api", client_id="sample-act-1")),
        (DatedAct, Happening(NOW, "api", EARLIER, "sample-act-1")),
        (ReasonedAct, Happening(NOW, "api", EARLIER, "sample-act-1", "It was dropped.")),
    ],
)
def test_an_act_says_as_much_as_its_kind_may(kind: type[Act], understood: Happening) -> None:
    assert kind.model_validate(SAID).happening(NOW) == understood
    assert kind.model_validate({}).happening(NOW) == Happening(NOW, "api")


@pytest.mark.parametrize("client_id", ["short", "x" * 65])
def test_an_id_that_could_be_somebody_elses_or_that_nothing_can_keep_is_refused(client_id: str) -> None:
    with pytest.raises(ValidationError):
        Act(client_id=client_id)
