#!/usr/bin/env bash
# Sets the project up in this folder: system packages, .venv, locked Python packages, front-end files.
# setup.sh run    what make demo and make run need
# setup.sh test   that, and what only make test needs
# A second call with nothing changed costs a few milliseconds; every step may be repeated.
set -euo pipefail

kind=${1:-run}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
cd "$top"
venv=.venv
case $kind in
    run) wanted="setup server kiosk" ;;
    test) wanted="setup server kiosk test" ;;
    *) echo "usage: setup.sh [run|test]" >&2; exit 2 ;;
esac

say() { echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }

# One log for what the quiet tools say, shown only when one of them fails.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
    "$@" >"$log" 2>&1 && return
    echo "setup: this failed: $*" >&2
    tail -n 40 "$log" >&2
    exit 1
}

# --- the stamp: what the environment was made from, and where

inputs=(pyproject.toml requirements.lock deploy/setup/*.sh deploy/setup/*.txt)
for optional in package.json package-lock.json deploy/setup/vendor.py; do
    if [ -e "$optional" ]; then inputs+=("$optional"); fi
done
# The names of the packages count too: the editable install knows only those it was made with.
fingerprint=$( { echo "$top" ./*/__init__.py; cat -- "${inputs[@]}"; } | sha256sum | cut -d' ' -f1)
stamp=$venv/.set-up-for-$kind
# What is good for the tests is good for running too.
for made in "$stamp" "$venv/.set-up-for-test"; do
    if [ -x "$venv/bin/python" ] && [ "$(cat "$made" 2>/dev/null)" = "$fingerprint" ]; then
        exit 0
    fi
done

# --- system packages

is_present() { # proof
    case $1 in
        command:*) command -v "${1#command:}" >/dev/null 2>&1 || [ -x "/usr/sbin/${1#command:}" ] ;;
        # Not `grep -q` at the end of a pipe: it would close the pipe early, and pipefail call that a failure.
        library:*) (ldconfig -p 2>/dev/null || /sbin/ldconfig -p) | grep -F "${1#library:}" >/dev/null ;;
        font:*) command -v fc-list >/dev/null && fc-list : family | grep -F "${1#font:}" >/dev/null ;;
        postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null ;;
        python:*) "$python" -c "import ${1#python:}" >/dev/null 2>&1 ;;
        *) fail "system-packages.txt: I do not know the proof '$1'" ;;
    esac
}

list_missing() { # [?] prints "package<TAB>what is lost" for each that is not there; with ? what can be done without
    local package who rest proof lost
    while read -r package who rest; do
        case $package in '' | '#'*) continue ;; esac
        [[ " $wanted " == *" ${who%\?} "* && ${who#"${who%\?}"} == "${1-}" ]] || continue
        # A font's family has blanks in it, so the columns are cut at two blanks or more.
        proof=$(sed -E 's/ {2,}.*//' <<<"$rest")
        lost=$(sed -E 's/.* {2,}//' <<<"$rest")
        is_present "$proof" || printf '%s\t%s\n' "$package" "$lost"
    done <"$here/system-packages.txt"
}

install_missing() {
    local missing packages as_root=()
    missing=$(list_missing)
    [ -n "$missing" ] || return 0
    packages=$(cut -f1 <<<"$missing" | tr '\n' ' ')
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
    if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
        echo "setup: these are missing, and I may not install them here:" >&2
        awk -F'\t' '{printf "  %-22s %s\n", $1, $2}' <<<"$missing" >&2
        echo "setup: on Debian: sudo apt-get install $packages" >&2
        exit 1
    fi
    say "installing from Debian: $packages"
    quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update
    # shellcheck disable=SC2086  # a list of names, one word each
    quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends $packages
    missing=$(list_missing)
    [ -z "$missing" ] || fail "still missing after apt-get install: $(cut -f1 <<<"$missing" | tr '\n' ' ')"
}

install_spare() { # never a reason to fail: no apt, no right, no network, no such package, all the same
    local packages as_root=()
    packages=$(list_missing '?' | cut -f1 | tr '\n' ' ')
    [ -n "$packages" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
    # shellcheck disable=SC2086  # a list of names, one word each
    timeout 180 "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends $packages >"$log" 2>&1 </dev/null \
        || say "going on without $packages"
}

# --- Python

find_python() { # the first Python of 3.11 or later; 3.11 first, because the tests run on it
    local candidate
    for candidate in python3.11 python3 python3.12 python3.13 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

make_environment() {
    if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c '' 2>/dev/null; then
        say "making $venv with $("$python" --version)"
        rm -rf "$venv"
        quietly "$python" -m venv "$venv"
    fi
    if ! "$venv/bin/python" -m uv --version 2>/dev/null | grep -F "$(grep -o '==[0-9.]*' "$here/uv.txt" | tr -d =)" >/dev/null; then
        # uv is a convenience: four times faster than pip, which does the same with the same hashes.
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
            --require-hashes --no-deps --requirement "$here/uv.txt" >"$log" 2>&1 || say "no uv here, going on with pip"
    fi
}

install_packages() {
    say "installing $(grep -c '^[a-z]' requirements.lock) Python packages, each checked by its hash"
    if "$venv/bin/python" -m uv --version >/dev/null 2>&1; then
        quietly "$venv/bin/python" -m uv pip sync --quiet --python "$venv/bin/python" \
            --require-hashes requirements.lock
        quietly "$venv/bin/python" -m uv pip install --quiet --python "$venv/bin/python" \
            --no-deps --no-build-isolation --editable .
    else
        quietly "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
            --require-hashes --no-deps --requirement requirements.lock
        quietly "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
            --no-deps --no-build-isolation --editable .
    fi
}

# --- front-end files

fetch_front_end() {
    [ -e package-lock.json ] || return 0
    say "fetching the kiosk's front-end packages"
    # Compilers, judges and test runners are three quarters of it; only the tests need them.
    local without=()
    if [ "$kind" = run ]; then without=(--omit=dev); fi
    quietly npm ci --no-audit --no-fund --ignore-scripts "${without[@]}"
    quietly "$venv/bin/python" deploy/setup/vendor.py
}

python=$(find_python) || fail "Python 3.11 or later is needed, and none was found (python3 is $(python3 --version 2>&1 || true))"
install_missing
install_spare
make_environment
install_packages
fetch_front_end
echo "$fingerprint" >"$stamp"
say "ready"
