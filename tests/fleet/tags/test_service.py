"""Codes for tablets: made once, never twice, confirmed only from their own tablet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from pypdfium2 import PdfDocument
from sqlalchemy.exc import IntegrityError

from fleet.database.session import Database
from fleet.errors import BadInput, Conflict, MoveRefused, NotFound
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service import get_tablet
from fleet.tags import printing, queries, service
from fleet.tags.models import Tag
from fleet.tags.rules import TagState, shown
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import FakeClock

Stock = Callable[..., Tablet]


@pytest.fixture
def technician(actor: Callable[..., Actor]) -> Actor:
    return actor(Role.TECHNICIAN)


@pytest.fixture
def labelled(database: Database, technician: Actor, stock: Stock, clock: FakeClock) -> Callable[[], tuple[Tablet, str]]:
    """A tablet in the hub with the code of its label."""

    def make() -> tuple[Tablet, str]:
        tablet = stock(Stage.PROVISIONED, label_confirmed_at=None)
        with database.write() as session:
            made = service.make_tags(session, [tablet.id], actor=technician, happening=Happening(clock()))
        return tablet, shown(made[0].code)

    return make


def test_a_tablet_gets_one_code_however_often_it_is_asked_for(
    database: Database, technician: Actor, stock: Stock, clock: FakeClock
) -> None:
    first, second = stock(), stock()
    with database.write() as session:
        made = service.make_tags(session, [second.id, first.id], actor=technician, happening=Happening(clock()))
        again = service.make_tags(session, [first.id, second.id], actor=technician, happening=Happening(clock()))
    assert [tag.id for tag in again] == [made[1].id, made[0].id]
    with database.read() as session:
        assert get_tablet(session, first.id).label_code == made[1].code
        assert service.codes_of(session, [first.id, second.id]) == {
            first.id: shown(made[1].code),
            second.id: shown(made[0].code),
        }


def test_two_attached_tags_on_one_tablet_are_refused_by_the_database(
    database: Database, labelled: Callable[[], tuple[Tablet, str]], clock: FakeClock
) -> None:
    tablet, _ = labelled()
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Tag(code="222222", state=TagState.ATTACHED, tablet_id=tablet.id, made_at=clock()))


def test_scanning_its_own_label_back_confirms_it(
    database: Database, technician: Actor, labelled: Callable[[], tuple[Tablet, str]], clock: FakeClock
) -> None:
    tablet, code = labelled()
    scanned = f"HTTPS://TABLETS.EXAMPLE/T/{code}"
    with database.write() as session:
        service.confirm_scan(session, scanned, tablet.id, actor=technician, happening=Happening(clock()))
    with database.read() as session:
        assert get_tablet(session, tablet.id).label_confirmed_at == clock()
        assert service.lookup(session, code).confirmed_at == clock()


def test_another_tablets_label_confirms_nothing_and_says_whose_it_is(
    database: Database, technician: Actor, labelled: Callable[[], tuple[Tablet, str]], clock: FakeClock
) -> None:
    (first, first_code), (second, second_code) = labelled(), labelled()
    said = f"is the label of tablet {second.id}."
    with pytest.raises(service.WrongLabel, match=said) as refused, database.write() as session:
        service.confirm_scan(session, second_code, first.id, actor=technician, happening=Happening(clock()))
    assert first_code in refused.value.next_step
    with database.read() as session:
        assert get_tablet(session, first.id).label_confirmed_at is None


def test_the_same_scan_sent_twice_is_recorded_once(
    database: Database, technician: Actor, labelled: Callable[[], tuple[Tablet, str]], clock: FakeClock
) -> None:
    tablet, code = labelled()
    happening = Happening(clock(), client_id="phone-0001")
    for _ in range(2):
        with database.write() as session:
            service.confirm_scan(session, code, tablet.id, actor=technician, happening=happening)
        clock.advance(minutes=5)
    with database.read() as session:
        assert service.lookup(session, code).confirmed_at == happening.now


def test_a_replaced_label_still_leads_to_its_tablet_but_no_longer_confirms_it(
    database: Database, technician: Actor, labelled: Callable[[], tuple[Tablet, str]], clock: FakeClock
) -> None:
    tablet, old = labelled()
    with database.write() as session:
        service.confirm_scan(session, old, tablet.id, actor=technician, happening=Happening(clock()))
    with database.write() as session:
        made = service.replace(
            session, tablet.id, reason="It came off.", actor=technician, happening=Happening(clock())
        )
    with database.read() as session:
        assert get_tablet(session, tablet.id).label_confirmed_at is None
        assert service.tablet_of(session, old) == tablet.id == service.tablet_of(session, made.code)
        assert service.lookup(session, old).state is TagState.REPLACED
    with pytest.raises(service.WrongLabel, match="old label of this tablet"), database.write() as session:
        service.confirm_scan(session, old, tablet.id, actor=technician, happening=Happening(clock()))
    with pytest.raises(Conflict), database.write() as session:
        service.attach(session, old, tablet.id, actor=technician, happening=Happening(clock()))


def test_a_label_is_not_replaced_without_a_reason(
    database: Database, technician: Actor, labelled: Callable[[], tuple[Tablet, str]], clock: FakeClock
) -> None:
    tablet, code = labelled()
    with pytest.raises(MoveRefused), database.write() as session:
        service.replace(session, tablet.id, reason=" ", actor=technician, happening=Happening(clock()))
    with database.read() as session:
        assert service.codes_of(session, [tablet.id]) == {tablet.id: code}


def test_a_used_code_is_not_given_to_a_second_tablet(
    database: Database, technician: Actor, stock: Stock, labelled: Callable[[], tuple[Tablet, str]], clock: FakeClock
) -> None:
    _, code = labelled()
    other = stock()
    with pytest.raises(service.LabelTaken, match="is the label of tablet"), database.write() as session:
        service.attach(session, code, other.id, actor=technician, happening=Happening(clock()))


def test_what_is_no_code_of_ours_is_told_apart_from_what_is_no_code(database: Database) -> None:
    with database.read() as session:
        with pytest.raises(NotFound, match="K7F3-QX reads well"):
            service.lookup(session, "k7f3qx")
        with pytest.raises(BadInput) as refused:
            service.lookup(session, "K7F3-QY")
        assert "does not check" in refused.value.fields["code"]
        assert service.tablet_of(session, "K7F3-QX") is None


def printed_codes(pdf: bytes) -> list[str]:
    """What a decoder that is not ours reads from the sheets, page by page from the top left."""
    found: list[str] = []
    for page in PdfDocument(pdf):
        picture: Image.Image = page.render(scale=3).to_pil()
        codes = sorted(
            zxingcpp.read_barcodes(picture), key=lambda code: (code.position.top_left.y // 60, code.position.top_left.x)
        )
        found += [code.text for code in codes]
    return found


def test_a_printed_sheet_carries_each_tablets_own_code(
    database: Database, technician: Actor, stock: Stock, settings: Settings, clock: FakeClock
) -> None:
    tablets = [stock(), stock(), stock()]
    with database.write() as session:
        batch = printing.print_labels(
            session,
            [tablet.id for tablet in tablets],
            wanted=printing.Wanted(sheet="l7160", start_at=20, copies=1),
            settings=settings,
            actor=technician,
            happening=Happening(clock()),
        )
    with database.read() as session:
        pdf = printing.pdf_of(session, batch.id, settings=settings)
        codes = service.codes_of(session, [tablet.id for tablet in tablets])
        assert [tag.printed_at for tag in queries.tags_of_batch(session, batch.id)] == [clock()] * 3
    assert printed_codes(pdf) == [f"HTTPS://T.EXAMPLE/T/{codes[tablet.id]}" for tablet in tablets]


def test_printing_again_leaves_out_labels_that_were_replaced_since(
    database: Database, technician: Actor, stock: Stock, settings: Settings, clock: FakeClock
) -> None:
    kept, replaced = stock(), stock()
    happening = Happening(clock())
    with database.write() as session:
        batch = printing.print_labels(
            session,
            [kept.id, replaced.id],
            wanted=printing.Wanted(),
            settings=settings,
            actor=technician,
            happening=happening,
        )
        service.replace(session, replaced.id, reason="Torn", actor=technician, happening=happening)
    with database.write() as session:
        again = printing.print_again(
            session, batch.id, start_at=5, settings=settings, actor=technician, happening=happening
        )
    with database.read() as session:
        assert (again.again_of_id, again.start_at) == (batch.id, 5)
        assert [tag.tablet_id for tag in queries.tags_of_batch(session, again.id)] == [kept.id]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (printing.Wanted(sheet="nonsense"), "sheet"),
        (printing.Wanted(start_at=22), "start_at"),
        (printing.Wanted(start_at=0), "start_at"),
        (printing.Wanted(copies=9), "copies"),
    ],
)
def test_a_sheet_that_cannot_be_printed_leaves_no_tag_behind(
    database: Database,
    technician: Actor,
    stock: Stock,
    settings: Settings,
    clock: FakeClock,
    wanted: printing.Wanted,
    field: str,
) -> None:
    tablet = stock()
    with pytest.raises(BadInput) as refused, database.write() as session:
        printing.print_labels(
            session, [tablet.id], wanted=wanted, settings=settings, actor=technician, happening=Happening(clock())
        )
    assert list(refused.value.fields) == [field]
    with database.read() as session:
        assert service.codes_of(session, [tablet.id]) == {}
        assert get_tablet(session, tablet.id).label_code == ""


def test_an_address_too_long_for_a_label_is_told_in_a_sentence(settings: Settings) -> None:
    assert printing.check_public_url(settings) is None
    long = settings.model_copy(update={"public_url": "https://tablets.a-very-long-charity-name.example"})
    problem = printing.check_public_url(long)
    assert problem is not None
    assert "35" in problem


def test_every_sheet_on_offer_says_what_it_can_carry() -> None:
    choices = printing.sheet_choices()
    assert "L7160" in [choice.name for choice in choices]
    assert all(choice.sentence and choice.per_page >= 1 for choice in choices)


def test_copies_repeat_the_same_code(
    database: Database, technician: Actor, stock: Stock, settings: Settings, clock: FakeClock
) -> None:
    tablet = stock()
    with database.write() as session:
        wanted = replace(printing.Wanted(), copies=2)
        batch = printing.print_labels(
            session, [tablet.id], wanted=wanted, settings=settings, actor=technician, happening=Happening(clock())
        )
    with database.read() as session:
        read = printed_codes(printing.pdf_of(session, batch.id, settings=settings))
    assert len(read) == 2
    assert len(set(read)) == 1
