"""Everything that can go wrong between us and a tablet, as one tree.

    ProvisioningError
    ├── TransportError                 the link or the daemon
    │   ├── AddressInvalid             a text that names no place a tablet can be
    │   ├── KeyUnusable                the bench's own key is there but cannot be read
    │   ├── CannotConnect              nothing answered at that address
    │   │   ├── NothingListens         a bench reached the place, and nobody is at home
    │   │   ├── AdbServerNotRunning    no adb server answers where one should
    │   │   ├── TabletNotReady         it is seen, but in no state to be spoken to: offline, in recovery, …
    │   │   ├── SeveralTablets         the serial names more than one
    │   │   ├── UsbNotPermitted        this computer's user may not open the tablet's USB port
    │   │   └── UsbTaken               another program, mostly an adb server, holds the tablet's USB port
    │   ├── NotAuthorised              the tablet has not accepted this bench's key
    │   ├── LinkLost                   the link ended before the answer did: outcome unknown
    │   ├── CommandTimedOut            no answer in time: outcome unknown
    │   ├── ServiceRefused             the daemon closed a service it was asked for
    │   ├── TransferFailed             the tablet answered a push or pull with a reason
    │   │   └── TabletFull             … the reason was "No space left on device"
    │   └── InstallRefused             the package manager said no, with its code
    ├── BenchError                     a bench on another machine, before any tablet is spoken to
    │   ├── BenchUnreachable           nothing that speaks SSH answered there
    │   ├── BenchKeyChanged            it is not the machine it was when its key was pinned
    │   ├── BenchSignInRefused         it did not accept our user and key
    │   └── BenchSettingsInvalid       a pinned key or key file that cannot be used
    ├── FactUnreadable                 a probe answered something its parser does not know, or did not answer
    ├── BundleUnusable                 a support bundle that is damaged, too big, or not one of ours
    ├── PlanError
    │   ├── StalePlan                  the tablet changed since the plan was made
    │   ├── ProfileInvalid             a profile file that cannot be used, with the place in it
    │   ├── Unsupported                this tablet's Android has no way to do it: not the tablet's failure
    │   └── NeedsPerson                only a person at the tablet can do it
    ├── AppFileError                   a file that is not an app we may install
    │   ├── NotAnApk
    │   ├── BundleInvalid              several APKs in one file that are not one whole app
    │   ├── SignatureInvalid
    │   ├── SignedByStranger           signed by somebody other than the pinned signer
    │   └── AppUnsuited                a good app that does not run on this tablet
    └── WipeError
        ├── WipeBlocked                something must be settled before this tablet may be wiped
        └── WrongTablet                the unit on the wire is not the unit the run is about

An error's text is a whole sentence for the person at the bench: what happened, to what, and what to do next.
"""

from __future__ import annotations


class ProvisioningError(Exception):
    """Base of everything this package raises."""


class TransportError(ProvisioningError):
    """The link to a tablet, or the daemon at its other end, did not do what was asked."""

    def __init__(self, message: str, *, address: str = "") -> None:
        super().__init__(message)
        self.address = address


class AddressInvalid(TransportError):
    """The text is not an address a tablet can be reached at; the message names the forms that work."""


class KeyUnusable(TransportError):
    """The bench's own key exists but cannot be read or parsed."""


class CannotConnect(TransportError):
    """Nothing that speaks ADB answered at the address."""


class NothingListens(CannotConnect):
    """The bench reached the address, and nothing listens there."""


class AdbServerNotRunning(CannotConnect):
    """No adb server answers where one should. We never start or stop one."""


class TabletNotReady(CannotConnect):
    """The tablet is seen but cannot be spoken to; `state` is adb's word for how it is."""

    def __init__(self, message: str, *, state: str, address: str = "") -> None:
        super().__init__(message, address=address)
        self.state = state


class SeveralTablets(CannotConnect):
    """The serial names more than one tablet; only their USB paths tell them apart."""


class UsbNotPermitted(CannotConnect):
    """This computer's user may not open the tablet's USB port."""


class UsbTaken(CannotConnect):
    """Another program holds the tablet's USB port, mostly an adb server."""


class NotAuthorised(TransportError):
    """The tablet has not accepted this bench's key; a person must tap Allow on its screen."""


class LinkLost(TransportError):
    """The link ended before the answer was complete. What the command did is unknown, never success."""


class CommandTimedOut(TransportError):
    """The command gave no answer in the time allowed. What it did is unknown, never success."""


class ServiceRefused(TransportError):
    """The daemon closed a service it was asked for (for example one it had advertised)."""


class TransferFailed(TransportError):
    """The tablet answered a push or pull with a reason for not doing it."""


class TabletFull(TransferFailed):
    """The tablet's storage is full."""


class InstallRefused(TransportError):
    """The tablet's package manager refused an app.

    `code` is Android's name for the reason (``INSTALL_FAILED_…``), `detail` its own words.
    """

    def __init__(self, message: str, *, code: str, detail: str = "", address: str = "") -> None:
        super().__init__(message, address=address)
        self.code = code
        self.detail = detail


class BenchError(ProvisioningError):
    """A bench on another machine cannot be used."""

    def __init__(self, message: str, *, bench: str = "") -> None:
        super().__init__(message)
        self.bench = bench


class BenchUnreachable(BenchError):
    """Nothing that speaks SSH answered at the bench's address."""


class BenchKeyChanged(BenchError):
    """The machine's host key is not the pinned one. It is never accepted automatically."""


class BenchSignInRefused(BenchError):
    """The bench did not accept our user name and key."""


class BenchSettingsInvalid(BenchError):
    """A pinned host key or a key file cannot be read."""


class FactUnreadable(ProvisioningError):
    """A fact could not be read. Never the same as "it is not there"."""

    def __init__(self, fact: str, why: str) -> None:
        super().__init__(f"{fact} could not be read: {why}")
        self.fact = fact
        self.why = why


class BundleUnusable(ProvisioningError):
    """A support bundle cannot be read; the text says what is wrong with which part of it."""


class PlanError(ProvisioningError):
    """A plan cannot be made or used."""


class StalePlan(PlanError):
    """The tablet changed between planning and applying; plan again."""


class ProfileInvalid(PlanError):
    """A profile file cannot be used; the text names the file and the place in it."""


class Unsupported(PlanError):
    """This tablet's Android has no way to do what a profile asks; not a failure of the tablet."""


class NeedsPerson(PlanError):
    """Only a person at the tablet can do what is left; the text says what.

    `screen` is the action of Android's settings screen where it is done; empty where there is none to open.
    """

    def __init__(self, message: str, *, screen: str = "") -> None:
        super().__init__(message)
        self.screen = screen


class AppFileError(ProvisioningError):
    """A file is not an app we may install."""


class NotAnApk(AppFileError):
    """The file is not a readable Android package."""


class BundleInvalid(AppFileError):
    """The file holds several APKs, and they are not one whole app."""


class SignatureInvalid(AppFileError):
    """The package has no v2 or v3 signature that verifies."""


class SignedByStranger(AppFileError):
    """The package verifies, but its signer is not the one pinned at first import."""


class AppUnsuited(AppFileError):
    """The app is good, but this tablet cannot run it or has no room for it; found before a byte was sent."""


class WipeError(ProvisioningError):
    """A wipe cannot go on."""


class WipeBlocked(WipeError):
    """Something must be settled before this tablet may be wiped."""


class WrongTablet(WipeError):
    """The unit on the wire is not the unit this run is about."""
