"""Label printers made for tests: they read the rasters we send as the makers' references describe them.

They share no code with what writes the rasters, and refuse any byte that the reference has no place for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image


@dataclass
class Job:
    """What came out: labels as they leave the printer, seen from above with the first row on top, and settings."""

    labels: list[Image.Image] = field(default_factory=list)
    media: list[tuple[int, int, int]] = field(default_factory=list)
    margins: list[int] = field(default_factory=list)
    torn_off: bool = False


class _Bytes:
    """A stream read from its beginning."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        assert len(taken) == count, f"the job ends in the middle of a command at byte {self.at}"
        self.at += count
        return taken

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "little")

    @property
    def ended(self) -> bool:
        return self.at == len(self.data)


def print_brother(stream: bytes) -> Job:
    """A QL-800: 720 pins, the first bit of a row at the right end of the tape."""
    job, read = Job(), _Bytes(stream)
    assert set(read.take(400)) == {0}
    assert read.take(2) == b"\x1b@"
    rows: list[bytes] = []
    expected, page, finished = -1, 0, False
    while not read.ended:
        assert not finished, "bytes after the last page"
        command = read.take(1)
        if command == b"g":
            assert read.take(2) == b"\x00\x5a"
            rows.append(read.take(90))
        elif command in (b"\x0c", b"\x1a"):
            assert len(rows) == expected
            job.labels.append(_seen(rows, 720).transpose(Image.Transpose.FLIP_LEFT_RIGHT))
            rows, page, finished = [], page + 1, command == b"\x1a"
        elif command == b"M":
            assert read.take(1) == b"\x00"
        else:
            assert command == b"\x1b", command
            assert read.take(1) == b"i"
            expected = _brother_setting(read, job, page, expected)
    assert finished
    job.torn_off = True
    return job


def _brother_setting(read: _Bytes, job: Job, page: int, expected: int) -> int:
    letter = read.take(1)
    if letter == b"z":
        valid, kind, width, length = read.take(4)
        assert valid & 0x0E == 0x0E
        assert kind == (0x0B if length else 0x0A)
        rows = read.number(4)
        assert read.take(2) == bytes([min(page, 1), 0])
        job.media.append((kind, width, length))
        return rows
    if letter == b"d":
        job.margins.append(read.number(2))
    else:
        assert {b"a": b"\x01", b"M": b"\x40", b"A": b"\x01", b"K": b"\x08"}[letter] == read.take(1)
    return expected


def print_dymo_450(stream: bytes) -> Job:
    """A LabelWriter 450: 672 dots, the first bit of a line at the left end of the label."""
    job, body = Job(), stream.lstrip(b"\x1b")
    assert len(stream) - len(body) > 85
    assert body.startswith(b"@")
    read, lines, width = _Bytes(body[1:]), list[bytes](), 0
    while not read.ended:
        command = read.take(1)
        if command == b"\x16":
            lines.append(read.take(width))
            continue
        assert command == b"\x1b", command
        letter = read.take(1)
        if letter == b"D":
            (width,) = read.take(1)
            assert width == 84
        elif letter == b"B":
            assert read.take(1) == b"\x00"
        elif letter == b"L":
            job.margins.append(int.from_bytes(read.take(2), "big"))
        elif letter in (b"G", b"E"):
            job.labels.append(_seen(lines, 672))
            lines, job.torn_off = [], letter == b"E"
        else:
            assert letter in (b"h", b"e"), letter
    assert not lines
    return job


def print_dymo_550(stream: bytes) -> Job:
    """A LabelWriter 550: a block of bits a label, lowest bytes first in every number."""
    job, read, ended = Job(), _Bytes(stream), False
    assert read.take(2) == b"\x1bs"
    assert read.number(4) > 0
    while not read.ended:
        assert not ended
        assert read.take(1) == b"\x1b"
        letter = read.take(1)
        if letter == b"C":
            assert 0 < read.number(1) <= 200
        elif letter == b"n":
            assert read.number(2) == len(job.labels)
        elif letter == b"D":
            assert read.take(2) == b"\x01\x02"
            lines, dots = read.number(4), read.number(4)
            assert dots == 672
            block = read.take(lines * dots // 8)
            job.labels.append(_seen([block[at : at + 84] for at in range(0, len(block), 84)], 672))
        elif letter == b"A":
            assert read.take(1) == b"\x02"
        elif letter == b"E":
            job.torn_off = True
        elif letter == b"Q":
            ended = True
        else:
            assert letter in (b"h", b"G"), letter
    assert ended
    return job


def _seen(rows: list[bytes], dots: int) -> Image.Image:
    """Rows of bits, set where black, as a grey picture with a white border such as the backing paper's."""
    inked = Image.frombytes("1", (dots, len(rows)), bytes(byte ^ 0xFF for byte in b"".join(rows)))
    picture = Image.new("L", (dots + 40, len(rows) + 40), 255)
    picture.paste(inked.convert("L"), (20, 20))
    return picture
