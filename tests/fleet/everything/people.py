"""People of the furnished hub: loans of every kind with their papers and data, erasures, reminders, what is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SecretKind, SimMove
from fleet.chasing import service as chasing
from fleet.chasing.queries import chases_of_loan
from fleet.chasing.rules import CallOutcome, ChaseState, HoldReason
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import SpecialDays
from fleet.cohorts.models import Cohort, Programme
from fleet.deliveries import service as deliveries
from fleet.equality import service as equality
from fleet.gatherings import service as gatherings
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.partners.models import OrganisationKind
from fleet.people.rules import Channel as ContactBy
from fleet.people.rules import NeedCode
from fleet.privacy import service as privacy
from fleet.privacy.rules import WhyErase
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users import service as users
from fleet.users.rules import Role
from tests.fleet.everything.hub import Everything
from tests.gatherings import CHAIR_EXERCISE, CURRENT_AFFAIRS, MUSIC_MORNING
from tests.lending import STRAIGHT_PATH, lost_by_two


def lend(everything: Everything) -> None:
    """A loan at each step of its life, some of them asked for by a referrer."""
    lending = everything.lending
    programme: Programme = lending.programme("Sample taster month")
    today = local_date(everything.clock())
    cohort: Cohort = lending.cohort(programme, today, today + timedelta(days=30))
    assert cohort.id
    for state in STRAIGHT_PATH:
        needs = frozenset({NeedCode.TEXT_ON_ARRIVAL})
        person = lending.person(needs=needs, referrer_id=everything.actor(Role.REFERRER).organisation_id)
        loan = lending.loan_at(state, programme, person=person)
        everything.loans[state] = loan.id
        everything.note("loan_id", loan.id)
        everything.note("person_id", person.id)
    everything.note("sim_id", lending.sim().id)
    everything.note("sim_id", lending.sim(months=None).id)
    _data(everything)
    for page in ("allocate", "hand-over", "not-handed-over", "extend", "swap"):
        state = {"allocate": LoanState.APPROVED, "hand-over": LoanState.ALLOCATED}.get(page, LoanState.ACTIVE)
        everything.numbers[f"/loans/{{loan_id}}/{page}"] = [str(everything.loans[state])]
    to_swap = lending.loan_at(LoanState.ACTIVE, programme)
    kept = lending.tablet().id
    lending.do(loans.arrange_swap, to_swap.id, tablet_id=kept, reason="Its screen is cracked")
    everything.numbers["/loans/{loan_id}/swap/at-hub"] = [str(to_swap.id)]
    _kinds(everything)
    _papers(everything, programme)
    everything.numbers["/requests/{loan_id}/place"] = [str(everything.loans[LoanState.APPROVED])]
    back = lending.loan_at(LoanState.COLLECTED, programme)
    tablet_id = lending.tablet_id(back.id)
    lending.do(_arrive, tablet_id, role=Role.TECHNICIAN)
    everything.numbers["/returns/{tablet_id}"] = [str(tablet_id)]


def _kinds(everything: Everything) -> None:
    """A loan that may be given for good, one that was lost, and tablets lent to a venue."""
    lending = everything.lending
    generous = lending.programme("Sample gift programme", gifts_allowed=True)
    given, gone = lending.loan_at(LoanState.ACTIVE, generous), lending.loan_at(LoanState.ACTIVE, generous)
    lending.do(loans.mark_gifted, given.id, authority="Sample Trustee")
    lending.do(lost_by_two, gone.id, reason="Left on a bus", reference="CAD 77/26")
    everything.note("loan_id", gone.id)
    everything.numbers["/loans/{loan_id}/gift-letter.pdf"] = [str(given.id)]
    for page in ("give", "lost", "lost-swap"):
        everything.numbers[f"/loans/{{loan_id}}/{page}"] = [str(lending.loan_at(LoanState.ACTIVE, generous).id)]
    _second_looks(everything, generous)
    venue = lending.do(
        loans.lend_to_venue,
        place_id=everything.organisations[OrganisationKind.VENUE].id,
        person_id=lending.person().id,
        programme_id=generous.id,
        tablet_ids=[lending.tablet().id, lending.tablet().id],
        due_on=local_date(everything.clock()) + timedelta(days=30),
    )
    everything.note("venue_loan_id", venue.id)
    lending.tablet()


def _second_looks(everything: Everything, programme: Programme) -> None:
    """A loss and a death that wait for a second person, and somebody who is alive."""
    lending = everything.lending
    lost, died = (lending.loan_at(LoanState.ACTIVE, programme) for _ in range(2))
    looks = [lending.do(loans.ask_to_lose, lost.id, reason="Left on a bus", reference="CAD 78/26")]
    lending.do(loans.stop_for_death, died.id)
    everything.numbers["/people/{person_id}/death"] = [str(lost.person_id), str(died.person_id)]
    with everything.database.write() as session:
        told, coordinator = lending.happening(reason="We spoke with them"), everything.actor(Role.COORDINATOR)
        looks.append(loans.ask_death_back(session, died.person_id, actor=coordinator, happening=told))
    for look in looks:
        everything.note("look_id", look.id)


def _papers(everything: Everything, programme: Programme) -> None:
    """Papers that can be printed, and others that lack the person's language."""
    reads_twi = everything.lending.person(language_read="tw")
    unanswered = everything.lending.loan_at(LoanState.ALLOCATED, programme, person=reads_twi)
    handed_over = str(everything.loans[LoanState.ACTIVE])
    everything.numbers["/loans/{loan_id}/papers"] = [str(unanswered.id), handed_over]
    for paper in ("guide.pdf", "agreement.pdf"):
        everything.numbers[f"/loans/{{loan_id}}/{paper}"] = [handed_over]


def erase(everything: Everything) -> None:
    """Somebody whose record was erased, and somebody whose erasure waits for a loan; an answer about equality."""
    lending, keeper = everything.lending, everything.actor(Role.DATA_PROTECTION)
    gone = lending.person()
    *waiting, last = everything.numbers["person_id"]
    for number in (gone.id, int(last)):
        lending.do(privacy.ask_to_erase, number, WhyErase.ASKED, role=Role.DATA_PROTECTION)
    with everything.database.write() as session:
        told = lending.happening()
        equality.record_answers(session, int(waiting[0]), {"housing": "owned"}, actor=keeper, happening=told)
    everything.numbers["/people/{person_id}"] = [waiting[0], str(gone.id)]
    everything.numbers["/people/{person_id}/erase"] = [waiting[0], waiting[4], str(gone.id)]


def _data(everything: Everything) -> None:
    """An entry of the catalogue, data that is nearly used up and ends too soon, a grant that was let go, and a
    strange card in a bag."""
    lending, today = everything.lending, local_date(everything.clock())
    offered = bundles.Offered("Sample Mobile 20 GB", "Sample Mobile", 20, 6, 6000, zero_rated=("999 BSL",))
    with everything.database.write() as session:
        offer = bundles.add_offer(session, offered, hub_id=lending.hub_id, now=everything.clock())
    everything.note("offer_id", offer.id)
    loan_id = everything.loans[LoanState.ACTIVE]
    with everything.database.read() as session:
        link = loans.open_sim(session, loan_id)
        assert link is not None
    everything.act(bundles.record_usage, link.sim_id, used_mb=17_000, on=today)
    secrets = {SecretKind.PIN: "0000", SecretKind.PUK: "00000000"}
    everything.act(bundles.keep_secrets, link.sim_id, secrets, settings=everything.settings)
    granted = lending.sim(for_one_person=True)
    person_id = everything.lending.read(loans.get_loan, loan_id).person_id
    for move in (SimMove.RESERVE, SimMove.RELEASE):
        kept_for = bundles.KeptFor(loan_id, person_id, None)
        everything.act(bundles.move, granted.id, move, kept_for=kept_for)
    everything.numbers["/sims/{sim_id}"] = [str(link.sim_id), str(granted.id)]
    stray = everything.act(bundles.bag_stray, lending.tablet_id(loan_id), "8944100099999999999")
    everything.note("stray_id", stray.id)


def _arrive(session: Session, tablet_id: int, **asked: Any) -> Any:
    return loans.arrive_back(session, tablet_id=tablet_id, **asked)


def chase(everything: Everything) -> None:
    """Weeks on: the ladder has sent what it had to, one borrower is left in peace, and another says that it is back."""
    loan_id = everything.loans[LoanState.ACTIVE]
    due_on = local_date(everything.clock()) + timedelta(days=40)
    letters = [_by_letter(everything, number, due_on) for number in (1, 2)]
    for days in (10, 10, 10, 7):
        everything.clock.advance(days=days)
        chasing.tick(
            everything.database,
            clock=everything.clock,
            settings=everything.settings,
            channel=chasing.outbox(everything.settings),
        )
    _print_one(everything, letters[0])
    until = local_date(everything.clock()) + timedelta(days=5)
    everything.act(chasing.place_hold, loan_id, HoldReason.AWAY, until=until, role=Role.COORDINATOR)
    (looked_for,) = everything.numbers["/loans/{loan_id}/give"]
    everything.act(chasing.record_call, int(looked_for), CallOutcome.SAYS_GIVEN_BACK, role=Role.COORDINATOR)
    everything.numbers["/chasing/loans/{loan_id}/search"] = [looked_for]
    everything.note("key", "days_after")
    with everything.database.write() as session:
        reply = chasing.note_reply(
            session,
            loans.get_loan(session, loan_id).person_id,
            channel="text",
            words="Could you come tomorrow?",
            actor=everything.actor(Role.COORDINATOR),
            happening=Happening(now=everything.clock()),
        )
    everything.note("reply_id", reply.id)


def _by_letter(everything: Everything, number: int, due_on: date) -> int:
    """A loan whose borrower is written to on paper."""
    home = {"address_line_1": f"{number} Sample Row", "postcode": "N19 5XX", "channel": ContactBy.LETTER}
    person = everything.lending.person(**home)
    return everything.lending.loan_at(LoanState.ACTIVE, person=person, due_on=due_on).id


def _print_one(everything: Everything, loan_id: int) -> None:
    """One letter is printed and waits to be posted; the other one waits for paper."""
    with everything.database.write() as session:
        (letter,) = [each for each in chases_of_loan(session, loan_id) if each.state is ChaseState.TO_PRINT]
        done = chasing.print_letters(
            session,
            [letter.id],
            actor=everything.actor(Role.COORDINATOR),
            now=everything.clock(),
            settings=everything.settings,
        )
    everything.note("letter_id", letter.id)
    everything.note("print_ref", done.ref)


def gather(everything: Everything) -> None:
    """Three gatherings, one of them only proposed; one is on a tablet, as it was before, and chosen for a loan."""
    coordinator, happening = everything.actor(Role.COORDINATOR), Happening(now=everything.clock())
    hub_id = everything.organisations[OrganisationKind.HUB].id
    loan_id, carrier = everything.loans[LoanState.APPROVED], everything.lending.tablet(Stage.READY)
    with everything.database.write() as session:
        made = [
            gatherings.propose(session, replace(entry, host_id=hub_id), actor=who, happening=happening)
            for entry, who in (
                (MUSIC_MORNING, coordinator),
                (CURRENT_AFFAIRS, coordinator),
                (CHAIR_EXERCISE, everything.actor(Role.PARTNER_LEAD)),
            )
        ]
        for each in made:
            everything.note("gathering_id", each.id)
        programme_id = loans.get_loan(session, loan_id).programme_id
        cohorts.choose_gatherings(session, programme_id, [made[1].id], actor=coordinator)
        tablets.record_gatherings(session, carrier.id, [(made[0].id, 1)], now=everything.clock())
        later = replace(MUSIC_MORNING, host_id=hub_id, weekday=4)
        gatherings.edit(session, made[0].id, later, actor=coordinator, happening=happening)
    chosen = [made[0].id, made[1].id]
    everything.act(loans.choose_gatherings, loan_id, chosen, role=Role.COORDINATOR, settings=everything.settings)
    everything.note("programme_id", programme_id)
    everything.note("tablet_id", carrier.id)


def plan(everything: Everything) -> None:
    """A cohort that is to begin, short of tablets, with days on which its measures are collected; and a closed day."""
    lending, today = everything.lending, local_date(everything.clock())
    coordinator, now = everything.actor(Role.COORDINATOR), everything.clock()
    begins = today + timedelta(days=35)
    made = lending.cohort(lending.programme("Sample autumn months"), begins, begins + timedelta(days=28), places=12)
    closed = SpecialDays(today + timedelta(days=20), today + timedelta(days=22), "Staff training")
    with everything.database.write() as session:
        day = cohorts.add_collection(
            session, made.id, made.ends_on, words="End of the month", actor=coordinator, now=now
        )
        hub_id, told = everything.organisations[OrganisationKind.HUB].id, Happening(now=now)
        closure = cohorts.add_closure(session, hub_id, closed, actor=coordinator, happening=told)
        feed = deliveries.make_feed(session, actor=coordinator, now=now)
    for name, value in (("cohort_id", made.id), ("date_id", day.id), ("closure_id", closure.id)):
        everything.note(name, value)
    for path in ("/calendar/hub/{token}.ics", "/calendar/lending/{token}.ics"):
        everything.numbers[path] = [feed]


def hand_a_way_in(everything: Everything) -> None:
    courier, planner = everything.actor(Role.COURIER), everything.actor(Role.COORDINATOR)
    with everything.database.write() as session:
        token, _ = users.make_courier_link(
            session,
            user_id=courier.user_id or 0,
            actor=planner,
            now=everything.clock(),
            settings=everything.settings,
        )
    everything.note("token", token)
    with everything.database.write() as session:
        feed = deliveries.make_feed(session, actor=courier, now=everything.clock())
    everything.numbers["/calendar/{token}.ics"] = [feed]
