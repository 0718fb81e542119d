#!/bin/sh
# assemble.sh DEST: puts the server as it runs in the image into DEST, from this repository and the registry: compiled sources, the
# locked packages without development ones, and nothing that a running server does not read. The Dockerfile and
# test/image/main.ts both call it.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
dest=$1
mkdir -p "$dest"
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$dest/"
(cd "$dest" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund)
cp -R "$here/build/package/bin" "$here/build/package/dist" "$here/build/package/build" "$dest/"
cp "$here/build/package/package.json" "$here/LICENSE" "$here/CHANGELOG.md" "$dest/"
rm -f "$dest/package-lock.json" "$dest/.npmrc" "$dest/node_modules/.package-lock.json"
rm -rf "$dest/node_modules/.bin" "$dest/node_modules/@types" "$dest/node_modules/typescript"
find "$dest/node_modules" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \
  -o -name '*.md' -o -name '*.ts' -o -name '*.tsbuildinfo' \) -delete
# A second build of each, for bundlers.
rm -rf "$dest"/node_modules/@opentelemetry/*/build/esnext "$dest"/node_modules/luxon/build/amd "$dest"/node_modules/luxon/build/global \
  "$dest"/node_modules/bullmq/dist/esm "$dest"/node_modules/bintrees/test
find "$dest/node_modules" -type d -empty -delete
chmod -R a+rX,go-w "$dest"
