#!/usr/bin/env bash
# The user interface: tools/web.sh install|build|check|test. Nothing is done again while its sources are the same.
set -euo pipefail
cd "$(dirname "$0")/../web"
export PATH="$PWD/../.venv/bin:$PATH" npm_config_update_notifier=false

unless_done() { # mark, files whose content decides, then the command
  local mark=../var/$1 stamp; shift
  stamp=$(find "${files[@]}" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
  [ "$(cat "$mark" 2>/dev/null || true)" = "$stamp" ] && return
  "$@"
  mkdir -p ../var && echo "$stamp" > "$mark"
}

install() {
  [ -d node_modules ] || rm -f ../var/web-installed
  files=(package.json package-lock.json .npmrc)
  unless_done web-installed npm_ci
}
npm_ci() { echo "Installing the packages of the user interface …"; npm ci --silent --ignore-scripts; }

build() {
  install
  [ -f ../var/web/index.html ] || rm -f ../var/web-built
  files=(package.json package-lock.json index.html vite.config.ts postcss.config.mjs tsconfig.json public src)
  unless_done web-built vite_build
}
vite_build() { echo "Building the user interface …"; node_modules/.bin/vite build --logLevel warn; }

case $1 in
  install) install ;;
  build) build ;;
  check) install; node_modules/.bin/tsc --noEmit; node_modules/.bin/biome ci --error-on-warnings . ;;
  format) install; node_modules/.bin/biome check --write . ;;
  types) # from OPENAPI.json to SCHEMA.ts
    install
    node_modules/.bin/openapi-typescript "$2" -o "$3" --root-types --root-types-no-schema-prefix --alphabetize \
      --default-non-nullable false ;;
  test) install; node_modules/.bin/vitest run ;;
  *) echo "usage: tools/web.sh install|build|check|format|types|test" >&2; exit 2 ;;
esac
