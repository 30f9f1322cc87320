"""Our verifier, judged by Android's own apksigner on every kind of APK we can make."""

from __future__ import annotations

import re
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.apps.signatures.block import MAGIC, V2, V3, find_signing_block
from provisioning.apps.signatures.verifying import STRIPPING_PROTECTION, verify_apk
from provisioning.errors import SignatureInvalid
from tests.apks import ApkRecipe, build_apk, signer_certificate_sha256, signer_files

GOOD = {
    "v1, v2 and v3": ApkRecipe(min_sdk=21),
    "v2 only": ApkRecipe(schemes=("v2",)),
    "v3 only": ApkRecipe(schemes=("v3",), min_sdk=28),
    "elliptic curve": ApkRecipe(signer="ours-ec"),
    "dsa": ApkRecipe(signer="ours-dsa"),
    "rsa 4096, SHA-512": ApkRecipe(signer="ours-rsa4096"),
    "rotated": ApkRecipe(signer="rotated", rotated_from="ours"),
    "rotated, v3 only": ApkRecipe(signer="rotated", rotated_from="ours", schemes=("v3",), min_sdk=28),
    "rotated to another kind of key": ApkRecipe(signer="ours-ec", rotated_from="ours-dsa"),
    "verity digests": ApkRecipe(verity=True, padding_bytes=700_000),
    "verity, elliptic curve": ApkRecipe(verity=True, signer="ours-ec"),
    "exactly two chunks": ApkRecipe(padding_bytes=2_500_000),
}
BAD = {
    "unsigned": ApkRecipe(schemes=()),
    "v1 only": ApkRecipe(schemes=("v1",), min_sdk=21),
    "tampered": ApkRecipe(tampered=True),
    "tampered, v2 only": ApkRecipe(tampered=True, schemes=("v2",)),
    "tampered, rotated": ApkRecipe(tampered=True, signer="rotated", rotated_from="ours"),
    "tampered, verity": ApkRecipe(tampered=True, verity=True),
}


def apksigner(path: Path) -> tuple[bool, set[str]]:
    """Its verdict, and the SHA-256 of the signers' certificates it names."""
    answer = subprocess.run(
        ["apksigner", "verify", "--print-certs", str(path)], capture_output=True, text=True, check=False
    )
    return answer.returncode == 0, set(re.findall(r"certificate SHA-256 digest: (\w+)", answer.stdout))


@pytest.mark.parametrize("name", GOOD)
def test_apksigner_accepts_it_and_names_the_same_signer(name: str) -> None:
    path = build_apk(GOOD[name])
    accepted, signers = apksigner(path)
    assert accepted
    assert set(verify_apk(path).signers) == signers == {signer_certificate_sha256(GOOD[name].signer)}


@pytest.mark.parametrize("name", BAD)
def test_apksigner_refuses_it_too(name: str) -> None:
    path = build_apk(BAD[name])
    assert not apksigner(path)[0]
    with pytest.raises(SignatureInvalid, match=path.name):
        verify_apk(path)


def test_an_old_app_signed_with_v1_alone_is_refused_although_apksigner_would_take_it() -> None:
    path = build_apk(ApkRecipe(schemes=("v1",), min_sdk=21, target_sdk=28))
    assert apksigner(path)[0]
    with pytest.raises(SignatureInvalid, match="today's Android"):
        verify_apk(path)


def test_the_schemes_and_the_earlier_signers_are_told() -> None:
    signature = verify_apk(build_apk(GOOD["rotated"]))
    assert signature.schemes == ("v2", "v3")
    assert signature.earlier_signers == (signer_certificate_sha256("ours"),)


class TestChangedBlocks:
    """Files whose signing block was rewritten; apksigner must agree with us on each."""

    def test_taking_v3_away_is_noticed(self, tmp_path: Path) -> None:
        source = build_apk()
        path = with_block(source, tmp_path, {V2: blocks_of(source)[V2]})
        assert not apksigner(path)[0]
        with pytest.raises(SignatureInvalid, match=r"v3.* was removed"):
            verify_apk(path)

    def test_a_block_of_another_file_is_noticed(self, tmp_path: Path) -> None:
        other = build_apk(ApkRecipe(package="org.example.other"))
        path = with_block(build_apk(), tmp_path, blocks_of(other))
        assert not apksigner(path)[0]
        with pytest.raises(SignatureInvalid, match="content is not what was signed"):
            verify_apk(path)

    def test_v2_and_v3_of_different_makers_are_noticed(self, tmp_path: Path) -> None:
        base = ApkRecipe(padding_bytes=10_000)
        ours = build_apk(replace(base, schemes=("v2",)))
        theirs = build_apk(replace(base, schemes=("v3",), signer="stranger"))
        path = with_block(ours, tmp_path, blocks_of(ours) | {V3: blocks_of(theirs)[V3]})
        assert not apksigner(path)[0]
        with pytest.raises(SignatureInvalid):
            verify_apk(path)

    def test_rsa_pss_made_by_openssl_is_verified(self, tmp_path: Path) -> None:
        # apksigner on Debian's Java knows no RSA-PSS, so openssl is the one to agree with.
        path = with_block(build_apk(), tmp_path, {V2: pss_block(tmp_path)})
        assert verify_apk(path).signers == (signer_certificate_sha256(),)

    def test_a_pss_signature_by_another_key_is_noticed(self, tmp_path: Path) -> None:
        path = with_block(build_apk(), tmp_path, {V2: pss_block(tmp_path, signed_by="stranger")})
        with pytest.raises(SignatureInvalid, match="does not hold"):
            verify_apk(path)

    def test_an_empty_block_names_nobody(self, tmp_path: Path) -> None:
        path = with_block(build_apk(), tmp_path, {V2: struct.pack("<I", 0)})
        assert not apksigner(path)[0]
        with pytest.raises(SignatureInvalid):
            verify_apk(path)

    @pytest.mark.parametrize("keep", [0, 3, 40, 200])
    def test_a_block_cut_short_is_refused(self, tmp_path: Path, keep: int) -> None:
        path = with_block(build_apk(), tmp_path, {V3: blocks_of(build_apk())[V3][:keep]})
        with pytest.raises(SignatureInvalid):
            verify_apk(path)

    def test_the_protection_against_stripping_is_the_one_apksigner_writes(self) -> None:
        assert struct.pack("<I", STRIPPING_PROTECTION) in blocks_of(build_apk())[V2]


def blocks_of(path: Path) -> dict[int, bytes]:
    with path.open("rb") as file:
        return find_signing_block(file).schemes


def with_block(source: Path, folder: Path, blocks: dict[int, bytes]) -> Path:
    """The file with its signing block replaced and the pointer to the central directory moved."""
    data = source.read_bytes()
    with source.open("rb") as file:
        old = find_signing_block(file)
    pairs = b"".join(struct.pack("<QI", len(value) + 4, number) + value for number, value in blocks.items())
    size = struct.pack("<Q", len(pairs) + 24)
    block = size + pairs + size + MAGIC
    end = bytearray(old.end_record)
    struct.pack_into("<I", end, 16, old.start + len(block))
    path = folder / "changed.apk"
    path.write_bytes(data[: old.start] + block + data[old.directory_start : old.end_record_start] + end)
    return path


def part(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def openssl(*arguments: str | Path) -> bytes:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=True).stdout


def pss_block(folder: Path, *, signed_by: str = "ours") -> bytes:
    """A v2 block of signer "ours" for the plain sample APK, its signature made by openssl with RSA-PSS."""
    certificate = signer_files("ours")[1]
    der = openssl("x509", "-in", certificate, "-outform", "DER")
    (folder / "public.pem").write_bytes(openssl("x509", "-in", certificate, "-noout", "-pubkey"))
    public = openssl("pkey", "-pubin", "-in", folder / "public.pem", "-outform", "DER")
    digests = part(struct.pack("<I", 0x0101) + part(chunked_sha256_of(build_apk())))
    signed = part(digests) + part(part(der)) + part(b"")
    (folder / "signed").write_bytes(signed)
    pss = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32")
    key = ("-keyform", "DER", "-sign", signer_files(signed_by)[0])
    signature = openssl("dgst", "-sha256", *pss, *key, folder / "signed")
    whole = part(signed) + part(part(struct.pack("<I", 0x0101) + part(signature))) + part(public)
    return part(part(whole))


def chunked_sha256_of(path: Path) -> bytes:
    """The digest apksigner put into the file's own v2 block, which is the first 32 bytes of its kind there."""
    block = blocks_of(path)[V2]
    at = block.index(struct.pack("<II", 0x0103, 32)) + 8
    return block[at : at + 32]
