"""Talks to Doorstep's own API over HTTP, as any program with a token would."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode


class Refused(Exception):
    """The API answered with a problem. `code` is its stable word."""

    def __init__(self, status: int, problem: Mapping[str, Any], path: str) -> None:
        reasons = problem.get("details", {}).get("reasons", [])
        fields = problem.get("fields", {})
        said = " ".join([str(problem.get("message", "")), *map(str, reasons), *map(str, fields.values())])
        super().__init__(f"{path}: {status} {said}")
        self.status = status
        self.code = str(problem.get("code", ""))
        self.reasons = [str(reason) for reason in reasons]
        self.message = str(problem.get("message", ""))


@dataclass(frozen=True)
class ApiClient:
    """Somebody's way in: a base address and a token."""

    base: str
    token: str

    def get(self, path: str, **query: object) -> Any:
        return self._json("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self._json("POST", path, json.dumps(body or {}).encode(), "application/json")

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._json("PUT", path, json.dumps(body).encode(), "application/json")

    def download(self, path: str) -> bytes:
        return self._send("GET", path, None, "")

    def post_for_file(self, path: str, body: Mapping[str, Any]) -> bytes:
        return self._send("POST", path, json.dumps(body).encode(), "application/json")

    def upload(self, path: str, field: str, file: Path, **answers: str) -> Any:
        """Send one file as a multipart form, with the answers to its other questions."""
        boundary = "doorstep-demonstration-boundary"
        parts = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in answers.items()
        )
        head = "".join(parts) + (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        return self._json("POST", path, body, f"multipart/form-data; boundary={boundary}")

    def _json(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Any:
        answer = self._send(method, path, body, kind)
        return json.loads(answer) if answer else None

    def _send(self, method: str, path: str, body: bytes | None, kind: str) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Content-Type": kind} if kind else {})
        address = f"{self.base}/api/v1{path}"
        request = urllib.request.Request(address, data=body, method=method, headers=headers)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - our own loopback server
                answer: bytes = response.read()
                return answer
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                problem = json.loads(text)
            except ValueError:
                problem = {"message": text[:200].decode(errors="replace")}
            raise Refused(error.code, problem, path) from error


def wait_until_answers(base: str, *, seconds: float = 60.0) -> None:
    """Wait for the server to answer at all; on a busy machine its first answer takes long. Raises `TimeoutError`."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        try:
            with urllib.request.urlopen(f"{base}/sign-in", timeout=left):  # noqa: S310 - our own loopback server
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        except TimeoutError:
            break
    raise TimeoutError(f"Nothing was lost, but the server at {base} did not start in {seconds:.0f} seconds.")
