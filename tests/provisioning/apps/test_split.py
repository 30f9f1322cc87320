"""What a split is for, by the names that aapt, bundletool and old tools give."""

from __future__ import annotations

import pytest

from provisioning.apps.split import BASE, Split, SplitKind, split_of

CASES = [
    ("", BASE),
    ("config.arm64_v8a", Split("config.arm64_v8a", SplitKind.ABI, "", "arm64-v8a")),
    ("config.armeabi_v7a", Split("config.armeabi_v7a", SplitKind.ABI, "", "armeabi-v7a")),
    ("config.x86_64", Split("config.x86_64", SplitKind.ABI, "", "x86_64")),
    ("config.xxhdpi", Split("config.xxhdpi", SplitKind.DENSITY, "", "480")),
    ("config.hdpi_v4", Split("config.hdpi_v4", SplitKind.DENSITY, "", "240")),
    ("config.560dpi", Split("config.560dpi", SplitKind.DENSITY, "", "560")),
    ("config.en", Split("config.en", SplitKind.LANGUAGE, "", "en")),
    ("config.fil", Split("config.fil", SplitKind.LANGUAGE, "", "fil")),
    ("config.pt_rBR", Split("config.pt_rBR", SplitKind.LANGUAGE, "", "pt-BR")),
    ("config.b+sr+Latn", Split("config.b+sr+Latn", SplitKind.LANGUAGE, "", "sr-Latn")),
    ("camera.config.xhdpi", Split("camera.config.xhdpi", SplitKind.DENSITY, "camera", "320")),
    ("de", Split("de", SplitKind.LANGUAGE, "", "de")),
    ("x86", Split("x86", SplitKind.FEATURE, "x86")),
    ("map", Split("map", SplitKind.FEATURE, "map")),
    ("camera", Split("camera", SplitKind.FEATURE, "camera")),
    ("config.astc", Split("config.astc", SplitKind.OTHER)),
    ("config.etc1_rgb8", Split("config.etc1_rgb8", SplitKind.OTHER)),
]


@pytest.mark.parametrize(("name", "wanted"), CASES, ids=[name or "base" for name, _ in CASES])
def test_a_split_is_known_by_its_name_in_the_manifest(name: str, wanted: Split) -> None:
    assert split_of(name) == wanted


def test_a_feature_is_what_says_that_it_is_one_even_under_the_name_of_a_language() -> None:
    assert split_of("en", is_feature=True) == Split("en", SplitKind.FEATURE, "en")


def test_the_manifests_own_word_for_the_module_goes_before_the_name() -> None:
    assert split_of("config.en", config_for="camera").module == "camera"
