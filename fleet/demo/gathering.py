"""The gatherings of a demonstration: a library proposes one, the hub holds one, and each tablet has a tile for both."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fleet.demo.arriving import partner
from fleet.demo.lending import programme
from fleet.demo.scene import Scene, act_id
from fleet.gatherings.service import by_ids
from fleet.partners.models import OrganisationKind
from fleet.partners.service import get_hub
from fleet.tablets import service as tablets
from fleet.users.rules import Role
from provisioning.virtual.tablet import VirtualTablet

TILES = "/sdcard/Android/data/org.doorstep.home/files/tiles.json"
"""Where Doorstep Home reads its tiles from; the witness is asked for this file itself."""


@dataclass(frozen=True)
class Meeting:
    """A gathering as the catalogue asks for it; `weekday` 0 is Monday."""

    title: str
    theme: str
    weekday: int
    starts_at: str
    platform: str
    link: str
    proposed_by: Role


MEETINGS = (
    Meeting(
        "Sample sing-along",
        "music",
        1,
        "10:30:00",
        "jitsi",
        "https://meet.example.org/SampleSingAlong",
        Role.PARTNER_LEAD,
    ),
    Meeting(
        "Sample tea and news",
        "current_affairs",
        3,
        "14:00:00",
        "web",
        "https://talk.example.org/tea-and-news",
        Role.COORDINATOR,
    ),
)
TITLES = [meeting.title for meeting in MEETINGS]


def open_catalogue(scene: Scene) -> None:
    """Both gatherings approved, and usual for the programme whose tablets are set up next."""
    chosen = [_approved(scene, meeting) for meeting in MEETINGS]
    scene.coordinator.put(f"/programmes/{programme(scene)}/gatherings", {"gathering_ids": chosen})
    scene.say(f"{' and '.join(TITLES)} are in the catalogue; each tablet will have a tile for both.")


def _approved(scene: Scene, meeting: Meeting) -> int:
    made = scene.as_(meeting.proposed_by).post(
        "/gatherings",
        {
            "host_id": _host(scene, meeting),
            "title": meeting.title,
            "theme": meeting.theme,
            "weekday": meeting.weekday,
            "starts_at": meeting.starts_at,
            "minutes": 60,
            "platform": meeting.platform,
            "link": meeting.link,
            "client_id": act_id("gathering", meeting.title),
        },
    )
    if scene.coordinator.get(f"/gatherings/{made['id']}")["state"] == "proposed":
        scene.coordinator.post(
            f"/gatherings/{made['id']}/moves", {"move": "approve", "client_id": act_id("approve", meeting.title)}
        )
    return int(made["id"])


def _host(scene: Scene, meeting: Meeting) -> int:
    if meeting.proposed_by is Role.PARTNER_LEAD:
        return partner(scene, OrganisationKind.VENUE).id
    with scene.database.read() as session:
        return get_hub(session).id


def gatherings_claimed(scene: Scene, tablet_id: int) -> list[str]:
    """The titles of what the records say a tablet carries, in the order of its tiles."""
    with scene.database.read() as session:
        carried = tablets.carries(session, tablet_id)
        known = by_ids(session, carried)
        return [known[gathering_id].title for gathering_id in carried]


def gatherings_shown(witness: VirtualTablet) -> list[str]:
    """The words on the tiles that say a day, from the file on the tablet itself; none where there is no such file."""
    try:
        text = witness.files.readable(TILES).read_text()
    except OSError:
        return []
    return [str(tile["label"]) for tile in json.loads(text)["tiles"] if tile.get("weekday")]
