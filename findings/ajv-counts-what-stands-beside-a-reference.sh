#!/usr/bin/env bash
# 2026-11-30 · ajv 8.20.0, ajv-draft-04 1.0.0, Node 24.21.0
# One would swear: a validator for draft-07 ignores what stands beside `$ref`. The draft says so ("All other properties in a
#   "$ref" object MUST be ignored", JSON Schema draft-07, core 8.3), and so does draft-04.
# It is: the classes for draft-07 and draft-04 let it count, as 2019-09 and later do, unless `ignoreKeywordsWithRef` is true.
# Seen: draft-07 false true / draft-04 false true
# Here: src/conversation/schema/compiler.ts sets the option; test/conversation/schema/dialects.test.ts.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null && npm install --silent ajv@8.20.0 ajv-draft-04@1.0.0
seen=$(node -e "
const { Ajv } = require('ajv')
const Ajv04 = require('ajv-draft-04').default
const schema = (id) => ({
  \$schema: id,
  definitions: { s: { type: 'string' } },
  properties: { x: { \$ref: '#/definitions/s', maxLength: 1 } },
})
const takes = (Class, id, options) => new Class({ strict: false, logger: false, ...options }).validate(schema(id), { x: 'long' })
const of = (name, Class) => {
  const id = 'http://json-schema.org/' + name + '/schema#'
  return [name, takes(Class, id, {}), takes(Class, id, { ignoreKeywordsWithRef: true })].join(' ')
}
console.log([of('draft-07', Ajv), of('draft-04', Ajv04)].join(' / '))
")
echo "$seen"
[ "$seen" = "draft-07 false true / draft-04 false true" ] || { echo "It has changed."; exit 1; }
