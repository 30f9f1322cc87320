"""What other programs are told of the furnished hub: a webhook with messages in every state, one that is stopped."""

from __future__ import annotations

from fleet.users.rules import Role
from fleet.webhooks import service
from fleet.webhooks.rules import WAITS, Outcome
from fleet.webhooks.service import Wanted
from tests.fleet.everything.hub import Everything


def tell_others(everything: Everything) -> None:
    """One message delivered, one given up, one waiting for a receiver that is away."""
    admin, now, settings = everything.actor(Role.HUB_ADMIN), everything.clock(), everything.settings
    with everything.database.write() as session:
        for name, kinds in (("Sample dashboard", ("loan.*", "tablet.lose")), ("Sample archive", ("tablet.*",))):
            wanted = Wanted(name, "https://receiver.example/doorstep", kinds)
            made, _ = service.add_webhook(session, wanted, actor=admin, settings=settings, now=now)
            everything.note("webhook_id", made.id)
        first = int(everything.numbers["webhook_id"][0])
        service.stop(session, made.id, now=now)
        delivered, failed, waiting = (service.ping(session, first, now=now) for _ in range(3))
        service.told(session, delivered.id, Outcome(204, "It answered 204."), now=now)
        for _ in (*WAITS, "the last"):
            service.told(session, failed.id, Outcome(500, "It answered 500."), now=now)
        service.told(session, waiting.id, Outcome(None, "Its name could not be found."), now=now)
        everything.note("delivery_id", failed.id)
