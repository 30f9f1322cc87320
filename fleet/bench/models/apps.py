"""The app library, and who signs each app in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.bench.licences import Licence
from fleet.database.base import Base, IntId, word_column
from provisioning.apps.release import Container


class AppFile(Base):
    """An app in the library, as one file brought it. The bytes of each of its APKs lie in the data folder under their
    own SHA-256; `sha256` is that of the file itself, which is not kept where it was a bundle.

    `variants` is what a tablet's APKs are chosen from (provisioning.apps.release). `expansions` are large files that
    came with it and that are not put on a tablet.
    """

    __tablename__ = "app_file"

    id: Mapped[IntId]
    package: Mapped[str] = mapped_column(String(255), index=True)
    version_code: Mapped[int] = mapped_column(BigInteger)
    version_name: Mapped[str] = mapped_column(String(120), default="")
    label: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    signers: Mapped[list[str]]
    min_sdk: Mapped[int]
    target_sdk: Mapped[int]
    abis: Mapped[list[str]]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    container: Mapped[Container] = mapped_column(word_column(Container), default=Container.APK)
    variants: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    expansions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    licence: Mapped[Licence] = mapped_column(word_column(Licence))
    licence_note: Mapped[str] = mapped_column(Text, default="")
    licence_by: Mapped[str] = mapped_column(String(120), default="")
    imported_by: Mapped[str] = mapped_column(String(120))
    imported_at: Mapped[datetime]


class SignerPin(Base):
    """Who signs an app, as seen when it first came in. Another signer is a stranger."""

    __tablename__ = "app_signer_pin"

    id: Mapped[IntId]
    package: Mapped[str] = mapped_column(String(255), unique=True)
    signers: Mapped[list[str]]
    pinned_at: Mapped[datetime]
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Whom we took for its maker before: signers, who changed that, when, and why."""
