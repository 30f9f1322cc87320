"""A courier's whole day in real Chromium, whose camera sees the labels that we print: without signal from the hub's
gate on, and told once it is back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL.Image import Image
from playwright.sync_api import Page, expect

from fleet.database.session import Database
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import Action, Answer, JobState
from fleet.loans import queries as loan_queries
from fleet.loans.rules import LoanState
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.film import label_pictures
from tests.fleet.deliveries.in_hand import (
    HAS_DECODER,
    KEPT,
    hold_before_camera,
    open_today,
    tick_collection,
    tick_hand_over,
    told,
    wait_until,
)

pytestmark = [pytest.mark.browser, ON_SQLITE]

SCAN = "Scan the label"
SAID = """() => {
    const place = document.querySelector('[data-scanner-said]');
    window.said = [];
    new MutationObserver(() => place.textContent && window.said.push(place.textContent))
        .observe(place, {childList: true});
}"""
"""Writes down what the scanner says, however short it stands there."""


def test_a_day_without_signal_is_scanned_kept_and_told_once_it_is_back(
    phone: Page, camera_film: Path, address: str, delivering: Delivering, database: Database
) -> None:
    run = delivering.run()
    bring = [delivering.delivery(run) for _ in range(3)]
    fetch = delivering.collection(run)
    codes = [delivering.code(job.tablet_id) for job in (*bring, fetch)]
    labels = label_pictures(codes)
    open_today(phone, address, delivering)
    load_all(phone, camera_film, codes[:3], labels[:3])
    phone.goto(f"{address}/run")
    wait_until(phone, lambda: bool(phone.evaluate(HAS_DECODER)))

    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_text("4 of 4 left")).to_be_visible()
    phone.locator("a.stop").first.click()
    for code, label in zip(codes[:3], labels[:3], strict=True):
        expect(phone.get_by_role("heading", name=code)).to_be_visible()
        scan_label(phone, camera_film, label)
        tick_hand_over(phone)
    expect(phone.get_by_role("heading", name=codes[3])).to_be_visible()
    expect(phone.get_by_role("status")).to_contain_text(KEPT)
    expect(phone.get_by_role("status")).to_contain_text("One stop is left")
    collect_after_a_wrong_one(phone, camera_film, codes, labels)
    expect(phone.get_by_text("0 of 4 left")).to_be_visible()
    tell_the_first_again(phone, camera_film, labels[0])
    expect(phone.get_by_role("link", name="5 waiting to send")).to_be_visible()

    context = phone.context
    phone.close()
    again = context.new_page()
    again.goto(f"{address}/run")
    expect(again.get_by_text("waiting to send").first).to_be_visible()
    assert {each.action for each in told(database)} == {Action.LOAD}
    context.set_offline(False)
    expect(again.get_by_role("link", name="All sent")).to_be_visible()
    assert_the_day_is_right(delivering, database, bring, fetch)

    again.goto(f"{address}/run/waiting")
    expect(again.get_by_text("You told us this already")).to_be_visible()
    assert again.get_by_text("lent until").count() == 3


def scan_label(phone: Page, film: Path, *labels: Image) -> None:
    hold_before_camera(film, *labels)
    phone.get_by_role("button", name=SCAN).first.click()


def load_all(phone: Page, film: Path, codes: list[str], labels: list[Image]) -> None:
    phone.get_by_role("link", name="3 to load").click()
    for code, label in zip(codes, labels, strict=True):
        scan_label(phone, film, label)
        expect(phone.get_by_role("status")).to_contain_text(f"{code}. Loaded.")


def collect_after_a_wrong_one(phone: Page, film: Path, codes: list[str], labels: list[Image]) -> None:
    """The camera sees one that was handed over this morning, and then the one to collect."""
    phone.evaluate(SAID)
    scan_label(phone, film, labels[0], labels[3])
    expect(phone.get_by_label("Yes", exact=True)).to_be_visible()
    said = phone.evaluate("window.said")
    assert said[-1] == f"{codes[3]}. Right."
    assert any(codes[0] in words for words in said), said
    tick_collection(phone)


def tell_the_first_again(phone: Page, film: Path, label: Image) -> None:
    phone.locator("a.stop").first.click()
    expect(phone.get_by_text("Handed over")).to_be_visible()
    expect(phone.get_by_role("button", name="Hand it over")).to_be_hidden()
    phone.get_by_role("button", name="Tell it again").click()
    scan_label(phone, film, label)
    tick_hand_over(phone)
    expect(phone.get_by_role("status")).to_contain_text(KEPT)


def assert_the_day_is_right(
    delivering: Delivering, database: Database, bring: list[DeliveryJob], fetch: DeliveryJob
) -> None:
    assert [delivering.again(job).state for job in bring] == [JobState.HANDED_OVER] * 3
    assert delivering.again(fetch).state is JobState.COLLECTED
    assert {delivering.loan_of(job).state for job in bring} == {LoanState.ACTIVE}
    assert delivering.loan_of(fetch).state is LoanState.COLLECTED
    rows = told(database)
    assert sorted(each.answer for each in rows) == sorted([Answer.APPLIED] * 7 + [Answer.ALREADY])
    assert not any(each.clock_flagged or each.needs_review for each in rows)
    counts = [each.sequence for each in sorted(rows, key=lambda each: each.occurred_at)]
    assert counts == sorted(set(counts))
    assert [proofs(delivering, job, "hand_over") for job in bring] == [1, 1, 1]
    assert proofs(delivering, fetch, "collect") == 1


def proofs(delivering: Delivering, job: DeliveryJob, kind: str) -> int:
    """How often the loan's log says so."""
    return [each.kind for each in delivering.lending.read(loan_queries.events, job.loan_id)].count(kind)
