"""The broker's address with TLS: whoever answers must hold a certificate for that very name."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fleet.clock import utc_now
from fleet.jobs.broker import broker_trouble
from fleet.settings import Settings


def certificate_for(name: x509.GeneralName, folder: Path) -> Path:
    """A certificate that signs for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sample broker")]), utc_now()
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "broker.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def answering(certificate: Path) -> Iterator[int]:
    """Somebody who shakes hands with one caller by TLS, and then hangs up; gives the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            caller, _ = listener.accept()
            with caller:
                try:
                    context.wrap_socket(caller, server_side=True).close()
                except (ssl.SSLError, OSError):
                    return  # the caller did not like what it saw

        thread = threading.Thread(target=answer)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(10)


@pytest.mark.parametrize(
    ("name", "refused"),
    [(x509.DNSName("broker.example"), True), (x509.IPAddress(ip_address("127.0.0.1")), False)],
    ids=["another name", "its own"],
)
def test_a_trusted_certificate_for_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: x509.GeneralName, refused: bool
) -> None:
    certificate = certificate_for(name, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with answering(certificate) as port:
        said = broker_trouble(Settings(broker_url=f"amqps://guest:guest@127.0.0.1:{port}//"))
    assert said, "nobody speaks AMQP here"
    assert ("a certificate that this computer trusts for that name" in said) is refused
