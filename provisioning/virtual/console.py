"""The words with which somebody at a keyboard works a served tablet by hand: one deed a line."""

from __future__ import annotations

from collections.abc import Callable

from provisioning.virtual import person
from provisioning.virtual.person_settings import choose_language, join_wifi
from provisioning.virtual.tablet import VirtualTablet

_Deed = Callable[[VirtualTablet, list[str]], object]

_SAMPLE = ("sample.one@example.com", "com.google")
_DEEDS: dict[str, tuple[str, _Deed]] = {
    "accept": ("tap Allow, always", lambda tablet, _: person.accept_key(tablet)),
    "once": ("tap Allow without Always", lambda tablet, _: person.accept_key(tablet, always=False)),
    "refuse": ("tap Cancel on the key prompt", lambda tablet, _: person.refuse_key(tablet)),
    "reset": ("walk to the reset screen", lambda tablet, _: person.open_reset_screen(tablet)),
    "erase": ("tap Erase all data", lambda tablet, _: person.tap_erase_everything(tablet)),
    "setup": ("finish the setup wizard", lambda tablet, _: person.finish_setup_wizard(tablet)),
    "evaluate": ("open a tablet in trade-in mode to anyone until its next start", lambda tablet, _: tablet.evaluate()),
    "debugging": ("switch USB debugging on", lambda tablet, _: person.switch_on_debugging(tablet)),
    "charge": ("charge 80: charge to 80 %", lambda tablet, words: person.charge_to(tablet, int(words[0]))),
    "unplug": ("take the charger out", lambda tablet, _: person.unplug(tablet)),
    "plug": ("put the charger in", lambda tablet, _: person.plug_in(tablet)),
    "sign-in": ("add a Google account", lambda tablet, _: person.add_account(tablet, *_SAMPLE)),
    "sign-out": ("remove the Google account", lambda tablet, _: person.remove_account(tablet, "com.google")),
    "language": ("language pa-IN: choose it in Settings", lambda tablet, words: choose_language(tablet, words[0])),
    "join": ("join NAME: join a Wi-Fi network in Settings", lambda tablet, words: join_wifi(tablet, words[0])),
    "pull": ("pull the bench's cable", lambda tablet, _: person.unplug_cable(tablet)),
    "push": ("plug the bench's cable in", lambda tablet, _: person.plug_in_cable(tablet)),
}


def obey(tablet: VirtualTablet, line: str) -> str:
    """Do what one line says, and answer with what the person sees then."""
    words = line.split()
    if not words:
        return ""
    if words[0] not in _DEEDS:
        return "\n".join(f"{name:<10} {means}" for name, (means, _) in _DEEDS.items())
    try:
        _DEEDS[words[0]][1](tablet, words[1:])
    except (person.NotOnScreen, person.SetupBlocked) as error:
        return str(error)
    except (ValueError, IndexError):
        return f"'{line.strip()}' cannot be done. Say it as in: {_DEEDS[words[0]][0]}"
    return seen(tablet)


def seen(tablet: VirtualTablet) -> str:
    """What the tablet shows, in a line."""
    asks = f", and asks whether to allow the key {tablet.prompt.fingerprint}" if tablet.prompt is not None else ""
    debugging = "on" if tablet.debugging_on else "off"
    screen = tablet.screen.value.replace("_", " ")
    return f"{tablet.serial}: power {tablet.power.value}, USB debugging {debugging}, screen {screen}{asks}"
