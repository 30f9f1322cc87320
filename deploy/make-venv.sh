#!/bin/sh
# Makes .venv from the lock. Usage: make-venv.sh PYTHON UV_VERSION
set -eu

python="$1"
uv_version="$2"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "Doorstep needs Python 3.11 or newer, and '$python' is not that. Try: make PYTHON=/path/to/python3.11" >&2
    exit 1
}

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing python3-venv, which makes Python environments ..."
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    else
        echo "Python cannot make environments here. As root, run: apt-get install python3-venv" >&2
        exit 1
    fi
fi

echo "Making the environment in .venv ..."
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
echo "Fetching the libraries that requirements.lock names (the first time this takes a minute or two) ..."
.venv/bin/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation -e .
echo "The environment is ready."
