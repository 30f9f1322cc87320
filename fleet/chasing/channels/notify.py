"""Texts and emails by GOV.UK Notify, over its HTTP contract (version 2). Its `reference` does not keep a message from
leaving twice, so it is looked up before anything is tried again.
"""

from __future__ import annotations

import base64
import hmac
import http.client
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fleet.chasing.channels.base import ChannelFailed, ChannelUnsure, NotArrived, Outgoing

TIMEOUT_SECONDS = 5.0
KEY_TAIL = 73
"""An API key is its name, the service's number and the secret, joined by hyphens; both of these are 36 letters."""
NOT_ARRIVED = {
    "permanent-failure": "It did not arrive: GOV.UK Notify says that there is no such number or address.",
    "temporary-failure": "It did not arrive: GOV.UK Notify tried for days, and the phone or inbox took nothing.",
    "technical-failure": "It did not arrive: GOV.UK Notify could not pass it on.",
}
"""The statuses that are the end of a message which Notify took, with what we say of each."""
PAGE = 250
MOST_PAGES = 20
"""Of its list of messages, newest first; it goes back as far as the service keeps them, a week unless it says less."""
_KINDS = {"text": ("sms", "phone_number"), "email": ("email", "email_address")}


@dataclass(frozen=True)
class Notify:
    """A service at GOV.UK Notify. Each template has ((body)), the one for emails ((subject)) too."""

    url: str
    api_key: str
    templates: Mapping[str, str]
    """By the way somebody wants to hear: text, email."""


class NotifyChannel:
    """One request a message, each with a token of its own."""

    def __init__(self, service: Notify) -> None:
        self.service = service

    def deliver(self, message: Outgoing) -> None:
        kind, field = _KINDS[message.channel]
        asked = {
            field: message.to.replace(" ", ""),
            "template_id": self.service.templates[message.channel],
            "personalisation": {"subject": message.subject, "body": message.body},
            "reference": message.reference,
        }
        status, _ = self._ask("POST", f"/v2/notifications/{kind}", asked)
        if status >= 500:
            raise ChannelUnsure(f"GOV.UK Notify never said whether it took it (answer {status}).")
        if status != 201:
            raise ChannelFailed(f"GOV.UK Notify did not take it (answer {status}).")

    def has_left(self, reference: str, channel: str) -> bool:
        status, answer = self._ask("GET", f"/v2/notifications?reference={quote(reference, safe='')}", None)
        if status != 200:
            raise ChannelUnsure(f"GOV.UK Notify could not be asked (answer {status}).")
        return any(each.get("reference") == reference for each in answer.get("notifications", ()))

    def not_arrived(self) -> Sequence[NotArrived]:
        found: list[NotArrived] = []
        asked: list[tuple[str, str]] = [("status", status) for status in NOT_ARRIVED]
        older: list[tuple[str, str]] = []
        for _ in range(MOST_PAGES):
            status, answer = self._ask("GET", f"/v2/notifications?{urlencode(asked + older)}", None)
            if status != 200:
                raise ChannelUnsure(f"GOV.UK Notify could not be asked (answer {status}).")
            page = answer.get("notifications", ())
            told = ((each.get("reference"), NOT_ARRIVED.get(each.get("status"))) for each in page)
            found += [NotArrived(reference, why) for reference, why in told if reference and why]
            if len(page) < PAGE:
                break
            older = [("older_than", page[-1]["id"])]
        return found

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> tuple[int, dict[str, Any]]:
        """The answer's status and JSON. Raises `ChannelFailed` while nothing was sent, `ChannelUnsure` afterwards."""
        address = urlsplit(self.service.url)
        connect = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = connect(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise ChannelFailed(f"GOV.UK Notify could not be reached ({type(error).__name__}).") from error
        try:
            sent = None if body is None else json.dumps(body)
            headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            return answer.status, _read(answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise ChannelUnsure("GOV.UK Notify never said whether it took it.") from error
        finally:
            connection.close()

    def _token(self) -> str:
        """A JSON Web Token for this moment, signed with the secret part of the key (HMAC-SHA-256)."""
        tail = self.service.api_key[-KEY_TAIL:]
        service_id, secret = tail[:36], tail[37:]
        parts = ({"typ": "JWT", "alg": "HS256"}, {"iss": service_id, "iat": int(time.time())})
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
        return f"{signed}.{_encoded(hmac.new(secret.encode(), signed.encode(), sha256).digest())}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
