"""Whether an app comes from who it came from before."""

from __future__ import annotations

from collections.abc import Collection

from provisioning.apps.app_file import AppFile, short_fingerprint
from provisioning.apps.release import AppRelease
from provisioning.errors import SignedByStranger


def check_signer(app: AppFile | AppRelease, pinned: Collection[str]) -> None:
    """Return when `app` is signed by exactly the pinned certificates, or its one pinned signer vouches for its new one.

    `pinned` holds SHA-256 digests as in `AppFile.signers`. Raises `SignedByStranger`.
    """
    wanted = {digest.lower() for digest in pinned}
    if wanted == set(app.signers) or (len(wanted) == 1 and wanted <= set(app.earlier_signers)):
        return
    raise SignedByStranger(
        f"{app.label or app.package} ({app.path.name}) is signed by {_listed(app.signers)}, but {app.package} in the "
        f"app library is signed by {_listed(sorted(wanted)) or 'nobody'}. Nothing was installed. Fetch the file again "
        "from its maker; if the maker says that its key changed, ask a hub admin to import it with that reason."
    )


def _listed(digests: Collection[str]) -> str:
    return " and ".join(short_fingerprint(digest) for digest in digests)
