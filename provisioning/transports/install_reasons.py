"""What to tell the technician for each of Android's reasons for not installing an app."""

from __future__ import annotations

# Codes: android.content.pm.PackageManager, API 34.
REASONS: dict[str, str] = {
    "INSTALL_FAILED_ALREADY_EXISTS": "the app is already installed.",
    "INSTALL_FAILED_INVALID_APK": "the file is damaged or is only part of a split app. Import it into the app library "
    "again.",
    "INSTALL_FAILED_INSUFFICIENT_STORAGE": "the tablet is full. Remove files or apps, then retry.",
    "INSTALL_FAILED_UPDATE_INCOMPATIBLE": "a copy signed by somebody else is on the tablet, and it is never removed "
    "for you. If everything stored in that copy may be lost, uninstall it on the tablet, then retry.",
    "INSTALL_FAILED_MISSING_SHARED_LIBRARY": "the app needs a library this tablet does not have, often Google's.",
    "INSTALL_FAILED_DEXOPT": "the tablet could not prepare the app. Reboot it and retry.",
    "INSTALL_FAILED_OLDER_SDK": "this Android is too old for the app. Choose an older version of the app.",
    "INSTALL_FAILED_NEWER_SDK": "this Android is too new for the app. Choose a newer version of the app.",
    "INSTALL_FAILED_TEST_ONLY": "the file is a test build. Ask for the release build.",
    "INSTALL_FAILED_CPU_ABI_INCOMPATIBLE": "the file is built for another kind of processor.",
    "INSTALL_FAILED_NO_MATCHING_ABIS": "the file is built for another kind of processor.",
    "INSTALL_FAILED_VERIFICATION_TIMEOUT": "Play Protect did not answer. Check the tablet's screen, then retry.",
    "INSTALL_FAILED_VERIFICATION_FAILURE": "Play Protect rejected the app. Check the file before trying again.",
    "INSTALL_FAILED_VERSION_DOWNGRADE": "a newer version is on the tablet.",
    "INSTALL_FAILED_PERMISSION_MODEL_DOWNGRADE": "the installed copy targets a newer Android than this file.",
    "INSTALL_FAILED_MISSING_SPLIT": "the app is a bundle and part of it is missing. Import the whole bundle again.",
    "INSTALL_FAILED_DEPRECATED_SDK_VERSION": "the app targets an Android so old that this tablet refuses it. Choose a "
    "newer version of the app.",
    "INSTALL_PARSE_FAILED_NOT_APK": "the file is not an Android app.",
    "INSTALL_PARSE_FAILED_BAD_MANIFEST": "the app's manifest cannot be read.",
    "INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION": "the app cannot be read.",
    "INSTALL_PARSE_FAILED_NO_CERTIFICATES": "the app is not signed, or was changed after it was signed.",
    "INSTALL_PARSE_FAILED_MANIFEST_MALFORMED": "the app's manifest is malformed.",
    "INSTALL_FAILED_INTERNAL_ERROR": "the tablet had trouble of its own. Reboot it and retry.",
    "INSTALL_FAILED_USER_RESTRICTED": "the tablet does not allow it. On Xiaomi switch on Install via USB in Developer "
    "options and tap Install when asked; on a managed tablet ask its owner.",
    "INSTALL_FAILED_DUPLICATE_PERMISSION": "another installed app already defines one of its permissions.",
    "INSTALL_FAILED_ABORTED": "the installation was cancelled on the tablet.",
    "INSTALL_FAILED_BAD_SIGNATURE": "its signature is not accepted.",
    "SecurityException": "the tablet does not allow installing. Check for a lock after factory reset, an organisation "
    "that manages it, or the maker's own install switch.",
    "INSTALL_ANSWER_UNKNOWN": "it gave no reason we know. Read the app list before retrying.",
}


def sentence_for(code: str) -> str:
    return REASONS.get(code, "the package manager gave a reason that this program has no advice for.")
