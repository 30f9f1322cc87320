"""What `render` gives every page: its frame, its headers, its token, and its place in the navigation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from fleet.web.assets import asset_url
from fleet.web.render import FLEET, environment, navigation, shipped_environment
from tests.fleet.web.gallery import SampleViewer, gallery_app

PAGES = ("tablet", "list", "empty", "form", "wall", "phone", "stop")


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(gallery_app()) as opened:
        yield opened


class Markup(HTMLParser):
    """Notes what a strict content policy would refuse, and forms that would be refused for want of a token."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.ids: list[str] = []
        self.bare_forms: list[str] = []
        self._form: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "style" in given or tag == "style" or any(name.startswith("on") for name in given):
            self.refused.append(tag)
        if tag == "script" and not given.get("src"):
            self.refused.append("inline script")
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "form" and given.get("method") == "post":
            self._form = given.get("action")
        if tag == "input" and given.get("name") == "csrf_token" and given.get("value") == "sample-token":
            self._form = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            self.bare_forms.append(self._form)
            self._form = None


def markup(client: TestClient, name: str) -> Markup:
    parsed = Markup()
    parsed.feed(client.get(f"/gallery/{name}").text)
    return parsed


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_nothing_a_strict_policy_would_refuse(client: TestClient, name: str) -> None:
    assert markup(client, name).refused == []


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_changes_something_carries_the_token(client: TestClient, name: str) -> None:
    assert markup(client, name).bare_forms == []


@pytest.mark.parametrize("name", PAGES)
def test_no_two_parts_of_a_page_share_an_id(client: TestClient, name: str) -> None:
    ids = markup(client, name).ids
    assert len(ids) == len(set(ids))


def test_a_page_is_never_kept_and_may_load_only_our_own_files(client: TestClient) -> None:
    headers = client.get("/gallery/list").headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/gallery/list", ["/gallery/list"]),
        ("/gallery/list/12/holds", ["/gallery/list"]),
        ("/gallery/listing", []),
        ("/", []),
    ],
)
def test_the_place_the_viewer_is_in_is_marked(path: str, marked: list[str]) -> None:
    request = Request({"type": "http", "app": gallery_app(), "path": path, "headers": []})
    assert [place["href"] for place in navigation(request, SampleViewer()) if place["active"]] == marked


def test_who_is_signed_in_is_said_with_the_way_out(client: TestClient) -> None:
    text = client.get("/gallery/list").text
    assert "Sample Coordinator" in text
    assert 'action="/sign-out"' in text


def test_a_demonstration_says_so_on_every_page(client: TestClient) -> None:
    assert all("Demonstration." in client.get(f"/gallery/{name}").text for name in PAGES)


def test_a_refusal_says_what_happened_why_and_what_next(client: TestClient) -> None:
    answer = client.get("/gallery/refused", headers={"referer": "http://testserver/gallery/tablet?from=list"})
    assert answer.status_code == 409
    for words in ("cannot be lent", "Wiped Mon 1 Jun", "Wipe it at a bench", "Go back"):
        assert words in answer.text
    assert 'href="/gallery/tablet?from=list"' in answer.text


@pytest.mark.parametrize("referer", ["https://elsewhere.example/gallery/tablet", "javascript:alert(1)", "//x", ""])
def test_the_way_back_never_leads_to_another_site(client: TestClient, referer: str) -> None:
    text = client.get("/gallery/refused", headers={"referer": referer}).text
    assert "Go back" not in text
    assert "elsewhere" not in text


def test_a_list_keeps_its_filters_while_it_is_sorted_and_paged(client: TestClient) -> None:
    text = client.get("/gallery/list").text
    assert 'aria-sort="ascending"' in text
    assert "sort=-code" in text
    assert "9 to 16 of 204 tablets" in text


def test_an_empty_list_says_what_comes_first_and_a_filtered_one_how_to_see_all(client: TestClient) -> None:
    text = client.get("/gallery/empty").text
    assert "Tablets appear here once they are taken in." in text
    assert "Nothing matches these filters." in text
    assert "Show all of them" in text


def test_an_asset_is_kept_for_ever_under_its_mark_and_asked_about_without(client: TestClient) -> None:
    marked = client.get(asset_url("css/tokens.css"))
    assert marked.status_code == 200
    assert "immutable" in marked.headers["cache-control"]
    assert client.get("/static/css/tokens.css").headers["cache-control"] == "no-cache"


def test_an_asset_comes_packed_to_who_takes_it_so_and_a_page_never_does(client: TestClient) -> None:
    packs, plain = {"accept-encoding": "gzip"}, {"accept-encoding": "identity"}
    script = asset_url("vendor/govuk-frontend.min.js")
    packed = client.get(script, headers=packs)
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers.get("content-length", "0")) < len(packed.content) / 3
    assert packed.content == client.get(script, headers=plain).content
    assert "content-encoding" not in client.get("/gallery/list", headers=packs).headers


def test_every_asset_that_a_page_asks_for_is_there(client: TestClient) -> None:
    asked = {
        each
        for name in PAGES
        for each in re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get(f"/gallery/{name}").text)
    }
    assert len(asked) > 10
    assert {each: client.get(each).status_code for each in asked} == dict.fromkeys(asked, 200)


def test_every_shipped_template_can_be_read() -> None:
    names = [
        f"{folder.parent.name}/{path.relative_to(folder)}"
        for folder in FLEET.glob("*/templates")
        for path in folder.rglob("*.html")
    ]
    assert "web/base.html" in names
    for name in names:
        shipped_environment().get_template(name)


def test_what_a_person_typed_is_shown_and_never_run() -> None:
    template = environment().from_string("{{ words }}")
    assert template.render(words="<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;"
