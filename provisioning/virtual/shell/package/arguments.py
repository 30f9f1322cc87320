"""Takes the flags of package manager verbs apart, as Android's ShellCommand does."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.virtual.shell.call import Call, CommandError


@dataclass(frozen=True)
class Arguments:
    """Flags with their values (an empty text for a bare one), and the words that are no flags."""

    flags: dict[str, str]
    words: tuple[str, ...]

    def has(self, *names: str) -> bool:
        return any(name in self.flags for name in names)


def take_apart(call: Call, *, bare: frozenset[str], valued: frozenset[str]) -> Arguments:
    """Read the words after the verb. Raises `CommandError` with Android's text for a flag it does not know."""
    flags: dict[str, str] = {}
    words: list[str] = []
    waiting = list(call.arguments)
    while waiting:
        word = waiting.pop(0)
        if word in valued:
            if not waiting:
                raise CommandError(f"Error: Argument expected after {word}", 255)
            flags[word] = waiting.pop(0)
        elif word in bare:
            flags[word] = ""
        elif word.startswith("-") and len(word) > 1:
            raise CommandError(f"Error: Unknown option: {word}", 1)
        else:
            words.append(word)
    return Arguments(flags, tuple(words))
