"""The app library: what comes in, who may pass it on, who signs it, and which parts of it a tablet gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from fleet.bench import service
from fleet.bench.licences import ANSWERS, LONGEST_NOTE, WORDS, Licence, note_problem
from fleet.bench.models import AppFile
from fleet.bench.queries import apps_of_run, signer_pin, tablets_with_app
from fleet.bench.rules import RunState
from fleet.database.migrate import downgrade, upgrade
from fleet.database.session import Database
from fleet.errors import BadInput, NotAllowed
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from provisioning.apps.choosing import TabletTraits
from provisioning.apps.release import Container, variants_from_json
from provisioning.errors import LinkLost
from provisioning.transports.around import Around
from provisioning.transports.base import Progress, Transport
from tests.apks import ApkRecipe, build_apk, signer_certificate_sha256
from tests.bundles import SplitRecipe, apkm, build_splits, bundletool_apks, sai_apks, xapk
from tests.fleet.bench.workbench import Workbench
from tests.people import Browser, FakeClock

PACKAGE = "org.example.parts"
OPEN = {"licence": "open", "licence_note": "Apache 2.0"}
TABLET = TabletTraits(34, ("arm64-v8a", "armeabi-v7a"), 280, ("en-GB", "pa-IN"), 10**10)
Take = Callable[..., AppFile]


@pytest.fixture
def take(database: Database, settings: Settings, clock: FakeClock, actor: Callable[..., Actor]) -> Take:
    """Import a file, as a technician unless `by` says otherwise."""

    def take_in(path: Path, *, by: Role = Role.TECHNICIAN, **more: Any) -> AppFile:
        told = {"licence": Licence.OPEN, "note": "Apache 2.0"} | more
        who = actor(by)
        with database.write() as session:
            return service.import_app(session, path, actor=who, settings=settings, now=clock(), **told)

    return take_in


def bundle(folder: Path) -> Path:
    return sai_apks(folder / "parts.apks", build_splits())


def test_a_bundle_comes_in_as_one_app_and_each_of_its_parts_is_kept(
    take: Take, tmp_path: Path, settings: Settings
) -> None:
    app = take(bundle(tmp_path))
    assert (app.package, app.version_code, app.container) == (PACKAGE, 7, Container.APKS)
    assert (app.min_sdk, app.target_sdk, app.abis) == (24, 33, ["arm64-v8a", "armeabi-v7a"])
    (variant,) = variants_from_json(app.variants)
    for part in variant.parts:
        assert service.path_of(part.sha256, settings).read_bytes() == build_splits()[part.split.name].read_bytes()
    assert not list(service.library_folder(settings).glob(".*"))
    assert take(tmp_path / "parts.apks").id == app.id


@pytest.mark.parametrize(
    ("make", "container"),
    [
        (lambda path: bundletool_apks(path, [(24, build_splits())]), Container.APKS),
        (lambda path: xapk(path, build_splits(), package=PACKAGE, version_code=7), Container.XAPK),
        (lambda path: apkm(path, build_splits(), package=PACKAGE, version_code=7), Container.APKM),
    ],
    ids=["bundletool", "xapk", "apkm"],
)
def test_every_kind_of_file_comes_in_through_the_page(
    browser_as: Callable[..., Browser], tmp_path: Path, make: Callable[[Path], Path], container: Container
) -> None:
    technician = browser_as(Role.TECHNICIAN)
    path = make(tmp_path / f"parts.{container.value}")
    sent = technician.submit("/bench/apps", OPEN, files={"file": (path.name, path.read_bytes())})
    assert sent.status_code == 303
    page = technician.get(sent.headers["location"]).text
    assert PACKAGE in page
    assert "config.arm64_v8a" in page
    assert "People who read pa" in page
    assert "Apache 2.0" in page
    assert signer_certificate_sha256() in page


@pytest.mark.parametrize(
    ("told", "field"),
    [({}, "licence"), ({"licence": "not_said"}, "licence"), ({"licence": "open"}, "licence_note")],
    ids=["nothing", "not-said", "no-note"],
)
def test_nothing_comes_in_before_somebody_says_who_may_pass_it_on(
    browser_as: Callable[..., Browser], told: dict[str, str], field: str
) -> None:
    technician = browser_as(Role.TECHNICIAN)
    answer = technician.submit("/bench/apps", told, files={"file": ("a.apk", build_apk().read_bytes())})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert technician.get("/api/v1/apps").json()["total"] == 0


def test_every_answer_has_words_and_only_our_own_needs_no_note() -> None:
    assert set(WORDS) == set(Licence)
    assert [licence for licence in ANSWERS if not note_problem(licence, "")] == [Licence.OURS]
    assert note_problem(Licence.OURS, "x" * (LONGEST_NOTE + 1))


def test_who_may_pass_an_app_on_can_be_corrected(browser_as: Callable[..., Browser], take: Take) -> None:
    app = take(build_apk())
    technician = browser_as(Role.TECHNICIAN)
    refused = technician.submit(f"/bench/apps/{app.id}/licence", {"licence": "maker_only"})
    assert (refused.status_code, "Say where it was downloaded from." in refused.text) == (422, True)
    told = {"licence": "maker_only", "licence_note": "Its maker's own page"}
    assert technician.submit(f"/bench/apps/{app.id}/licence", told).status_code == 303
    listed = technician.get("/bench/apps").text
    assert "Only its maker may pass it on" in listed
    assert "Its maker&#39;s own page" in listed
    assert browser_as(Role.COORDINATOR).submit(f"/bench/apps/{app.id}/licence", told).status_code == 403


def test_an_app_in_parts_is_told_whole_to_programs(
    browser_as: Callable[..., Browser], take: Take, tmp_path: Path
) -> None:
    expansions = {f"Android/obb/{PACKAGE}/main.7.{PACKAGE}.obb": bytes(3000)}
    app = take(xapk(tmp_path / "a.xapk", build_splits(), package=PACKAGE, version_code=7, expansions=expansions))
    browser = browser_as(Role.TECHNICIAN)
    told = browser.get(f"/api/v1/apps/{app.id}").json()
    assert {(part["kind"], part["value"]) for part in told["variants"][0]["parts"]} == {
        ("base", ""),
        ("abi", "arm64-v8a"),
        ("abi", "armeabi-v7a"),
        ("density", "240"),
        ("density", "480"),
        ("language", "de"),
        ("language", "pa"),
    }
    assert told["expansions"] == [{"file": f"main.7.{PACKAGE}.obb", "size_bytes": 3000}]
    assert "are not put on a tablet" in browser.get(f"/bench/apps/{app.id}").text
    assert browser.get("/api/v1/apps/999").status_code == 404


class TestSigners:
    def test_another_signer_is_refused_until_a_hub_admin_says_why(self, take: Take, database: Database) -> None:
        take(build_apk(ApkRecipe(package="org.example.pinned")))
        by_stranger = build_apk(ApkRecipe(package="org.example.pinned", version_code=2, signer="stranger"))
        with pytest.raises(BadInput) as caught:
            take(by_stranger, by=Role.HUB_ADMIN)
        assert "is signed by" in caught.value.fields["file"]
        with pytest.raises(NotAllowed):
            take(by_stranger, signer_change="They told me so")
        app = take(by_stranger, by=Role.HUB_ADMIN, signer_change="Said on its maker's page of 20 November")
        assert app.signers == [signer_certificate_sha256("stranger")]
        with database.read() as session:
            pin = signer_pin(session, "org.example.pinned")
        assert pin is not None
        assert pin.signers == [signer_certificate_sha256("stranger")]
        assert [(entry["signers"], entry["reason"]) for entry in pin.history] == [
            ([signer_certificate_sha256()], "Said on its maker's page of 20 November")
        ]

    def test_a_key_that_the_old_one_vouches_for_needs_nobodys_word(self, take: Take) -> None:
        take(build_apk(ApkRecipe(package="org.example.rotated", signer="old", min_sdk=28)))
        rotated = ApkRecipe(
            package="org.example.rotated", version_code=2, signer="ours", rotated_from="old", min_sdk=28
        )
        assert take(build_apk(rotated)).version_code == 2

    def test_the_change_is_shown_with_its_reason(self, take: Take, browser_as: Callable[..., Browser]) -> None:
        take(build_apk(ApkRecipe(package="org.example.shown")))
        other = build_apk(ApkRecipe(package="org.example.shown", version_code=2, signer="stranger"))
        admin = browser_as(Role.HUB_ADMIN)
        told = {**OPEN, "signer_change": "Its maker lost the key"}
        sent = admin.submit("/bench/apps", told, files={"file": ("a.apk", other.read_bytes())})
        assert sent.status_code == 303
        assert "Its maker lost the key" in admin.get(sent.headers["location"]).text
        assert "another key than before" not in browser_as(Role.TECHNICIAN).get("/bench/apps").text


class TestChoosing:
    def choose(self, database: Database, settings: Settings, tablet: TabletTraits = TABLET) -> service.AppChoice:
        with database.read() as session:
            return service.choose_apps(session, [PACKAGE], tablet, settings=settings)

    def test_a_tablet_gets_its_own_parts(
        self, take: Take, database: Database, settings: Settings, tmp_path: Path
    ) -> None:
        app = take(bundle(tmp_path))
        chosen = self.choose(database, settings).chosen[PACKAGE]
        wanted = [build_splits()[name] for name in ("", "config.arm64_v8a", "config.pa", "config.xxhdpi_v4")]
        assert chosen.app_id == app.id
        assert [service.path_of(part, settings).read_bytes() for part in chosen.parts] == [
            apk.read_bytes() for apk in wanted
        ]
        assert chosen.size_bytes == sum(apk.stat().st_size for apk in wanted)

    def test_an_older_version_serves_a_tablet_that_cannot_run_the_newest(
        self, take: Take, database: Database, settings: Settings
    ) -> None:
        old = take(build_apk(ApkRecipe(package=PACKAGE, version_code=1)))
        take(build_apk(ApkRecipe(package=PACKAGE, version_code=9, min_sdk=35)))
        assert self.choose(database, settings).chosen[PACKAGE].app_id == old.id

    @pytest.mark.parametrize(
        ("recipe", "tablet", "why"),
        [
            (ApkRecipe(package=PACKAGE, min_sdk=35), TABLET, "needs Android API level 35"),
            (ApkRecipe(package=PACKAGE, abis=("x86",)), TABLET, "built for x86"),
            (ApkRecipe(package=PACKAGE, padding_bytes=100_000), TabletTraits(34, free_bytes=50_000), "MB free"),
        ],
        ids=["android", "processor", "room"],
    )
    def test_what_does_not_fit_is_said_before_a_byte_moves(
        self, take: Take, database: Database, settings: Settings, recipe: ApkRecipe, tablet: TabletTraits, why: str
    ) -> None:
        take(build_apk(recipe))
        choice = self.choose(database, settings, tablet)
        assert choice.chosen == {}
        assert why in choice.why_not[PACKAGE]

    def test_a_file_that_is_gone_is_said(self, take: Take, database: Database, settings: Settings) -> None:
        app = take(build_apk(ApkRecipe(package=PACKAGE)))
        service.path_of(app.sha256, settings).unlink()
        assert "gone from the data folder" in self.choose(database, settings).why_not[PACKAGE]

    def test_an_app_nobody_imported_is_named(self, database: Database, settings: Settings) -> None:
        assert PACKAGE in self.choose(database, settings).why_not[PACKAGE]

    def test_two_apps_do_not_share_the_same_room(self, take: Take, database: Database, settings: Settings) -> None:
        for package in ("org.example.one", "org.example.two"):
            take(build_apk(ApkRecipe(package=package, padding_bytes=1_000_000)))
        with database.read() as session:
            choice = service.choose_apps(
                session,
                ["org.example.one", "org.example.two"],
                TabletTraits(34, free_bytes=2_500_000),
                settings=settings,
            )
        assert (list(choice.chosen), list(choice.why_not)) == (["org.example.one"], ["org.example.two"])


def test_a_run_installs_only_the_parts_for_its_tablet_and_keeps_which(
    workbench: Workbench, browser_as: Callable[..., Browser], tmp_path: Path
) -> None:
    recipe = SplitRecipe(package="org.doorstep.home", home=True)
    with workbench.database.write() as session:
        service.import_app(
            session,
            sai_apks(tmp_path / "home.apks", build_splits(recipe)),
            licence=Licence.OURS,
            note="",
            actor=workbench.technician,
            settings=workbench.settings,
            now=workbench.clock(),
        )
    place = workbench.place(stage=Stage.WIPED)
    ended = workbench.finish(workbench.start_provision(place), place)
    assert ended.state is RunState.PASSED, ended.problem
    installed = place.device.content.packages["org.doorstep.home"]
    assert "config.arm64_v8a" in installed.splits
    assert "config.armeabi_v7a" not in installed.splits
    assert "config.de" not in installed.splits
    with workbench.database.read() as session:
        ((step, app),) = apps_of_run(session, ended.id)
        assert tablets_with_app(session, app.id) == 1
    assert len(step.app_parts) == len(installed.splits) + 1
    page = browser_as(Role.TECHNICIAN).get(f"/bench/runs/{ended.id}").text
    assert f"{len(step.app_parts)} of {len(build_splits(recipe))} parts" in page
    assert "It is our own" in page
    assert step.total_bytes == sum(service.path_of(part, workbench.settings).stat().st_size for part in step.app_parts)


def test_apps_of_before_become_apps_of_one_part(take: Take, database: Database) -> None:
    app = take(build_apk(ApkRecipe(package="org.example.before", abis=("arm64-v8a",))))
    downgrade(database.engine, "3e9a41c07d52")
    upgrade(database.engine)
    with database.read() as session:
        found = service.get_app(session, app.id)
        assert (found.licence, found.container, found.target_sdk) == (Licence.NOT_SAID, Container.APK, 0)
        assert variants_from_json(found.variants) == variants_from_json(app.variants)
        assert session.execute(text("SELECT count(*) FROM app_file")).scalar() == 1


BARE = (
    'name = "bare"\nversion = 1\ntitle = "Bare"\ndescription = "x"\n'
    '[[resource]]\nkind = "setting"\nnamespace = "secure"\nkey = "accessibility_captioning_enabled"\nvalue = "1"\n'
    'means = "Captions are on"\nreason = "Read"\n'
)


class TornInstall(Around):
    """A link that is lost as soon as the first bytes of an app have crossed it."""

    def install(self, apks: Sequence[Path], *, grant_all: bool = False, progress: Progress | None = None) -> None:
        def lose(_done: int, _size: int) -> None:
            raise LinkLost("The cable came out.", address=self.address)

        super().install(apks, grant_all=grant_all, progress=lose)


def test_an_install_that_a_lost_link_left_half_given_is_given_up_on_reconnect(
    workbench: Workbench, tmp_path: Path
) -> None:
    (tmp_path / "bare.toml").write_text(BARE)
    workbench.settings = workbench.settings.model_copy(update={"profiles_dir": tmp_path})
    with workbench.database.write() as session:
        service.import_app(
            session,
            sai_apks(tmp_path / "home.apks", build_splits(SplitRecipe(package="org.doorstep.home", home=True))),
            licence=Licence.OURS,
            note="",
            actor=workbench.technician,
            settings=workbench.settings,
            now=workbench.clock(),
        )
    place = workbench.place(stage=Stage.WIPED)
    run = workbench.start_provision(place)
    opened: list[int] = []

    def tear(transport: Transport) -> Transport:
        opened.append(1)
        return TornInstall(transport) if len(opened) == 1 else transport

    workbench.wrap = tear
    assert workbench.turn(run).state is RunState.IDENTITY_CHECK
    assert len(place.device.content.sessions) == 1
    with workbench.database.write() as session:
        happening = workbench.happening()
        service.cancel_run(
            session, run.id, actor=workbench.technician, settings=workbench.settings, happening=happening
        )
    other = workbench.finish(workbench.start_provision(place, "bare"), place)
    assert other.state is RunState.PASSED, other.problem
    assert place.device.content.sessions == {}
    assert "org.doorstep.home" not in place.device.content.packages
