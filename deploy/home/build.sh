#!/bin/sh
# Builds Doorstep Home from source with Debian's packages and puts it where the app library finds it.
#
# Needs Debian 12 with: aapt zipalign apksigner openjdk-17-jdk-headless android-framework-res.
# Android's class stubs and dx left Debian after release 11. They are fetched with apt from the mirror this machine
# already uses, into a folder of their own; nothing is installed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=${WORK:-$(mktemp -d)}
target=${1:-$here/../../provisioning/apps/shipped/doorstep-home.apk}
tools=$work/tools
framework=/usr/share/android-framework-res/framework-res.apk

fetch_tools() {
    [ -e "$tools/usr/share/java/com.android.dx.jar" ] && return
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$tools" "$work/debs"
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    echo "deb [signed-by=$keyring] $mirror bullseye main" > "$work/apt/sources.list"
    options="-o Dir::Etc::sourcelist=$work/apt/sources.list -o Dir::Etc::sourceparts=/dev/null
        -o Dir::State::lists=$work/apt/lists -o Dir::Cache=$work/apt -o APT::Sandbox::User="
    # shellcheck disable=SC2086 # the options are meant to be split
    apt-get -q $options update
    # shellcheck disable=SC2086
    (cd "$work/debs" && apt-get -q $options download dalvik-exchange libandroid-23-java libandroid-json-java)
    for package in "$work"/debs/*.deb; do dpkg -x "$package" "$tools"; done
}

check_logic() {
    json=$(find "$tools/usr/share/java" -name '*json*.jar' -type f | head -n 1)
    "$here/check.sh" "$json" "$work/check"
}

compile() {
    rm -rf "$work/generated" "$work/classes" && mkdir -p "$work/generated" "$work/classes"
    aapt package -f -m -J "$work/generated" -M "$here/AndroidManifest.xml" -S "$here/res" -I "$framework"
    javac -Xlint:-options -source 8 -target 8 -encoding UTF-8 -bootclasspath "$tools/usr/share/java/com.android.android-23.jar" -d "$work/classes" \
        "$here"/src/org/doorstep/home/*.java "$work"/generated/org/doorstep/home/R.java
    java -cp "$tools/usr/share/java/com.android.dx.jar" com.android.dx.command.Main --dex --min-sdk-version=24 --output="$work/classes.dex" "$work/classes"
}

package() {
    rm -f "$work"/*.apk
    aapt package -f -M "$here/AndroidManifest.xml" -S "$here/res" -I "$framework" -0 arsc -F "$work/packed.apk"
    (cd "$work" && aapt add packed.apk classes.dex > /dev/null)
    zipalign -f -p 4 "$work/packed.apk" "$work/aligned.apk"
}

sign_with_a_key_for_this_build_only() {
    store=$(mktemp -u "$work/key.XXXXXX")
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    export password
    keytool -genkeypair -keystore "$store" -storepass:env password -alias build -keyalg RSA -keysize 3072 \
        -validity 10950 -dname 'CN=Doorstep Home built from source' 2> /dev/null
    apksigner sign --ks "$store" --ks-pass env:password --v4-signing-enabled false \
        --out "$work/signed.apk" "$work/aligned.apk"
    rm -f "$store"
}

fetch_tools
check_logic
compile
package
sign_with_a_key_for_this_build_only
apksigner verify "$work/signed.apk"
zipalign -c -p 4 "$work/signed.apk"
mkdir -p "$(dirname "$target")"
cp "$work/signed.apk" "$target"
echo "built $target"
sha256sum "$target" "$work/classes.dex" | sed 's, .*/,  ,'
