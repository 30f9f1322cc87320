#!/bin/sh
# Compiles the part of Doorstep Home that knows no Android with this machine's own JDK and runs its checks.
# Usage: check.sh JSON_JAR WORK_FOLDER; the jar holds Android's own JSON classes (Debian: libandroid-json-java).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
json=$1
work=$2
source=$here/src/org/doorstep/home

mkdir -p "$work"
javac -Xlint:all,-options -Werror --release 8 -encoding UTF-8 -d "$work" -cp "$json" \
    "$source/Configuration.java" "$source/Contrast.java" "$source/Join.java" "$source/Tile.java" "$source/When.java" \
    "$here"/check/org/doorstep/home/*.java
for check in ConfigurationCheck JoinCheck WhenCheck; do
    java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$work:$json" "org.doorstep.home.$check"
done
