"""Right-to-left text stands in the order in which a browser puts it, and isolated values keep to themselves."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Page

from labels.script.bidi import MARKS, isolated, levels_of, runs_in_order

LETTERS = (*"abz", *"אבג", *"ادر", *"123", *"٤٥", *" .,:-+/$%!", *"()[]", "\u2067", "\u2066", "\u2068", "\u2069")
"""Of each kind that the algorithm tells apart, as often as makes trouble likely."""

ORDER_SEEN = """(texts) => texts.map(([text, direction]) => {
    const line = document.createElement('pre');
    line.dir = direction;
    line.style.cssText = 'font: 20px monospace; white-space: pre; position: absolute; width: 3000px';
    line.textContent = text;
    document.body.append(line);
    const range = document.createRange();
    const places = [...text].map((_, at) => {
        range.setStart(line.firstChild, at);
        range.setEnd(line.firstChild, at + 1);
        const box = range.getBoundingClientRect();
        return [box.left + box.width / 2, at];
    });
    line.remove();
    return places.sort((one, other) => one[0] - other[0]).map(([, at]) => at);
})"""


def order(text: str, *, rtl: bool) -> list[int]:
    """The indices of what is drawn, from the left of the page to the right."""
    found: list[int] = []
    for start, stop, level in runs_in_order(text, levels_of(text, rtl=rtl), rtl=rtl):
        run = range(start, stop)
        found += reversed(run) if level % 2 else run
    return [index for index in found if text[index] not in MARKS]


def line(chosen: random.Random) -> str:
    """A random line whose isolates are closed, of Arabic letters that join nothing, so that each has its place."""
    text = ""
    open_isolates = 0
    for letter in chosen.choices(LETTERS, k=chosen.randint(2, 14)):
        if letter == "\u2069":
            if not open_isolates:
                continue
            open_isolates -= 1
        elif letter in MARKS:
            open_isolates += 1
        text += letter
    return text + "\u2069" * open_isolates


@pytest.mark.browser
def test_a_browser_puts_the_same_letters_in_the_same_places(window: Page) -> None:
    chosen = random.Random(7)
    lines = [(line(chosen), chosen.random() < 0.5) for _ in range(400)]
    seen = window.evaluate(ORDER_SEEN, [[text, "rtl" if rtl else "ltr"] for text, rtl in lines])
    wrong = [
        (text, rtl)
        for (text, rtl), places in zip(lines, seen, strict=True)
        if [at for at in places if text[at] not in MARKS] != order(text, rtl=rtl)
    ]
    assert wrong == []


def drawn(text: str, *, rtl: bool) -> str:
    return "".join(text[index] for index in order(text, rtl=rtl))


def test_a_phone_number_in_an_arabic_sentence_is_not_turned_round() -> None:
    assert "020 7946 0000" in drawn(f"اتصل {isolated('020 7946 0000')} بنا", rtl=True)
    assert "020 7946 0000" not in drawn("اتصل 020 7946 0000 بنا", rtl=True)


def test_a_hebrew_name_in_an_english_line_leaves_what_follows_in_its_place() -> None:
    assert drawn(f"For {isolated('אבג')} 12", rtl=False) == "For גבא 12"


def test_a_bracket_goes_with_what_is_in_it() -> None:
    assert drawn("אב (cd) גה", rtl=True) == "הג )cd( בא"
