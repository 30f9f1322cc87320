"""Which parts of an app a tablet gets: the rules as a table, and what holds for any app and any tablet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.apps.choosing import Choice, TabletTraits, choose, pick_density
from provisioning.apps.release import Part, Variant
from provisioning.apps.split import ABIS, BASE, DENSITIES, SplitKind, split_of
from provisioning.errors import AppUnsuited

MODERN = TabletTraits(34, ("arm64-v8a", "armeabi-v7a", "armeabi"), 240, ("en-GB",), 10**10)
OLD_32_BIT = TabletTraits(28, ("armeabi-v7a", "armeabi"), 160, ("en-GB",), 10**10)


def part(name: str = "", *, size: int = 1000, feature: bool = False, **more: object) -> Part:
    return Part(split_of(name, is_feature=feature), f"{name or 'base':0>64}", size, **more)  # type: ignore[arg-type]  # the rest of Part's fields by name


def whole(*names: str, min_sdk: int = 24, splits_required: bool = True) -> Variant:
    return Variant((part(), *map(part, names)), min_sdk=min_sdk, splits_required=splits_required)


def names(choice: Choice) -> list[str]:
    return [one.split.name for one in choice.parts]


def chosen(variant: Variant, tablet: TabletTraits = MODERN, *, target_sdk: int = 34) -> list[str]:
    return names(choose("Sample", [variant], tablet, target_sdk=target_sdk))


ABI_SPLITS = ("config.arm64_v8a", "config.armeabi_v7a", "config.x86_64")
SCREENS = tuple(f"config.{name}" for name in DENSITIES)


class TestProcessors:
    @pytest.mark.parametrize(
        ("tablet", "wanted"), [(MODERN, "config.arm64_v8a"), (OLD_32_BIT, "config.armeabi_v7a")], ids=["64", "32"]
    )
    def test_the_tablets_best_kind_that_there_is_a_part_for_is_taken(self, tablet: TabletTraits, wanted: str) -> None:
        assert chosen(whole(*ABI_SPLITS), tablet) == ["", wanted]

    def test_a_64_bit_tablet_takes_32_bit_code_where_there_is_no_other(self) -> None:
        assert chosen(whole("config.armeabi_v7a")) == ["", "config.armeabi_v7a"]

    def test_no_part_for_this_processor_is_refused_and_both_are_named(self) -> None:
        with pytest.raises(AppUnsuited, match=r"x86_64.*arm64-v8a"):
            chosen(whole("config.x86_64"))

    def test_an_unread_processor_is_refused_where_it_decides(self) -> None:
        with pytest.raises(AppUnsuited, match="could not be read"):
            chosen(whole(*ABI_SPLITS), TabletTraits(34))

    def test_all_modules_get_code_of_one_kind(self) -> None:
        variant = Variant(
            (
                part(),
                part("camera", feature=True),
                part("config.arm64_v8a"),
                part("config.armeabi_v7a"),
                part("camera.config.armeabi_v7a"),
            )
        )
        assert chosen(variant) == ["", "camera", "camera.config.armeabi_v7a", "config.armeabi_v7a"]

    def test_native_code_in_the_base_itself_decides_too(self) -> None:
        with pytest.raises(AppUnsuited, match="processor"):
            chosen(Variant((part(abis=("x86",)),)))


class TestScreens:
    @pytest.mark.parametrize(
        ("density", "wanted"),
        [(120, 120), (121, 160), (160, 160), (210, 213), (240, 240), (280, 320), (480, 480), (560, 640), (700, 640)],
    )
    def test_the_smallest_density_that_is_enough_is_taken_else_the_largest(self, density: int, wanted: int) -> None:
        tablet = TabletTraits(34, MODERN.abis, density)
        (screen,) = [split_of(name) for name in chosen(whole(*SCREENS), tablet) if name]
        assert screen.value == str(wanted)

    def test_an_unread_density_gets_the_sharpest_pictures(self) -> None:
        assert chosen(whole(*SCREENS), TabletTraits(34, MODERN.abis)) == ["", "config.xxxhdpi"]


class TestLanguages:
    LANGUAGES = ("config.en", "config.pa", "config.pl", "config.pt_rBR", "config.pt_rPT")

    @pytest.mark.parametrize(
        ("languages", "wanted"),
        [
            (("en-GB",), ["config.en"]),
            (("en-GB", "pa"), ["config.en", "config.pa"]),
            (("pt-PT",), ["config.pt_rPT"]),
            (("pt",), ["config.pt_rBR", "config.pt_rPT"]),
        ],
    )
    def test_the_tablets_own_and_the_persons_are_taken_and_the_rest_left(
        self, languages: tuple[str, ...], wanted: list[str]
    ) -> None:
        tablet = TabletTraits(34, languages=languages)
        assert chosen(whole(*self.LANGUAGES, splits_required=False), tablet) == ["", *wanted]

    def test_a_language_the_app_has_not_leaves_its_own_words(self) -> None:
        tablet = TabletTraits(34, languages=("cy",))
        assert chosen(whole(*self.LANGUAGES, splits_required=False), tablet) == [""]


class TestFeatures:
    def test_what_comes_with_the_app_is_taken_and_what_is_fetched_later_is_not(self) -> None:
        later = part("later", feature=True, on_demand=True)
        variant = Variant((part(), part("camera", feature=True), later, part("later.config.en")))
        assert chosen(variant) == ["", "camera"]

    def test_a_feature_another_one_needs_is_taken_even_if_it_is_fetched_later(self) -> None:
        parts = (
            part(),
            part("camera", feature=True, needs=("filters",)),
            part("filters", feature=True, on_demand=True, needs=("colours",)),
            part("colours", feature=True, on_demand=True),
        )
        assert chosen(Variant(parts)) == ["", "camera", "colours", "filters"]

    def test_a_feature_for_a_later_android_is_left_out(self) -> None:
        assert chosen(Variant((part(), part("later", feature=True, min_sdk=35)))) == [""]


class TestWholeness:
    def test_a_base_that_needs_parts_is_not_installed_alone(self) -> None:
        with pytest.raises(AppUnsuited, match="not whole"):
            chosen(whole("config.pl"))

    def test_a_kind_of_part_the_app_asks_for_must_be_there_from_android_13_on(self) -> None:
        asking = part(required_types=("base__abi", "base__density"))
        variant = Variant((asking, part("config.xhdpi", types=("base__density",))))
        with pytest.raises(AppUnsuited, match="base__abi"):
            chosen(variant)
        assert chosen(variant, OLD_32_BIT) == ["", "config.xhdpi"]

    def test_parts_of_an_unknown_kind_are_left_out_and_named(self) -> None:
        choice = choose("Sample", [whole("config.xhdpi", "config.astc")], MODERN, target_sdk=34)
        assert names(choice) == ["", "config.xhdpi"]
        assert "config.astc" in choice.doubts[0]


class TestVariants:
    def test_a_set_for_a_later_android_goes_before_one_for_an_earlier(self) -> None:
        earlier, later = whole("config.hdpi", min_sdk=21), whole("config.xhdpi", min_sdk=29)
        assert names(choose("Sample", [earlier, later], MODERN, target_sdk=34)) == ["", "config.xhdpi"]
        assert names(choose("Sample", [earlier, later], OLD_32_BIT, target_sdk=34)) == ["", "config.hdpi"]

    def test_a_whole_app_is_taken_where_the_parts_do_not_fit(self) -> None:
        alone = Variant((part(size=5000, abis=("armeabi-v7a",)),), min_sdk=16)
        choice = choose("Sample", [whole("config.x86_64"), alone], MODERN, target_sdk=34)
        assert choice.size_bytes == 5000

    def test_the_smallest_whole_app_for_this_processor_and_screen_is_taken(self) -> None:
        def alone(size: int, density: int, *abis: str) -> Variant:
            return Variant((part(size=size, abis=abis),), density=density)

        variants = [
            alone(9000, 0, "arm64-v8a", "armeabi-v7a", "x86"),
            alone(3000, 480, "arm64-v8a"),
            alone(2000, 240, "arm64-v8a"),
            alone(1000, 240, "x86"),
        ]
        assert choose("Sample", variants, MODERN, target_sdk=34).size_bytes == 2000


class TestTheTabletItself:
    def test_an_app_for_a_later_android_is_refused(self) -> None:
        with pytest.raises(AppUnsuited, match=r"level 35.*has 34"):
            chosen(whole("config.xhdpi", min_sdk=35))

    def test_too_little_room_is_refused_with_both_figures(self) -> None:
        variant = Variant((part(size=100_000_000),))
        with pytest.raises(AppUnsuited, match=r"200 MB.*150 MB"):
            chosen(variant, TabletTraits(34, free_bytes=150_000_000))
        assert chosen(variant, TabletTraits(34, free_bytes=200_000_000)) == [""]

    @pytest.mark.parametrize(
        ("sdk", "target", "doubted"), [(33, 20, False), (34, 22, True), (34, 23, False), (35, 23, True)]
    )
    def test_an_app_made_for_an_old_android_is_doubted_but_not_refused(
        self,
        sdk: int,
        target: int,
        doubted: bool,
    ) -> None:
        choice = choose("Sample", [Variant((part(),))], TabletTraits(sdk), target_sdk=target)
        assert bool(choice.doubts) is doubted


_ABI_NAMES = [f"config.{name}" for name in ABIS]
_SCREEN_NAMES = [f"config.{name}" for name in DENSITIES]
_LANGUAGES = ["en", "pa", "pl", "cy", "pt-BR", "zh-Hant"]


@st.composite
def apps(draw: st.DrawFn) -> Variant:
    """Any app: some processors, screens and languages, for the base and for some features."""
    parts = [part()]
    for module in ("", *draw(st.lists(st.sampled_from(["camera", "chat"]), unique=True))):
        prefix = f"{module}." if module else ""
        if module:
            parts.append(part(module, feature=True, on_demand=draw(st.booleans())))
        offered = draw(st.lists(st.sampled_from([*_ABI_NAMES, *_SCREEN_NAMES]), unique=True))
        offered += [
            f"config.{tag.replace('-', '_')}" for tag in draw(st.lists(st.sampled_from(_LANGUAGES), unique=True))
        ]
        parts += [part(prefix + name) for name in offered]
    return Variant(tuple(draw(st.permutations(parts))), splits_required=draw(st.booleans()))


TABLETS = st.builds(
    TabletTraits,
    sdk=st.integers(24, 36),
    abis=st.lists(st.sampled_from(list(ABIS.values())), min_size=1, max_size=3, unique=True).map(tuple),
    density=st.none() | st.integers(100, 700),
    languages=st.lists(st.sampled_from(_LANGUAGES), unique=True).map(tuple),
)


@given(apps(), TABLETS)
def test_any_tablet_gets_one_base_and_of_every_module_one_processor_and_one_screen(
    app: Variant, tablet: TabletTraits
) -> None:
    try:
        parts = choose("Sample", [app], tablet, target_sdk=34).parts
    except AppUnsuited:
        return
    assert parts[0].split == BASE
    assert len(set(parts)) == len(parts)
    assert set(parts) <= set(app.parts)
    modules = {one.split.module for one in parts}
    assert {one.split.value for one in parts if one.split.kind is SplitKind.ABI} <= set(tablet.abis)
    for module in modules:
        kinds = [one.split.kind for one in parts if one.split.module == module]
        offered = {one.split.kind for one in app.parts if one.split.module == module}
        for kind in (SplitKind.ABI, SplitKind.DENSITY):
            assert kinds.count(kind) == (kind in offered)
        assert module == "" or SplitKind.FEATURE in kinds


@given(apps(), TABLETS)
def test_the_order_of_the_parts_in_the_file_decides_nothing(app: Variant, tablet: TabletTraits) -> None:
    def outcome(variant: Variant) -> object:
        try:
            return choose("Sample", [variant], tablet, target_sdk=34)
        except AppUnsuited as error:
            return str(error)

    backwards = Variant(tuple(reversed(app.parts)), splits_required=app.splits_required)
    assert outcome(app) == outcome(backwards)


@given(st.sets(st.integers(100, 700), min_size=1), st.integers(100, 700))
def test_no_density_between_the_wanted_and_the_taken_was_passed_over(offered: set[int], wanted: int) -> None:
    taken = pick_density(offered, wanted)
    assert taken in offered
    assert not any(wanted <= other < taken for other in offered)
    assert taken >= wanted or taken == max(offered)
