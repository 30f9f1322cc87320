"""`cmd locale`, and how a configuration spells a language."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call, CommandError, JavaError

_HELP = """Locale manager (locale) shell commands:
  help
      Print this help text.
  set-app-locales <PACKAGE_NAME> [--user <USER_ID>] [--locales <LOCALE_INFO>]
  get-app-locales <PACKAGE_NAME> [--user <USER_ID>]
"""
_DEVICE_HELP = "  set-device-locale <LOCALE>\n  get-device-locale\n"


def locale_service(call: Call) -> int:
    """Android 16's second release brought the device's own language (API 36.1); apps have theirs since 13."""
    verb, name = (*call.arguments, "", "")[:2]
    whole = call.tablet.personality.properties.get("ro.build.version.sdk_full") == "36.1"
    if verb == "help":
        call.out(_HELP + (_DEVICE_HELP if whole else ""))
        return 0
    if verb in {"get-app-locales", "set-app-locales"}:
        if name not in call.tablet.content.packages:
            raise JavaError(f"java.lang.IllegalArgumentException: Unknown package: {name} for user 0")
        return _of_app(call, name, set_it=verb == "set-app-locales")
    if verb == "set-device-locale" and whole:
        choose(call, name)
        return 0
    raise CommandError(f"Unknown command: {verb}", 255)


def _of_app(call: Call, name: str, *, set_it: bool) -> int:
    if not set_it:
        call.line(f"Locales for {name} for user 0 are [{call.tablet.content.app_languages.get(name, '')}]")
        return 0
    words = call.arguments
    chosen = words[words.index("--locales") + 1] if "--locales" in words else ""
    with call.tablet.changing() as state:
        state.content.app_languages[name] = chosen
    return 0


def choose(call: Call, tag: str) -> None:
    with call.tablet.changing() as state:
        state.content.properties["persist.sys.locale"] = tag


def qualifier(tag: str) -> str:
    """``en-GB`` is ``en-rGB``; with a script it is ``b+zh+Hans+CN`` (Configuration.localesToResourceQualifier)."""
    parts = tag.split("-")
    if any(len(part) == 4 for part in parts):
        return "b+" + "+".join(parts)
    return parts[0] + "".join(f"-r{part}" for part in parts[1:])
