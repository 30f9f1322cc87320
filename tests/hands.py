"""Somebody who has a keyboard and nothing else: Tab, Enter, Space, the arrows inside a group of answers, and typing."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

MOST_STOPS = 150
IS_FOCUSED = "e => e === document.activeElement"


@dataclass
class Hands:
    """Hands on the keyboard in front of one window. Nothing here touches a mouse or sets a value by script."""

    window: Page

    def reach(self, thing: Locator) -> None:
        """Press Tab until the thing has the focus. Raises AssertionError where Tab never comes to it."""
        thing.wait_for()
        for _ in range(MOST_STOPS):
            if thing.evaluate(IS_FOCUSED):
                return
            self.window.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {thing}")

    def write(self, label: str, text: str) -> None:
        """Type into the field of this label, over whatever Tab selected there."""
        self.reach(self.window.get_by_label(label, exact=True))
        self.window.keyboard.press("ControlOrMeta+a")
        self.window.keyboard.type(text)

    def press(self, words: str) -> None:
        """Go to the button of these words and press it."""
        self.reach(self.window.get_by_role("button", name=words, exact=True).locator("visible=true").first)
        self.window.keyboard.press("Enter")

    def unfold(self, words: str) -> None:
        """Open what stands folded behind these words."""
        self.reach(self.window.locator("summary:visible").filter(has_text=words).first)
        self.window.keyboard.press("Enter")

    def follow(self, words: str) -> None:
        """Go to the link of these words and follow it."""
        self.reach(self.window.get_by_role("link", name=words).locator("visible=true").first)
        self.window.keyboard.press("Enter")

    def answer(self, question: str, words: str) -> None:
        """Choose one of a question's answers: Tab to the group, the arrows inside it."""
        group = self.window.get_by_role("group", name=question)
        self.reach(group.get_by_role("radio").and_(self._tab_stop_of(group)).first)
        wanted = group.get_by_role("radio", name=words).first
        for _ in range(20):
            if wanted.evaluate(IS_FOCUSED):
                break
            self.window.keyboard.press("ArrowDown")
        if not wanted.is_checked():
            self.window.keyboard.press("Space")
        assert wanted.is_checked(), f"{question} {words}"

    def _tab_stop_of(self, group: Locator) -> Locator:
        """Where Tab enters a group of answers: the one that is chosen, or the first."""
        chosen = group.locator("input:checked")
        return chosen if chosen.count() else group.locator("input")

    def tick(self, words: str) -> None:
        """Tick one box."""
        box = self.window.get_by_role("checkbox", name=words).first
        self.reach(box)
        if not box.is_checked():
            self.window.keyboard.press("Space")
        assert box.is_checked()

    def pick(self, label: str, words: str) -> None:
        """Choose from a list by typing the beginning of what is wanted."""
        self.reach(self.window.get_by_label(label, exact=True))
        self.window.keyboard.type(words)
