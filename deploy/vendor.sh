#!/bin/sh
# Fetches the browser files we ship and the one that tests use, strips what is not ours to show, and writes VERSIONS.
# For developers who change a version; nobody who runs Doorstep needs it or Node.
set -eu
cd "$(dirname "$0")/.."

GOVUK=govuk-frontend@6.3.0     # the version the govuk-frontend-jinja 4.1 macros were made for
HTMX=htmx.org@2.0.11
HTMX_SSE=htmx-ext-sse@2.2.4
ZXING=zxing-wasm@3.1.4
AXE=axe-core@4.14.1

vendor=fleet/web/static/vendor
tests=tests/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$vendor/licences" "$tests"

unpack() {
    mkdir "$work/$2"
    (cd "$work/$2" && npm pack --silent "$1" >name && tar xzf "$(cat name)")
}

unpack "$GOVUK" govuk
unpack "$HTMX" htmx
unpack "$HTMX_SSE" sse
unpack "$ZXING" zxing
unpack "$AXE" axe

# The font and the crest belong to GOV.UK alone: faces go, the family becomes ours, the crest's rules lose their picture.
sed -E \
    -e 's/@font-face\{[^}]*\}//g' \
    -e 's/font-family:GDS Transport,arial,sans-serif/font-family:var(--doorstep-font,system-ui,sans-serif)/g' \
    -e 's/(-webkit-mask-image|mask-image|background-image):url\([^)]*govuk-crest\.svg\);?//g' \
    -e '/sourceMappingURL/d' \
    "$work/govuk/package/dist/govuk/govuk-frontend.min.css" >"$vendor/govuk-frontend.min.css"
sed 's@//# sourceMappingURL=.*@@' "$work/govuk/package/dist/govuk/govuk-frontend.min.js" >"$vendor/govuk-frontend.min.js"
if grep -Eq 'url\(|GDS Transport' "$vendor/govuk-frontend.min.css"; then
    echo "The stylesheet still asks for a font or a picture: mend the sed rules in deploy/vendor.sh." >&2
    exit 1
fi

cp "$work/htmx/package/dist/htmx.min.js" "$vendor/htmx.min.js"
cp "$work/sse/package/dist/sse.min.js" "$vendor/htmx-ext-sse.min.js"
cp "$work/htmx/package/LICENSE" "$vendor/licences/htmx.org.txt"
cp "$work/sse/package/LICENSE" "$vendor/licences/htmx-ext-sse.txt"
# The decoder's program file lies beside it, wherever that is: it must not be looked for at a host of others.
sed -E 's#https://[a-z.]+/npm/zxing-wasm@[0-9.]+/dist/\$\{n\[1\]\}/##' \
    "$work/zxing/package/dist/iife/reader/index.js" >"$vendor/zxing-reader.min.js"
if grep -q '://' "$vendor/zxing-reader.min.js"; then
    echo "The decoder still names a host: mend the sed rule in deploy/vendor.sh." >&2
    exit 1
fi
cp "$work/zxing/package/dist/reader/zxing_reader.wasm" "$vendor/zxing_reader.wasm"
cp "$work/zxing/package/LICENSE" "$vendor/licences/zxing-wasm.txt"
# zxing-wasm's package holds no licence of the zxing-cpp inside it: licences/zxing-cpp.txt was taken from there by hand.
# govuk-frontend's package holds no licence file: licences/govuk-frontend.txt was taken from its repository by hand.
cp "$work/axe/package/axe.min.js" "$tests/axe.min.js"
cp "$work/axe/package/LICENSE" "$tests/axe-core-LICENSE.txt"

row() {
    printf '%s %s %s %s %s\n' "$1" "${2%@*}" "${2##*@}" "$3" "$(sha256sum "$4/$1" | cut -d' ' -f1)"
}
heading="# file package version licence sha-256"
{
    echo "$heading"
    row govuk-frontend.min.css "$GOVUK" MIT "$vendor"
    row govuk-frontend.min.js "$GOVUK" MIT "$vendor"
    row htmx.min.js "$HTMX" 0BSD "$vendor"
    row htmx-ext-sse.min.js "$HTMX_SSE" 0BSD "$vendor"
    row zxing-reader.min.js "$ZXING" MIT "$vendor"
    row zxing_reader.wasm "$ZXING" MIT+Apache-2.0 "$vendor"
} >"$vendor/VERSIONS"
{
    echo "$heading"
    row axe.min.js "$AXE" MPL-2.0 "$tests"
} >"$tests/VERSIONS"
