"""Blank labels: claimed by the first scan and by no other, taken back after a mistake, void when the roll is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from fleet.errors import Conflict, DoorstepError, MoveRefused
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service import get_tablet
from fleet.tags import printing, queries, service
from fleet.tags.claiming import LabelTaken
from fleet.tags.models import Tag
from fleet.tags.rules import TagState, shown
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.tags.conftest import Labelling

PHONES = 8


def test_a_blank_label_belongs_to_the_tablet_it_was_first_scanned_for(labelling: Labelling) -> None:
    (code,) = labelling.codes(labelling.blanks(1))
    tablet = labelling.tablet()
    claimed = labelling.claim(f"HTTPS://T.EXAMPLE/T/{code}", tablet)
    assert (claimed.state, claimed.tablet_id, claimed.attached_at) == (
        TagState.ATTACHED,
        tablet.id,
        labelling.clock(),
    )
    with labelling.database.read() as session:
        told = get_tablet(session, tablet.id)
        assert shown(told.label_code) == code
        assert told.label_confirmed_at is None, "claimed is not yet scanned back"
    labelling.confirm(code, tablet)
    with labelling.database.read() as session:
        assert get_tablet(session, tablet.id).label_confirmed_at == labelling.clock()


def test_of_many_phones_that_claim_one_label_at_once_exactly_one_gets_it(labelling: Labelling) -> None:
    codes = labelling.codes(labelling.blanks(3))
    for code in codes:
        tablets = [labelling.tablet() for _ in range(PHONES)]
        start = Barrier(PHONES)

        def claim(tablet: Tablet, code: str = code, start: Barrier = start) -> Tag | LabelTaken:
            start.wait()
            try:
                return labelling.claim(code, tablet)
            except LabelTaken as taken:
                return taken

        with ThreadPoolExecutor(PHONES) as phones:
            answers = list(phones.map(claim, tablets))
        winners = [answer for answer in answers if isinstance(answer, Tag)]
        losers = [answer for answer in answers if isinstance(answer, LabelTaken)]
        assert (len(winners), len(losers)) == (1, PHONES - 1)
        owner = winners[0].tablet_id
        assert {loser.details["tablet_id"] for loser in losers} == {owner}
        assert all(f"{code} is the label of tablet {owner}." in loser.message for loser in losers)
        with labelling.database.read() as session:
            labelled = queries.attached_tags(session, [tablet.id for tablet in tablets])
            assert [(tablet_id, shown(tag.code)) for tablet_id, tag in labelled.items()] == [(owner, code)]


def test_of_many_labels_claimed_at_once_for_one_tablet_it_gets_exactly_one(labelling: Labelling) -> None:
    codes, tablet = labelling.codes(labelling.blanks(4)), labelling.tablet()
    start = Barrier(len(codes))

    def claim(code: str) -> Tag | Conflict:
        start.wait()
        try:
            return labelling.claim(code, tablet)
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(len(codes)) as phones:
        answers = list(phones.map(claim, codes))
    (winner,) = (answer for answer in answers if isinstance(answer, Tag))
    assert all(shown(winner.code) in answer.message for answer in answers if isinstance(answer, Conflict))
    assert sorted(labelling.tag(code).state for code in codes) == ["attached", *["blank"] * 3]


def test_the_same_claim_sent_twice_at_once_is_one_claim_with_one_answer(labelling: Labelling) -> None:
    (code,), tablet = labelling.codes(labelling.blanks(1)), labelling.tablet()
    start = Barrier(2)

    def claim(_phone: int) -> int:
        start.wait()
        return labelling.claim(code, tablet, "phone-0001").id

    with ThreadPoolExecutor(2) as phones:
        assert len(set(phones.map(claim, range(2)))) == 1


def test_a_claim_told_again_later_gets_the_same_answer(labelling: Labelling) -> None:
    first, second = labelling.codes(labelling.blanks(2))
    tablet, other = labelling.tablet(), labelling.tablet()
    claimed = labelling.claim(first, tablet, "phone-0001")
    labelling.clock.advance(hours=1)
    assert labelling.claim(first, tablet, "phone-0001").attached_at == claimed.attached_at
    labelling.replace(tablet)
    assert labelling.claim(first, tablet, "phone-0001").id == claimed.id
    with pytest.raises(Conflict, match="used for something else"):
        labelling.claim(second, other, "phone-0001")


def test_a_claim_made_by_mistake_is_taken_back_with_a_reason(labelling: Labelling) -> None:
    (code,) = labelling.codes(labelling.blanks(1))
    wrong, right = labelling.tablet(), labelling.tablet()
    labelling.claim(code, wrong)
    with pytest.raises(MoveRefused):
        labelling.take_back(wrong, " ")
    labelling.take_back(wrong, "Two tablets lay side by side")
    with labelling.database.read() as session:
        assert get_tablet(session, wrong.id).label_code == ""
    assert labelling.claim(code, right).tablet_id == right.id


def test_a_claim_stands_once_the_label_was_scanned_back(labelling: Labelling) -> None:
    (code,), tablet = labelling.codes(labelling.blanks(1)), labelling.tablet()
    labelling.claim(code, tablet)
    labelling.confirm(code, tablet)
    with pytest.raises(MoveRefused) as refused:
        labelling.take_back(tablet, "I thought so")
    assert refused.value.reasons == ("It was scanned back from this tablet since.",)
    assert labelling.tag(code).tablet_id == tablet.id


@ON_SQLITE
def test_a_label_that_was_made_for_a_tablet_is_never_blank_again(labelling: Labelling) -> None:
    tablet = labelling.tablet()
    with labelling.database.write() as session:
        service.make_tags(session, [tablet.id], actor=labelling.technician, happening=labelling.happening())
    with pytest.raises(MoveRefused) as refused:
        labelling.take_back(tablet, "I thought so")
    assert refused.value.reasons == ("It was made for this tablet, and never was a blank label.",)


def test_a_damaged_label_is_replaced_by_a_blank_one_and_both_keep_their_history(labelling: Labelling) -> None:
    old, new, another = labelling.codes(labelling.blanks(3))
    tablet, neighbour = labelling.tablet(), labelling.tablet()
    labelling.claim(old, tablet)
    labelling.confirm(old, tablet)
    labelling.claim(another, neighbour)
    with pytest.raises(LabelTaken):
        labelling.replace(tablet, another)
    labelling.replace(tablet, new)
    with labelling.database.read() as session:
        assert get_tablet(session, tablet.id).label_confirmed_at is None, "the other label has to be scanned back too"
        assert service.replaced_by(session, service.lookup(session, old)) == new
        assert [shown(tag.code) for tag in queries.tags_of_tablet(session, tablet.id)] == sorted(
            (old, new), key=lambda code: code == old
        )
        assert service.tablet_of(session, old) == service.tablet_of(session, new) == tablet.id
    with pytest.raises(LabelTaken, match=f"was replaced by {new}"):
        labelling.claim(old, neighbour)
    with pytest.raises(service.WrongLabel, match=f"replaced by {new}"):
        labelling.confirm(old, tablet)


def test_the_labels_of_a_lost_roll_are_void_from_a_number_on_and_claimed_by_nobody(labelling: Labelling) -> None:
    batch = labelling.blanks(5)
    codes = labelling.codes(batch)
    claimed = labelling.tablet()
    labelling.claim(codes[3], claimed)
    with pytest.raises(MoveRefused), labelling.database.write() as session:
        printing.void_labels(session, batch.id, first=3, reason=" ", happening=labelling.happening())
    with labelling.database.write() as session:
        voided = printing.void_labels(
            session, batch.id, first=3, reason="Left on the bus", happening=labelling.happening()
        )
    assert [shown(tag.code) for tag in voided] == [codes[2], codes[4]]
    assert [labelling.tag(code).state for code in codes] == ["blank", "blank", "void", "attached", "void"]
    with pytest.raises(LabelTaken, match=r"was made void \(Left on the bus\)"):
        labelling.claim(codes[2], labelling.tablet())
    with pytest.raises(Conflict, match="None of these"), labelling.database.write() as session:
        printing.void_labels(session, batch.id, first=3, reason="Again", happening=labelling.happening())


def test_the_label_of_a_tablet_that_left_the_fleet_is_not_used_again(labelling: Labelling) -> None:
    (code,), gone = labelling.codes(labelling.blanks(1)), labelling.tablet()
    labelling.claim(code, gone)
    with labelling.database.write() as session:
        get_tablet(session, gone.id).stage = Stage.RECYCLED
    with pytest.raises(LabelTaken, match="which has left the fleet"):
        labelling.claim(code, labelling.tablet())


MOVES = st.lists(
    st.tuples(
        st.sampled_from(("claim", "confirm", "take_back", "replace", "replace_with", "void")),
        st.integers(0, 2),
        st.integers(0, 3),
    ),
    max_size=12,
)


@ON_SQLITE
@settings(max_examples=25, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_whatever_is_done_in_whatever_order_a_code_never_comes_to_a_second_tablet(
    labelling: Labelling, moves: list[tuple[str, int, int]]
) -> None:
    """Unless it was taken back; and a tablet counts as labelled only by a label that was scanned back from it."""
    batch = labelling.blanks(4)
    codes, tablets = labelling.codes(batch), [labelling.tablet() for _ in range(3)]
    owner: dict[str, int] = {}
    for move, which, label in moves:
        tablet, code = tablets[which], codes[label]
        with labelling.database.write() as session:
            carried = queries.attached_tags(session, [tablet.id]).get(tablet.id)
            with suppress(DoorstepError), session.begin_nested():
                _act(session, labelling, move, tablet, code)
                if move == "take_back" and carried is not None:
                    owner.pop(shown(carried.code))
        with labelling.database.read() as session:
            for tag in queries.tags_of_batch(session, batch.id):
                if tag.tablet_id is not None:
                    assert owner.setdefault(shown(tag.code), tag.tablet_id) == tag.tablet_id
            own = queries.attached_tags(session, [each.id for each in tablets])
            for each in tablets:
                told = get_tablet(session, each.id)
                assert told.label_code == (own[each.id].code if each.id in own else "")
                assert (told.label_confirmed_at is not None) == (
                    each.id in own and own[each.id].confirmed_at is not None
                )


def _act(session: Session, labelling: Labelling, move: str, tablet: Tablet, code: str) -> None:
    by: dict[str, Any] = {"actor": labelling.technician, "happening": labelling.happening(reason="So it is")}
    if move == "claim":
        service.claim(session, code, tablet.id, **by)
    elif move == "confirm":
        service.confirm_scan(session, code, tablet.id, **by)
    elif move == "take_back":
        service.take_back(session, tablet.id, **by)
    elif move == "void":
        tag = service.lookup(session, code)
        service.make_void(session, [tag], reason="Lost", happening=labelling.happening())
    else:
        with_code = code if move == "replace_with" else ""
        service.replace(session, tablet.id, reason="Torn", with_code=with_code, **by)
