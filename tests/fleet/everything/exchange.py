"""What other programs are told of the furnished hub: a webhook with messages in every state, one that is
stopped; and long files on their way in."""

from __future__ import annotations

from fleet.sheets import service as sheets
from fleet.sheets.beside import beside
from fleet.sheets.kinds import KINDS, KindName
from fleet.sheets.queries import coming
from fleet.sheets.rules.coming import ComingMove, Progress
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


def send_files(everything: Everything) -> None:
    """A long file that a worker has begun to check, and one that was checked."""
    technician, now, settings = everything.actor(Role.TECHNICIAN), everything.clock(), everything.settings
    text = "supplier,order_number,purchase_date,cost\nSample supplier,PO-77,2026-02-01,10\n"
    kind = KINDS[KindName.PURCHASES]
    with everything.database.write() as session:
        begun, checked = (
            sheets.send(session, kind, text, keep=False, actor=technician, settings=settings, now=now) for _ in range(2)
        )
        looked = sheets.look(session, kind, text, actor=technician, settings=settings, now=now)
        found = sheets.sealed_found(checked.id, looked, settings)
        coming.make(session, checked.id, ComingMove.SHOW, found=found)
    beside(everything.database, begun.id).tell(Progress(812, 2000, "Checking"))
    for file in (begun, checked):
        everything.note("file_id", file.id)
