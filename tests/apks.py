"""Real signed APKs for tests, built from source with Debian's aapt, zipalign and apksigner and kept under build/.

They hold a manifest and resources but no code, which is all that installing, reading and trusting them needs.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import NameOID

FOLDER = Path(__file__).parents[1] / "build" / "test-apks"
FRAMEWORK = Path("/usr/share/android-framework-res/framework-res.apk")
RECIPE_FORMAT = 2
"""Part of every cache key: raise it when the way of building changes."""


@dataclass(frozen=True)
class ApkRecipe:
    """What an APK should be.

    `signer` names a key made on first use; a name ending in -ec, -dsa or -rsa4096 picks its kind.
    `schemes` is any of v1, v2, v3 (none at all leaves the file unsigned); `rotated_from` names the signer whose key
    was replaced by `signer` in a v3 lineage; `verity` adds fs-verity digests. `tampered` changes one byte
    after signing.
    """

    package: str = "org.example.sample"
    version_code: int = 1
    version_name: str = "1.0"
    label: str = "Sample"
    min_sdk: int = 24
    target_sdk: int = 33
    permissions: tuple[str, ...] = ()
    home: bool = False
    abis: tuple[str, ...] = ()
    padding_bytes: int = 0
    signer: str = "ours"
    schemes: tuple[str, ...] = ("v1", "v2", "v3")
    rotated_from: str = ""
    verity: bool = False
    tampered: bool = False


def build_apk(recipe: ApkRecipe | None = None) -> Path:
    """The APK of this recipe, built once and then taken from build/test-apks."""
    recipe = recipe or ApkRecipe()
    digest = hashlib.sha256(repr((RECIPE_FORMAT, sorted(asdict(recipe).items()))).encode()).hexdigest()[:16]
    finished = FOLDER / f"{recipe.package}-{recipe.version_code}-{digest}.apk"
    if not finished.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as work:
            os.replace(_build(recipe, Path(work)), finished)  # noqa: PTH105 - replace is atomic between test processes
    return finished


def signer_certificate_sha256(signer: str = "ours") -> str:
    """The SHA-256 of a test signer's certificate, as 64 lower-case hex digits."""
    _, certificate = signer_files(signer)
    return x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256()).hex()


def signer_files(signer: str) -> tuple[Path, Path]:
    """The PKCS #8 private key (DER) and the certificate (PEM) of a test signer."""
    folder = FOLDER / "signers" / signer
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=folder.parent))
        _write_signer(signer, work)
        try:
            work.rename(folder)
        except OSError:  # another test process made the same signer first
            shutil.rmtree(work)
    return folder / "key.pk8", folder / "certificate.pem"


def manifest(recipe: ApkRecipe) -> str:
    permissions = "".join(f"<uses-permission android:name={quoteattr(name)}/>" for name in recipe.permissions)
    categories = ("HOME", "DEFAULT") if recipe.home else ("LAUNCHER",)
    category_tags = "".join(f'<category android:name="android.intent.category.{name}"/>' for name in categories)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package={quoteattr(recipe.package)}
    android:versionCode="{recipe.version_code}" android:versionName={quoteattr(recipe.version_name)}>
  <uses-sdk android:minSdkVersion="{recipe.min_sdk}" android:targetSdkVersion="{recipe.target_sdk}"/>
  {permissions}
  <application android:label="@string/label" android:hasCode="false">
    <activity android:name=".Main" android:exported="true">
      <intent-filter><action android:name="android.intent.action.MAIN"/>{category_tags}</intent-filter>
    </activity>
  </application>
</manifest>
"""


def _build(recipe: ApkRecipe, work: Path) -> Path:
    source = work / "source"
    (source / "res" / "values").mkdir(parents=True)
    (source / "assets").mkdir()
    (source / "AndroidManifest.xml").write_text(manifest(recipe), encoding="utf-8")
    strings = f'<resources><string name="label">{escape(recipe.label)}</string></resources>'
    (source / "res" / "values" / "strings.xml").write_text(strings, encoding="utf-8")
    if recipe.padding_bytes:
        (source / "assets" / "padding.bin").write_bytes(random.Random(1).randbytes(recipe.padding_bytes))
    packed, aligned = work / "packed.apk", work / "aligned.apk"
    call(
        "aapt", "package", "-f", "-M", source / "AndroidManifest.xml", "-S", source / "res", "-A", source / "assets",
        "-I", FRAMEWORK, "-0", "bin", "-0", "arsc", "-F", packed,
    )  # fmt: skip
    _add_native_code(recipe, work, packed)
    call("zipalign", "-f", "-p", "4", packed, aligned)
    signed = sign(recipe, aligned, work) if recipe.schemes else aligned
    if recipe.tampered:
        _flip_one_byte(signed)
    return signed


def _add_native_code(recipe: ApkRecipe, work: Path, packed: Path) -> None:
    for abi in recipe.abis:
        library = work / "lib" / abi / "libsample.so"
        library.parent.mkdir(parents=True)
        library.write_bytes(b"\x7fELF" + abi.encode())
        call("aapt", "add", packed, f"lib/{abi}/libsample.so", cwd=work)


def sign(recipe: ApkRecipe, aligned: Path, work: Path) -> Path:
    signed = work / "signed.apk"
    switches = [
        part
        for scheme in ("v1", "v2", "v3", "v4")
        for part in (f"--{scheme}-signing-enabled", str(scheme in recipe.schemes).lower())
    ]
    signers: list[str | Path] = []
    if recipe.rotated_from:
        lineage = work / "lineage"
        old, new = _signer_arguments(recipe.rotated_from), _signer_arguments(recipe.signer)
        call("apksigner", "rotate", "--out", lineage, "--old-signer", *old, "--new-signer", *new)
        signers = [*old, "--next-signer", *new, "--lineage", lineage]
    else:
        signers = _signer_arguments(recipe.signer)
    if recipe.verity:
        switches.append("--verity-enabled")
    call("apksigner", "sign", *switches, *signers, "--out", signed, aligned)
    return signed


def _signer_arguments(signer: str) -> list[str | Path]:
    key, certificate = signer_files(signer)
    return ["--key", key, "--cert", certificate]


def _flip_one_byte(apk: Path) -> None:
    """Change the last byte of the label string inside resources.arsc, which is stored and not compressed."""
    data = bytearray(apk.read_bytes())
    start = data.index(b"resources.arsc")
    data[start + 200] ^= 0x01
    apk.write_bytes(data)


def _write_signer(signer: str, folder: Path) -> None:
    key = _private_key(signer)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test signer {signer}")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2060, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    (folder / "key.pk8").write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _private_key(signer: str) -> CertificateIssuerPrivateKeyTypes:
    if signer.endswith("-ec"):
        return ec.generate_private_key(ec.SECP256R1())
    if signer.endswith("-dsa"):
        return dsa.generate_private_key(2048)
    return rsa.generate_private_key(public_exponent=65537, key_size=4096 if signer.endswith("-rsa4096") else 2048)


def call(*arguments: str | Path, cwd: Path | None = None) -> None:
    answer = subprocess.run([str(part) for part in arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, f"{arguments[0]} failed:\n{answer.stdout}{answer.stderr}"
