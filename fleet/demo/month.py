"""The acts of a demonstration, in order. Each can be played again and changes nothing the second time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fleet.demo import arriving, benching, gathering, lending, returning, swapping
from fleet.demo.scene import Scene


@dataclass(frozen=True)
class Act:
    title: str
    play: Callable[[Scene], None]


ACTS: tuple[Act, ...] = (
    Act("The hub is set up", arriving.set_up),
    Act("Two gatherings come into the catalogue", gathering.open_catalogue),
    Act("Six tablets are given", arriving.take_in),
    Act("They are recognised, looked over and triaged", arriving.look_and_triage),
    Act("They are wiped, where nothing stands against it", benching.wipe_what_can_be_wiped),
    Act("What stood against it is settled", benching.settle_blockers),
    Act("They are set up, labelled and made ready", benching.provision_and_label),
    Act("Three people are asked for", lending.ask_and_allocate),
    Act("A courier takes the tablets to their doors", lending.deliver),
    Act("One is swapped for another at its door", swapping.swap_at_the_door),
    Act("The month passes, with reminders", returning.remind),
    Act("One comes back in time", returning.collect_in_time),
    Act("One is late", returning.chase_and_collect_late),
    Act("One is wiped again, for the next person", returning.wipe_again_and_relend),
    Act("One is recycled", returning.recycle),
)
