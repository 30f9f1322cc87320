"""Draws the PNG icons from the one SVG of the mark with headless Chromium; for developers who change the mark."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).parent.parent / "fleet" / "web" / "static" / "icons"
SIZES = (16, 32, 180, 192, 512)


def draw(chromium: str = "/usr/bin/chromium-headless-shell") -> None:
    svg = (ICONS / "mark.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>html,body{{margin:0}}svg{{display:block;width:{size}px}}</style>{svg}")
            page.screenshot(path=ICONS / f"mark-{size}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    draw()
