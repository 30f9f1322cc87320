#!/bin/sh
# Installs the Debian packages that the tests drive for real. Does nothing when all are there.
# The JDK and Android's JSON classes are for the launcher's own checks (deploy/home/check.sh): its logic is Java.
set -eu

parts="adb chromium-headless-shell openssh-server openssh-client aapt apksigner zipalign dexdump android-framework-res default-jdk-headless libandroid-json-java rabbitmq-server"
missing=""
for part in $parts; do
    dpkg-query -W -f '${Status}' "$part" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $part"
done
[ -z "$missing" ] && exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "The tests need these Debian packages:$missing. Install them as root." >&2; exit 1; }
    as_root="sudo"
fi
echo "Installing what the tests need:$missing"
$as_root apt-get update -qq

# No part is wanted as a service: the tests start what they need, and a machine without systemd could not start any.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 1' INT TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi
# shellcheck disable=SC2086 # the list is meant to be split
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
case "$missing" in
    *rabbitmq-server*) command -v systemctl >/dev/null && $as_root systemctl disable -q rabbitmq-server 2>/dev/null || true ;;
esac
