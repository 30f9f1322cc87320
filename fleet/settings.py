"""Every setting, in one object, read from the environment as ``DOORSTEP_<NAME>``; units are in the names.

Nothing reads the environment anywhere else. docs/settings.md lists each setting and a test keeps it complete.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_SECRET = "change-me-before-serving"  # noqa: S105 - the placeholder that `serve` refuses to run with


class Settings(BaseSettings):
    """How this installation is set up."""

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_", env_file=None, frozen=True, extra="ignore")

    data_dir: Path = Field(Path("var"), description="Folder for the database, queue, keys, app files and outbox.")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in the data folder.")
    broker_url: str = Field("", description="Celery broker URL; empty means a queue in the data folder.")
    secret_key: SecretStr = Field(
        SecretStr(DEFAULT_SECRET), description="Signs form tokens and seals PINs of SIMs; at least 32 characters."
    )
    old_secret_key: SecretStr = Field(
        SecretStr(""), description="The key before, only while `doorstep sims rekey` seals everything anew."
    )
    demo: bool = Field(False, description="Demo mode: a default secret and the demo sign-ins are accepted.")
    public_url: str = Field(
        "https://doorstep.example", description="Address printed in QR codes; short, because it must fit a label."
    )
    hub_url: str = Field(
        "",
        description="Where a worker on another computer fetches app files that it lacks. Empty means that it shares "
        "the data folder; a bench's own worker asks the public address then.",
    )
    listen_host: str = Field("127.0.0.1", description="Address the web server listens on.")
    listen_port: int = Field(8420, ge=0, le=65535, description="Port the web server listens on.")
    log_format: Literal["text", "json"] = Field("text", description="Log lines for people or for machines.")

    hub_name: str = Field("Our hub", description="Name given to the hub that the first run creates.")
    hub_phone: str = Field("", description="Phone number borrowers and finders ring; printed on labels.")
    finder_languages: str = Field(
        "cy,ur", description="Languages of the page behind a label after English, in order, with commas: ar, cy, es, …"
    )
    hub_nation: Literal["ENG", "SCT", "WLS", "NIR"] = Field("ENG", description="Whose bank holidays the hub keeps.")

    session_hours: int = Field(12, ge=1, description="A sign-in ends after this many hours without use.")
    courier_link_minutes: int = Field(15, ge=1, description="A courier's sign-in link or code works this long.")
    api_token_days: int = Field(365, ge=1, description="An API token expires after this many days at the latest.")
    sign_in_tries: int = Field(5, ge=1, description="Failures allowed before sign-in slows down.")
    sign_in_pause_seconds: int = Field(30, ge=1, description="First pause after too many failures; doubles each time.")

    lease_seconds: int = Field(60, ge=5, description="A job or bench run not renewed for this long may be taken over.")
    sweep_seconds: float = Field(5.0, gt=0, description="How often lost or stale work is looked for.")
    worker_threads: int = Field(8, ge=1, description="Jobs one worker process does at once.")
    bench_ssh_key_file: Path | None = Field(
        None, description="Private key for benches reached by SSH; empty means the SSH agent."
    )
    profiles_dir: Path | None = Field(
        None, description="Folder of own profiles, needs and quirks; empty means `profiles` in the data folder."
    )
    hands_wait_seconds: int = Field(
        86_400, ge=1, description="How long a bench run waits for a person before it is set aside."
    )

    os_floor_release: int = Field(13, ge=5, description="Oldest Android release lent without a recorded waiver.")
    oldest_patch_years: int = Field(
        4, ge=1, le=20, description="A tablet whose last security update is older is not wiped without a waiver."
    )
    own_owner_packages: str = Field(
        "", description="Management apps of our own, by package, with commas: a tablet they own is not a stranger's."
    )
    verify_valid_days: int = Field(14, ge=1, description="A verified profile older than this is checked again.")
    battery_dispatch_percent: int = Field(80, ge=1, le=100, description="Lowest battery level for a ready tablet.")
    sim_rest_days: int = Field(
        30, ge=0, le=365, description="A SIM that came back rests this many days before it is for somebody else."
    )
    reservation_days: int = Field(7, ge=1, description="An allocation not dispatched in this time may be released.")
    address_hours_after_delivery: int = Field(
        24, ge=0, description="A courier sees an address this many hours after the job is closed."
    )

    courier_photos: bool = Field(
        False, description="Whether couriers may add a photo of the tablet, never of a person, to a hand-over."
    )
    proof_days: int = Field(
        90, ge=1, description="Signatures and photos from the door are deleted after this many days."
    )
    sighting_days: int = Field(
        90, ge=1, description="Where a finder said that a tablet was is deleted this many days after it was settled."
    )
    departure_days: int = Field(
        400,
        ge=32,
        description="What left is kept beside the database for this many days, so that a backup that comes back learns "
        "of it; more than the age of the oldest backup that you would restore.",
    )

    smtp_host: str = Field("", description="Mail server that emails to borrowers leave by; empty: the outbox folder.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_sender: str = Field("", description="Address that emails to borrowers come from.")
    smtp_username: str = Field("", description="Who signs in at the mail server; empty means nobody does.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    smtp_starttls: bool = Field(True, description="Whether the mail server is spoken to under TLS (STARTTLS).")
    notify_url: str = Field(
        "https://api.notifications.service.gov.uk", description="Address of GOV.UK Notify, for those who may use it."
    )
    notify_key: SecretStr = Field(SecretStr(""), description="API key of GOV.UK Notify; empty means it is not used.")
    notify_text_template: str = Field(
        "", description="Number of a Notify template for texts that holds ((body)); empty: the outbox folder."
    )
    notify_email_template: str = Field(
        "", description="Number of a Notify template for emails that holds ((subject)) and ((body)); empty: not used."
    )
    erasure_journal_file: Path | None = Field(
        None,
        description="Where erasures are written down, to be done again after a backup came back. Keep it where that "
        "backup does not reach; empty means `erasures.jsonl` in the data folder.",
    )
    witness_dir: Path | None = Field(
        None,
        description="Folder that no backup of the data folder reaches, where Doorstep remembers what it would not know "
        "if the whole data folder came back; empty means beside that folder, under its name with `.seen`.",
    )
    self_referral: bool = Field(False, description="Whether people may ask for a tablet for themselves, at `/ask`.")

    @property
    def erasure_journal(self) -> Path:
        """The file that erasures are written down in."""
        return self.erasure_journal_file or self.data_dir / "erasures.jsonl"

    @property
    def witness(self) -> Path:
        """The folder of `witness_dir`."""
        data_dir = self.data_dir.absolute()
        return self.witness_dir or data_dir.with_name(f"{data_dir.name}.seen")

    @property
    def erasure_journals(self) -> tuple[Path, ...]:
        """Every file that erasures are written down in: the journal, and its copy where the backup does not reach."""
        copy = () if self.demo else (self.witness / "erasures.jsonl",)
        return (self.erasure_journal, *copy)

    @property
    def own_management_apps(self) -> frozenset[str]:
        """The packages of `own_owner_packages`."""
        return frozenset(name for name in (each.strip() for each in self.own_owner_packages.split(",")) if name)

    @property
    def finder_languages_wanted(self) -> tuple[str, ...]:
        """The languages of `finder_languages`, in order, each once."""
        wanted = (each.strip().lower() for each in self.finder_languages.split(","))
        return tuple(dict.fromkeys(each for each in wanted if each))

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'doorstep.sqlite3'}"

    @property
    def own_profiles(self) -> Path:
        """The folder of profiles, needs and quirks that this installation keeps; it need not exist."""
        return self.profiles_dir or self.data_dir / "profiles"

    @property
    def public_host(self) -> str:
        """The host part of `public_url`, with its port if it has one."""
        return urlsplit(self.public_url).netloc

    def keyed(self, text: str) -> str:
        """HMAC-SHA-256 of a text under the secret key, as 64 hex letters: nobody without the key can make it.

        Begin the text with what it is for, so that a code made for one purpose is worth nothing for another.
        """
        return hmac.new(self.secret_key.get_secret_value().encode(), text.encode(), sha256).hexdigest()

    @property
    def cookies_need_https(self) -> bool:
        """Whether the sign-in cookie is marked Secure: always, except on a loopback demo."""
        return not self.demo
