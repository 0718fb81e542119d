#!/usr/bin/env bash
# 2026-11-30 · graphql-scalars 2.0.0, graphql 16.15.0, Node 24.21.0
# One would swear: a word without quotes in a literal of JSON or JSONObject, which GraphQL reads as an enum value, is either refused,
#   since JSON has none, or taken as a text, as graphql does by itself in a scalar without a `parseLiteral`.
# It is: as the whole value it is refused. Inside an object or a list it is taken as `undefined`, and there is no error: written as JSON,
#   the field is gone from the object, and the list has null in its place.
# Seen: JSON, a field: {"n":1} / JSON, in a list: [null,1] / JSON, the whole: Expected value of type "JSON", found URGENT.
#   JSONObject, a field: {"n":1} / Plain scalar, a field: {"kind":"URGENT","n":1}
# Here: src/api/graphql/exact-json.ts refuses bare words; test/specification/requests/bad-input.test.ts.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund graphql-scalars@2.0.0 graphql@16.15.0 node@24.21.0
cat >show.mjs <<'JS'
import { GraphQLObjectType, GraphQLScalarType, GraphQLSchema, GraphQLString, graphql } from 'graphql'
import { JSONObjectResolver, JSONResolver } from 'graphql-scalars'

const echo = (type) => ({ type: GraphQLString, args: { value: { type } }, resolve: (_, { value }) => `${JSON.stringify(value)}` })
const plain = new GraphQLScalarType({ name: 'Plain' })
const fields = { json: echo(JSONResolver), object: echo(JSONObjectResolver), plain: echo(plain) }
const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) })
const literals = {
  'JSON, a field': 'json(value: { kind: URGENT, n: 1 })',
  'JSON, in a list': 'json(value: [URGENT, 1])',
  'JSON, the whole': 'json(value: URGENT)',
  'JSONObject, a field': 'object(value: { kind: URGENT, n: 1 })',
  'Plain scalar, a field': 'plain(value: { kind: URGENT, n: 1 })',
}
for (const [name, literal] of Object.entries(literals)) {
  const { data, errors } = await graphql({ schema, source: `{ seen: ${literal} }` })
  console.log(`${name}: ${errors?.[0].message ?? data.seen}`)
}
JS
seen=$(node_modules/.bin/node show.mjs)
echo "$seen"
[ "$seen" = 'JSON, a field: {"n":1}
JSON, in a list: [null,1]
JSON, the whole: Expected value of type "JSON", found URGENT.
JSONObject, a field: {"n":1}
Plain scalar, a field: {"kind":"URGENT","n":1}' ] || { echo 'It has changed.'; exit 1; }
