#!/usr/bin/env bash
# Brings a fresh Debian machine to where 'make' can work: tools/setup.sh run|dev MEMBER…, or clean.
# Does nothing, in milliseconds, when requirements and members are those it installed last.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=$1; shift

if [ "$kind" = clean ]; then
  state=$(.venv/bin/python -m dermfolio.local where 2>/dev/null || true)
  rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
  [ -z "$state" ] || rm -rf "$state"
  exit 0
fi

stamp=$( { cat requirements/uv.txt "requirements/$kind.txt" tools/setup.sh; for m in "$@"; do cat "$m/pyproject.toml"; done; pwd; } | sha256sum | cut -d' ' -f1)
mark=.venv/.installed-$kind
if [ "$(cat "$mark" 2>/dev/null || true)" = "$stamp" ]; then exit 0; fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
need=()
python3 -c 'import venv, ensurepip' 2>/dev/null || need+=(python3-venv)
command -v setpriv >/dev/null || need+=(util-linux)
if [ "$kind" = dev ] && ! command -v "${CHROMIUM:-chromium}" >/dev/null; then
  need+=(chromium fonts-noto-core)
fi
if [ ${#need[@]} -gt 0 ]; then
  echo "Installing ${need[*]} …"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}"
fi

[ -x .venv/bin/python ] || python3 -m venv .venv
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
echo "Installing the pinned requirements ($kind) …"
.venv/bin/uv pip install -q --compile-bytecode --python .venv/bin/python --require-hashes -r "requirements/$kind.txt"
edit=()
for m in "$@"; do edit+=(-e "./$m"); done
.venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation "${edit[@]}"
echo "$stamp" > "$mark"
