"""How to let a Linux user open tablets on USB, as one sentence for messages."""

from __future__ import annotations

RULE = 'SUBSYSTEM=="usb", ENV{ID_USB_INTERFACES}=="*:ff4201:*", MODE="0660", GROUP="plugdev", TAG+="uaccess"'
"""Any device with an ADB interface (class ff, subclass 42, protocol 01), so that no maker's number has to be listed."""

HOW_TO_PERMIT = (
    f"On that computer write the line {RULE} into /etc/udev/rules.d/51-android.rules, run `sudo udevadm control "
    "--reload`, put the user into the group plugdev, and plug the tablet in again."
)
