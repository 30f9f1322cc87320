"""Reading bundles made of real signed split APKs, each in the form its tool writes it, and refusing false ones."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.apps import archive, limits
from provisioning.apps.bundle_reading import read_release
from provisioning.apps.choosing import TabletTraits, choose
from provisioning.apps.contents import read_contents
from provisioning.apps.release import AppRelease, Container, variants_from_json, variants_to_json
from provisioning.apps.split import SplitKind
from provisioning.errors import AppFileError, BundleInvalid, NotAnApk, SignatureInvalid
from tests.apks import ApkRecipe, build_apk, signer_certificate_sha256
from tests.bundles import SplitRecipe, Splits, apkm, build_splits, bundletool_apks, sai_apks, xapk, zipped

PACKAGE = "org.example.parts"
RECIPE = SplitRecipe(features=("camera", "extras"), on_demand=("extras",))
TABLET = TabletTraits(34, ("arm64-v8a", "armeabi-v7a"), 280, ("en-GB", "pa"))
FOR_TABLET = ["", "camera", "config.arm64_v8a", "config.pa", "config.xxhdpi_v4"]
OBB = f"Android/obb/{PACKAGE}/main.7.{PACKAGE}.obb"


def read(path: Path) -> AppRelease:
    folder = path.parent / f"unpacked-{path.name}"
    folder.mkdir()
    return read_release(path, folder)


def flat(path: Path) -> Path:
    return sai_apks(path, build_splits(RECIPE))


def by_bundletool(path: Path) -> Path:
    return bundletool_apks(path, [(24, build_splits(RECIPE))])


def by_apkpure(path: Path) -> Path:
    return xapk(path, build_splits(RECIPE), package=PACKAGE, version_code=7)


def by_apkmirror(path: Path) -> Path:
    return apkm(path, build_splits(RECIPE), package=PACKAGE, version_code=7)


FORMS = [
    (flat, Container.APKS),
    (by_bundletool, Container.APKS),
    (by_apkpure, Container.XAPK),
    (by_apkmirror, Container.APKM),
]


@pytest.mark.parametrize(("make", "container"), FORMS, ids=lambda value: getattr(value, "__name__", ""))
def test_every_form_says_what_it_is_whatever_its_name(
    tmp_path: Path, make: Callable[[Path], Path], container: Container
) -> None:
    release = read(make(tmp_path / "download.bin"))
    assert release.container is container
    assert (release.package, release.base.version_code, release.min_sdk) == (PACKAGE, 7, 24)
    assert release.signers == (signer_certificate_sha256(),)
    (variant,) = release.variants
    assert {part.split.name for part in variant.parts} == set(build_splits(RECIPE))
    assert {part.split.name for part in variant.parts if part.on_demand} == {"extras"}
    parts = choose("Parts", release.variants, TABLET, target_sdk=release.base.target_sdk).parts
    assert [part.split.name for part in parts] == FOR_TABLET
    assert [release.apks[part.sha256].read_bytes() for part in parts] == [
        build_splits(RECIPE)[name].read_bytes() for name in FOR_TABLET
    ]


def test_aapt_names_the_same_parts() -> None:
    for name, apk in build_splits(RECIPE).items():
        said = subprocess.run(
            ["aapt", "dump", "xmltree", apk, "AndroidManifest.xml"], capture_output=True, text=True, check=True
        ).stdout
        assert (f'split="{name}"' in said) is bool(name)


@pytest.mark.parametrize("name", ["", "config.arm64_v8a"])
def test_apksigner_finds_the_parts_good(name: str) -> None:
    subprocess.run(["apksigner", "verify", "--min-sdk-version", "24", build_splits(RECIPE)[name]], check=True)


def test_a_single_apk_is_a_release_of_one_part() -> None:
    apk = build_apk(ApkRecipe(package="org.example.single", abis=("arm64-v8a",)))
    release = read_release(apk, apk.parent)
    assert release.container is Container.APK
    assert release.apks == {release.sha256: apk}
    ((part,),) = [variant.parts for variant in release.variants]
    assert (part.abis, part.size_bytes) == (("arm64-v8a",), apk.stat().st_size)


def test_what_is_chosen_from_survives_being_stored(tmp_path: Path) -> None:
    variants = read(flat(tmp_path / "a.apks")).variants
    assert variants_from_json(variants_to_json(variants)) == variants


def test_an_expansion_file_is_named_with_its_size(tmp_path: Path) -> None:
    path = xapk(
        tmp_path / "a.xapk", build_splits(RECIPE), package=PACKAGE, version_code=7, expansions={OBB: bytes(5000)}
    )
    (expansion,) = read(path).expansions
    assert (expansion.file, expansion.size_bytes) == (f"main.7.{PACKAGE}.obb", 5000)


def test_bundletools_sets_for_different_androids_are_kept_apart(tmp_path: Path) -> None:
    splits = build_splits(RECIPE)
    fewer = {name: apk for name, apk in splits.items() if "xxhdpi" not in name}
    whole = build_apk(ApkRecipe(package=PACKAGE, version_code=7, min_sdk=21))
    release = read(bundletool_apks(tmp_path / "a.apks", [(24, fewer), (29, splits)], alone=[whole]))
    assert [(variant.min_sdk, len(variant.parts)) for variant in release.variants] == [(24, 8), (29, 9), (21, 1)]
    assert release.min_sdk == 21
    old = choose("Parts", release.variants, TabletTraits(22, ("armeabi-v7a",), 160), target_sdk=33)
    assert [part.size_bytes for part in old.parts] == [whole.stat().st_size]


def test_a_universal_apk_stands_alone_without_a_table_of_contents(tmp_path: Path) -> None:
    whole = build_apk(ApkRecipe(package=PACKAGE, version_code=7))
    path = zipped(tmp_path / "a.apks", {"universal.apk": whole})
    assert [len(variant.parts) for variant in read(path).variants] == [1]


# files that are refused


def without(*names: str) -> Splits:
    return {name: apk for name, apk in build_splits(RECIPE).items() if name not in names}


def other(**changed: object) -> Splits:
    recipe = SplitRecipe(**({"languages": ("de",), "densities": (), "abis": (), "splits_required": False} | changed))  # type: ignore[arg-type]  # fields of the recipe by name
    return build_splits(recipe)


def no_base(path: Path) -> Path:
    return sai_apks(path, without(""))


def of_another_version(path: Path) -> Path:
    return sai_apks(path, without("config.de") | {"config.de": other(version_code=8)["config.de"]})


def of_another_app(path: Path) -> Path:
    return sai_apks(path, without("config.de") | {"config.de": other(package="org.example.other")["config.de"]})


def by_another_maker(path: Path) -> Path:
    return sai_apks(path, without("config.de") | {"config.de": other(signer="stranger")["config.de"]})


def the_same_part_twice(path: Path) -> Path:
    return zipped(
        path, {f"{number}.apk": build_splits(RECIPE)[name] for number, name in enumerate(["", "camera", "camera"])}
    )


def claims_another_app(path: Path) -> Path:
    return xapk(path, build_splits(RECIPE), package="org.example.harmless", version_code=7)


def claims_another_version(path: Path) -> Path:
    return apkm(path, build_splits(RECIPE), package=PACKAGE, version_code=6)


def contents_that_lie(path: Path) -> Path:
    named = bundletool_apks(path.with_suffix(".whole"), [(24, build_splits(RECIPE))])
    with zipfile.ZipFile(named) as bundle:
        return zipped(path, {name: bundle.read(name) for name in bundle.namelist() if "camera" not in name})


def contents_cut_off(path: Path) -> Path:
    named = bundletool_apks(path.with_suffix(".whole"), [(24, build_splits(RECIPE))])
    with zipfile.ZipFile(named) as bundle:
        return zipped(path, {name: bundle.read(name)[: -5 if name == "toc.pb" else None] for name in bundle.namelist()})


def leading_outside(path: Path) -> Path:
    return zipped(path, {"../../base.apk": build_splits(RECIPE)[""]})


def the_same_name_twice(path: Path) -> Path:
    zipped(path, {"base.apk": build_splits(RECIPE)[""], "bbse.apk": b"other"})
    path.write_bytes(path.read_bytes().replace(b"bbse.apk", b"base.apk"))
    return path


def encrypted(path: Path) -> Path:
    flat(path)
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def full_of_zeros(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("base.apk", bytes(3_000_000))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (0x7FFFFFFF).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def a_flood_of_entries(path: Path) -> Path:
    return zipped(path, {f"{number}.apk": b"" for number in range(limits.MOST_BUNDLE_ENTRIES + 1)})


def a_letter(path: Path) -> Path:
    return zipped(path, {"letter.txt": "Dear all", "manifest.json": "{}"})


def only_an_instant_app(path: Path) -> Path:
    return zipped(path, {"toc.pb": b"", "instant/instant-base-master.apk": build_splits(RECIPE)[""]})


REFUSED = [
    (no_base, BundleInvalid, "not its base"),
    (of_another_version, BundleInvalid, "split_config.de.apk is version 8, but base.apk is version 7"),
    (of_another_app, BundleInvalid, "of the app org.example.other"),
    (by_another_maker, BundleInvalid, "signed by"),
    (the_same_part_twice, BundleInvalid, "camera more than once"),
    (claims_another_app, BundleInvalid, "org.example.harmless"),
    (claims_another_version, BundleInvalid, "version 6"),
    (contents_that_lie, BundleInvalid, "not inside"),
    (contents_cut_off, BundleInvalid, "table of contents"),
    (leading_outside, BundleInvalid, "outside its folder"),
    (the_same_name_twice, BundleInvalid, "more than once"),
    (encrypted, BundleInvalid, "encrypted"),
    (full_of_zeros, BundleInvalid, "would unpack"),
    (a_flood_of_entries, BundleInvalid, "entries"),
    (a_letter, NotAnApk, "ZIP file without"),
    (only_an_instant_app, BundleInvalid, "no app"),
]


@pytest.mark.parametrize(("make", "kind", "words"), REFUSED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_false_bundle_is_refused_with_what_is_wrong(
    tmp_path: Path, make: Callable[[Path], Path], kind: type[AppFileError], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        read(make(tmp_path / "sample.apks"))
    assert str(caught.value).endswith(".")
    assert not (tmp_path / "base.apk").exists()


def test_more_than_the_most_a_bundle_may_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BUNDLE_BYTES", 10_000)
    with pytest.raises(BundleInvalid, match="MB"):
        read(flat(tmp_path / "a.apks"))


def test_a_part_changed_after_signing_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "changed.apk"
    data = bytearray(build_splits(RECIPE)["config.pa"].read_bytes())
    data[60] ^= 1
    changed.write_bytes(data)
    with pytest.raises((SignatureInvalid, NotAnApk)):
        read(sai_apks(tmp_path / "a.apks", without("config.pa") | {"config.pa": changed}))


@pytest.mark.parametrize("name", ["", "config.pa"])
def test_one_part_of_an_app_is_not_the_app(tmp_path: Path, name: str) -> None:
    with pytest.raises(BundleInvalid, match="whole bundle"):
        read_release(build_splits(RECIPE)[name], tmp_path)


def test_an_old_encrypted_apkm_is_told_apart_from_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "old.apkm"
    path.write_bytes(b"\x01\x02salt and noise")
    with pytest.raises(BundleInvalid, match="old, encrypted kind"):
        read(path)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_a_table_of_contents_are_read_or_refused(data: bytes) -> None:
    with suppress(ValueError):
        read_contents(data)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_bundle_with_any_bit_changed_is_refused_or_is_still_the_same_app(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    path = sai_apks(folder / "a.apks", other())
    whole = bytearray(path.read_bytes())
    whole[place % len(whole)] ^= 1 << bit
    path.write_bytes(whole)
    with suppress(AppFileError):
        release = read(path)
        assert (release.package, release.signers) == (PACKAGE, (signer_certificate_sha256(),))
        assert all(
            part.split.kind in {SplitKind.BASE, SplitKind.LANGUAGE} for v in release.variants for part in v.parts
        )
