#!/bin/sh
# Fetches the Noto fonts from Debian's package, cuts them down to the languages of our papers, and writes VERSIONS.
# For developers who add a language or change a version; nobody who runs Doorstep needs it.
set -eu
cd "$(dirname "$0")/.."

PACKAGE=fonts-noto-core
VERSION=20201225-1
fonts=labels/fonts/noto
python=${PYTHON:-.venv/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$fonts"

(cd "$work" && apt-get -q download "$PACKAGE=$VERSION" && dpkg-deb -x "$PACKAGE"_*.deb whole)
"$python" -m deploy.dev.cut_fonts "$work/whole/usr/share/fonts/truetype/noto" "$fonts" "$PACKAGE" "$VERSION"

# The licence stands in Debian's file of copyrights, indented, with a dot on each empty line.
sed -n '/^ PREAMBLE$/,/^[^ ]/p' "$work/whole/usr/share/doc/$PACKAGE/copyright" |
    sed -e '/^[^ ]/d' -e 's/^ \.$//' -e 's/^ //' >"$work/OFL"
{
    echo "Copyright 2010, 2012-2020 Google Inc. and 2015-2020 Google LLC (Noto)."
    echo "This Font Software is licensed under the SIL Open Font License, Version 1.1:"
    echo
    cat "$work/OFL"
} >"$fonts/OFL.txt"
