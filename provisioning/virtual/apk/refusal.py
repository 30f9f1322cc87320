"""A package manager's refusal, in Android's own words."""

from __future__ import annotations


class InstallFailure(Exception):
    """``Failure [CODE: detail]``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
