"""Real signed split APKs, made by aapt's own ``--split`` and apksigner, and the bundles people pass them on in."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.apks import FOLDER, FRAMEWORK, ApkRecipe, call, sign

SPLITS_FORMAT = 1
"""Part of every cache key: raise it when the way of building changes."""

Splits = dict[str, Path]
"""APKs by their split name; the base has an empty one."""


@dataclass(frozen=True)
class SplitRecipe:
    """What an app in parts should be. Languages and densities as resource folders name them (``pt-rBR``, ``hdpi``)."""

    package: str = "org.example.parts"
    version_code: int = 7
    languages: tuple[str, ...] = ("de", "pa")
    densities: tuple[str, ...] = ("hdpi", "xxhdpi")
    abis: tuple[str, ...] = ("arm64-v8a", "armeabi-v7a")
    features: tuple[str, ...] = ()
    on_demand: tuple[str, ...] = ()
    min_sdk: int = 24
    target_sdk: int = 33
    splits_required: bool = True
    signer: str = "ours"
    home: bool = False


def build_splits(recipe: SplitRecipe | None = None) -> Splits:
    """The APKs of this recipe, built once and then taken from build/test-apks."""
    recipe = recipe or SplitRecipe()
    digest = hashlib.sha256(repr((SPLITS_FORMAT, sorted(asdict(recipe).items()))).encode()).hexdigest()[:16]
    finished = FOLDER / f"{recipe.package}-{recipe.version_code}-{digest}"
    if not finished.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as work:
            _build(recipe, Path(work))
            try:
                (Path(work) / "signed").rename(finished)
            except OSError:  # another test process made the same app first
                assert finished.exists()
    return {"" if path.stem == "base" else path.stem: path for path in sorted(finished.glob("*.apk"))}


def _build(recipe: SplitRecipe, work: Path) -> None:
    (work / "signed").mkdir()
    packed = _base_and_resources(recipe, work)
    for abi in recipe.abis:
        split = f"config.{abi.replace('-', '_')}"
        packed[split] = _lone_part(recipe, work, split, "")
        library = work / "lib" / abi / "libsample.so"
        library.parent.mkdir(parents=True)
        library.write_bytes(b"\x7fELF" + abi.encode())
        call("aapt", "add", packed[split], f"lib/{abi}/libsample.so", cwd=work)
    for feature in recipe.features:
        packed[feature] = _lone_part(recipe, work, feature, _module(on_demand=feature in recipe.on_demand))
    for split, path in packed.items():
        aligned = work / "aligned.apk"
        call("zipalign", "-f", "-p", "4", path, aligned)
        signed = sign(ApkRecipe(signer=recipe.signer, schemes=("v2", "v3")), aligned, work)
        os.replace(signed, work / "signed" / f"{split or 'base'}.apk")  # noqa: PTH105 - as in tests.apks


def _base_and_resources(recipe: SplitRecipe, work: Path) -> dict[str, Path]:
    source = work / "base"
    for folder in ("values", *(f"values-{language}" for language in recipe.languages)):
        place = source / "res" / folder
        place.mkdir(parents=True)
        (place / "strings.xml").write_text(f'<resources><string name="label">Parts {folder}</string></resources>')
    for density in recipe.densities:
        place = source / "res" / f"drawable-{density}"
        place.mkdir(parents=True)
        (place / "dot.png").write_bytes(_picture())
    manifest = source / "AndroidManifest.xml"
    manifest.write_text(_base_manifest(recipe))
    out = work / "packed.apk"
    wanted = [word for split in (*recipe.languages, *recipe.densities) for word in ("--split", split)]
    call(
        "aapt", "package", "-f", "-M", manifest, "-S", source / "res", "-I", FRAMEWORK, *wanted, "-0", "arsc", "-F", out
    )  # fmt: skip
    splits = {path.stem.removeprefix("packed_"): path for path in work.glob("packed_*.apk")}
    return {"": out} | {f"config.{name.replace('-', '_')}": path for name, path in splits.items()}


def _lone_part(recipe: SplitRecipe, work: Path, split: str, inside: str) -> Path:
    folder = work / split
    folder.mkdir()
    (folder / "AndroidManifest.xml").write_text(
        f"""<manifest xmlns:android="http://schemas.android.com/apk/res/android"
    xmlns:dist="http://schemas.android.com/apk/distribution" package="{recipe.package}" split="{split}"
    android:versionCode="{recipe.version_code}" {'android:isFeatureSplit="true"' if inside else ""}>
  {inside}<application android:hasCode="false"/>
</manifest>
"""
    )
    out = work / f"{split}.apk"
    call("aapt", "package", "-f", "-M", folder / "AndroidManifest.xml", "-I", FRAMEWORK, "-F", out)
    return out


def _module(*, on_demand: bool) -> str:
    way = "on-demand" if on_demand else "install-time"
    return f"<dist:module><dist:delivery><dist:{way}/></dist:delivery></dist:module>\n  "


def _base_manifest(recipe: SplitRecipe) -> str:
    required = 'android:isSplitRequired="true"' if recipe.splits_required else ""
    categories = ("HOME", "DEFAULT") if recipe.home else ("LAUNCHER",)
    category_tags = "".join(f'<category android:name="android.intent.category.{name}"/>' for name in categories)
    return f"""<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="{recipe.package}"
    android:versionCode="{recipe.version_code}" android:versionName="{recipe.version_code}.0" {required}>
  <uses-sdk android:minSdkVersion="{recipe.min_sdk}" android:targetSdkVersion="{recipe.target_sdk}"/>
  <uses-permission android:name="android.permission.CAMERA"/>
  <application android:label="@string/label" android:hasCode="false">
    <activity android:name=".Main" android:exported="true">
      <intent-filter><action android:name="android.intent.action.MAIN"/>{category_tags}</intent-filter>
    </activity>
  </application>
</manifest>
"""


def _picture() -> bytes:
    """A PNG of one red dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


# the files in which people pass apps on


def zipped(path: Path, entries: Mapping[str, Path | bytes | str]) -> Path:
    """A ZIP file of these entries, stored as they are."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content.read_bytes() if isinstance(content, Path) else content)
    return path


def sai_apks(path: Path, splits: Splits) -> Path:
    """As SAI exports: flat, ``base.apk`` and ``split_*.apk``."""
    named = {f"split_{name}.apk" if name else "base.apk": apk for name, apk in splits.items()}
    return zipped(path, {"meta.sai_v2.json": json.dumps({"meta_version": 2}), **named})


def bundletool_apks(path: Path, variants: Sequence[tuple[int, Splits]], *, alone: Sequence[Path] = ()) -> Path:
    """As bundletool builds: a set of splits for each (lowest API level, splits), whole apps, and ``toc.pb``."""
    entries: dict[str, Path | bytes | str] = {}
    listed = []
    for number, (min_sdk, splits) in enumerate(variants):
        suffix = f"_{number + 1}" if number else ""
        names = {name: f"splits/{_toolname(name)}{suffix}.apk" for name in splits}
        entries |= {names[name]: apk for name, apk in splits.items()}
        listed.append(_variant(min_sdk, names))
    for number, apk in enumerate(alone):
        entries[f"standalones/standalone-{number}.apk"] = apk
        listed.append(_standalone(f"standalones/standalone-{number}.apk"))
    return zipped(path, {"toc.pb": b"".join(_field(1, one) for one in listed), **entries})


def xapk(path: Path, splits: Splits, *, package: str, version_code: int, expansions: Mapping[str, bytes] = {}) -> Path:
    """As APKPure packs: ``manifest.json``, an icon, the APKs, and expansion files."""
    named = {f"{name or package}.apk": apk for name, apk in splits.items()}
    manifest = {
        "xapk_version": 2,
        "package_name": package,
        "version_code": str(version_code),
        "split_apks": [{"file": f"{name or package}.apk", "id": name or "base"} for name in splits],
        "expansions": [{"file": name, "install_path": name} for name in expansions],
    }
    return zipped(path, {"manifest.json": json.dumps(manifest), "icon.png": _picture(), **named, **expansions})


def apkm(path: Path, splits: Splits, *, package: str, version_code: int) -> Path:
    """As APKMirror packs: ``info.json``, an icon, ``base.apk`` and ``split_*.apk``."""
    named = {f"split_{name}.apk" if name else "base.apk": apk for name, apk in splits.items()}
    info = {"apkm_version": 5, "pname": package, "versioncode": str(version_code), "app_name": "Parts"}
    return zipped(path, {"info.json": json.dumps(info), "icon.png": _picture(), **named})


def _toolname(split: str) -> str:
    """``base-master``, ``base-de``, ``camera-master``: bundletool's names say less than the manifests do."""
    if not split:
        return "base-master"
    return f"base-{split.removeprefix('config.')}" if split.startswith("config.") else f"{split}-master"


# toc.pb, written by hand: field numbers from google/bundletool, commands.proto and targeting.proto


def _variant(min_sdk: int, names: Mapping[str, str]) -> bytes:
    modules: dict[str, list[str]] = {}
    for split, path in names.items():
        modules.setdefault("base" if not split or split.startswith("config.") else split, []).append(path)
    sets = b"".join(
        _field(2, _field(1, _field(1, module.encode())) + b"".join(_field(2, _apk(path, 3)) for path in paths))
        for module, paths in modules.items()
    )
    sdk = _field(1, _field(1, _field(1, _number(1, min_sdk))))
    return _field(1, sdk) + sets


def _standalone(path: str) -> bytes:
    return _field(2, _field(1, _field(1, b"base")) + _field(2, _apk(path, 4)))


def _apk(path: str, kind: int) -> bytes:
    return _field(2, path.encode()) + _field(kind, _number(2, 1))


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
