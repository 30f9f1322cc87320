"""Benches and their slots, runs with every step they took, wipe certificates, and the app library."""

from __future__ import annotations

from fleet.bench.models.apps import AppFile, SignerPin
from fleet.bench.models.certificates import Certificate, CertificateIsFinal, CertificateYear
from fleet.bench.models.places import Bench, Scan, Slot
from fleet.bench.models.runs import BlockerWaiver, RemovalConsent, Run, RunStep

__all__ = [
    "AppFile",
    "Bench",
    "BlockerWaiver",
    "Certificate",
    "CertificateIsFinal",
    "CertificateYear",
    "RemovalConsent",
    "Run",
    "RunStep",
    "Scan",
    "SignerPin",
    "Slot",
]
