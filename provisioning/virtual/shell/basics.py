"""Toybox commands that need no files: echo, test, sleep, head, grep, date and their like."""

from __future__ import annotations

import datetime
import io
import re
import zoneinfo
from collections.abc import Iterator

from provisioning.virtual.shell.call import Call, CommandError, Commands, Handler, Hung

_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r", "0": "\0"}


def _echo(call: Call) -> int:
    """mksh's echo reads backslash escapes; `-n` leaves the line open, `-e` and `-E` are known."""
    words, newline, raw = list(call.arguments), "\n", False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        flags = words.pop(0)
        newline = "" if "n" in flags else newline
        raw = "E" in flags
    text = " ".join(words)
    call.out((text if raw else _unescape(text)) + newline)
    return 0


def _unescape(text: str) -> str:
    return re.sub(r"\\([nt\\r0])", lambda found: _ESCAPES[found.group(1)], text)


def _printf(call: Call) -> int:
    if not call.arguments:
        raise CommandError("usage: printf FORMAT [ARGUMENT...]")
    form, values = _unescape(call.arguments[0]), list(call.arguments[1:])
    while True:
        call.out(re.sub(r"%([%sd])", lambda found: _printed(found.group(1), values), form))
        if not values or "%" not in form.replace("%%", ""):
            return 0


def _printed(kind: str, values: list[str]) -> str:
    if kind == "%":
        return "%"
    value = values.pop(0) if values else ""
    return value if kind == "s" else str(int(value or 0))


def _true(_: Call) -> int:
    return 0


def _false(_: Call) -> int:
    return 1


def _sleep(call: Call) -> int:
    seconds = float(call.arguments[0]) if call.arguments else 0.0
    boots = call.tablet.state.body.boots
    if call.tablet.wait_for(lambda: call.tablet.state.body.boots != boots, seconds):
        raise Hung
    return 0


def _lines(call: Call, paths: tuple[str, ...]) -> Iterator[str]:
    """Every line of the named files, or of standard input."""
    for path in paths or ("-",):
        if path == "-":
            data = call.stdin.read()
        else:
            try:
                data = call.tablet.files.readable(path, at=call.around.folder).read_bytes()
            except OSError as error:
                raise CommandError(f"{call.words[0]}: {path}: {error.strerror}") from error
        yield from io.StringIO(data.decode("utf-8", "surrogateescape"))


def _count_option(call: Call) -> tuple[int, tuple[str, ...]]:
    words = call.arguments
    if words and (found := re.fullmatch(r"-n?(\d+)", words[0])):
        return int(found.group(1)), words[1:]
    if len(words) > 1 and words[0] == "-n":
        return int(words[1]), words[2:]
    return 10, words


def _head(call: Call) -> int:
    count, paths = _count_option(call)
    call.out("".join(line for at, line in enumerate(_lines(call, paths)) if at < count))
    return 0


def _tail(call: Call) -> int:
    count, paths = _count_option(call)
    call.out("".join(list(_lines(call, paths))[-count:] if count else ()))
    return 0


def _grep(call: Call) -> int:
    """Flags -E -F -i -v -c -q -o -m N; exit 1 when nothing fits."""
    flags, limit, words = "", 0, list(call.arguments)
    while words and words[0].startswith("-") and len(words[0]) > 1:
        flag = words.pop(0)
        if flag.startswith("-m"):
            limit = int(flag[2:] or words.pop(0))
        elif flag == "-e":
            break
        else:
            flags += flag[1:]
    if not words:
        raise CommandError("grep: no REGEX", 2)
    pattern = re.escape(words[0]) if "F" in flags else _python_pattern(words[0], extended="E" in flags)
    wanted = re.compile(pattern, re.IGNORECASE if "i" in flags else 0)
    if len(words) > 2:
        return _grep_each(call, words[1:], wanted)
    found = [line for line in _lines(call, tuple(words[1:])) if bool(wanted.search(line)) != ("v" in flags)]
    found = found[:limit] if limit else found
    if "c" in flags:
        call.line(str(len(found)))
    elif "o" in flags:
        call.out("".join(f"{hit.group()}\n" for line in found for hit in wanted.finditer(line)))
    elif "q" not in flags:
        call.out("".join(line if line.endswith("\n") else line + "\n" for line in found))
    return int(not found)


def _grep_each(call: Call, paths: list[str], wanted: re.Pattern[str]) -> int:
    """Several files: each line after its file's name, and a file that cannot be read costs only itself."""
    code = 1
    for path in paths:
        try:
            data = call.tablet.files.readable(path, at=call.around.folder).read_bytes()
        except OSError as error:
            call.error(f"grep: {path}: {error.strerror}")
            code = 2
            continue
        lines = data.decode("utf-8", "surrogateescape").splitlines()
        found = [line for line in lines if wanted.search(line)]
        call.out("".join(f"{path}:{line}\n" for line in found))
        code = 0 if found and code == 1 else code
    return code


def _python_pattern(pattern: str, *, extended: bool) -> str:
    """A POSIX pattern for Python: in the basic kind, + ? | ( ) { } are plain unless escaped."""
    pattern = pattern.replace("[[:space:]]", r"\s").replace("[[:digit:]]", r"\d")
    if extended:
        return pattern
    return re.sub(r"\\([+?|(){}])|([+?|(){}])", lambda hit: hit.group(1) or "\\" + hit.group(2), pattern)


def _wc(call: Call) -> int:
    flags = "".join(word[1:] for word in call.arguments if word.startswith("-"))
    text = "".join(_lines(call, tuple(word for word in call.arguments if not word.startswith("-"))))
    counts = {"l": text.count("\n"), "w": len(text.split()), "c": len(text.encode("utf-8", "surrogateescape"))}
    call.line(" ".join(str(value) for flag, value in counts.items() if flag in (flags or "lwc")))
    return 0


def _sort(call: Call) -> int:
    words = call.arguments
    lines = sorted(line.rstrip("\n") for line in _lines(call, tuple(word for word in words if word[0] != "-")))
    lines = list(dict.fromkeys(lines)) if "-u" in words else lines
    call.out("".join(f"{line}\n" for line in (reversed(lines) if "-r" in words else lines)))
    return 0


def _tr(call: Call) -> int:
    text = call.stdin.read().decode("utf-8", "surrogateescape")
    if call.arguments[:1] == ("-d",):
        unwanted = _unescape(call.arguments[1])
        call.out("".join(sign for sign in text if sign not in unwanted))
    else:
        call.out(text.translate(str.maketrans(_unescape(call.arguments[0]), _unescape(call.arguments[1]))))
    return 0


def _cut(call: Call) -> int:
    delimiter, fields = "\t", "1"
    words = list(call.arguments)
    while words and words[0].startswith("-"):
        flag = words.pop(0)
        value = flag[2:] or words.pop(0)
        delimiter, fields = (value, fields) if flag.startswith("-d") else (delimiter, value)
    wanted = [int(field) - 1 for field in fields.split(",")]
    for line in _lines(call, tuple(words)):
        pieces = line.rstrip("\n").split(delimiter)
        call.line(delimiter.join(pieces[at] for at in wanted if at < len(pieces)))
    return 0


def _date(call: Call) -> int:
    zone = zoneinfo.ZoneInfo(call.tablet.content.properties.get("persist.sys.timezone", "UTC"))
    now = datetime.datetime.now(zone)
    forms = [word[1:] for word in call.arguments if word.startswith("+")]
    form = forms[0] if forms else "%a %b %e %H:%M:%S %Z %Y"
    call.line(now.strftime(form.replace("%s", str(int(now.timestamp())))))
    return 0


def _test(call: Call) -> int:
    words = list(call.arguments)
    if call.words[0] == "[":
        if words[-1:] != ["]"]:
            raise CommandError("/system/bin/sh: [: missing ]", 2)
        words.pop()
    return int(not _holds(call, words))


def _holds(call: Call, words: list[str]) -> bool:
    if words[:1] == ["!"]:
        return not _holds(call, words[1:])
    for joint, join in (("-o", any), ("-a", all)):
        if joint in words[1:-1]:
            at = words.index(joint, 1)
            return join([_holds(call, words[:at]), _holds(call, words[at + 1 :])])
    if len(words) == 3:
        return _compares(words[0], words[1], words[2])
    if len(words) == 2:
        return _is(call, words[0], words[1])
    return bool(words and words[0])


def _compares(left: str, sign: str, right: str) -> bool:
    if sign in {"=", "=="}:
        return left == right
    if sign == "!=":
        return left != right
    try:
        one, other = int(left), int(right)
    except ValueError as error:
        raise CommandError(f"/system/bin/sh: {left}: unexpected operator/operand", 2) from error
    outcomes = {"-eq": one == other, "-ne": one != other, "-lt": one < other, "-le": one <= other}
    outcomes |= {"-gt": one > other, "-ge": one >= other}
    return outcomes.get(sign, False)


def _is(call: Call, sign: str, text: str) -> bool:
    if sign in {"-n", "-z"}:
        return bool(text) == (sign == "-n")
    try:
        path = call.tablet.files.readable(text, at=call.around.folder)
    except OSError:
        return False
    size = path.stat().st_size
    outcomes = {"-e": True, "-f": path.is_file(), "-d": path.is_dir(), "-s": size > 0, "-r": True}
    outcomes |= {"-w": _writable(call, text), "-x": path.is_dir() or bool(path.stat().st_mode & 0o100)}
    return outcomes.get(sign, False)


def _writable(call: Call, text: str) -> bool:
    try:
        call.tablet.files.writable(text, at=call.around.folder)
    except OSError:
        return False
    return True


def _id(call: Call) -> int:
    call.line(
        "uid=2000(shell) gid=2000(shell) groups=2000(shell),1004(input),1007(log),1011(adb),1015(sdcard_rw),"
        "1028(sdcard_r),3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats),3009(readproc) "
        "context=u:r:shell:s0"
    )
    return 0


def _say(text: str) -> Handler:
    def command(call: Call) -> int:
        call.line(text)
        return 0

    return command


BASICS: Commands = {
    "echo": _echo,
    "printf": _printf,
    "true": _true,
    ":": _true,
    "false": _false,
    "sleep": _sleep,
    "head": _head,
    "tail": _tail,
    "grep": _grep,
    "egrep": lambda call: _grep(call.with_words("grep", "-E", *call.arguments)),
    "wc": _wc,
    "sort": _sort,
    "tr": _tr,
    "cut": _cut,
    "date": _date,
    "test": _test,
    "[": _test,
    "id": _id,
    "whoami": _say("shell"),
    "sync": _true,
    "wait": _true,
    "uname": _say("Linux"),
}
