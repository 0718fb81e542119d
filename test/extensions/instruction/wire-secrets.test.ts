import { describe, expect, it, test } from 'vitest'
import { compileAbility } from '../../../src/extensions/ability/ability.ts'
import { block, expectWire, type WireCase } from './wire-case.ts'

const text = { type: 'string' }

const secrets: readonly WireCase[] = [
  {
    title: "the ability's own, by SECRET_DEFAULT",
    instruction: block('url: http://wire.test/a\nheaders:\n  Authorization: ${SECRET_DEFAULT}'),
    sent: 'GET /a\nauthorization: Bearer sk-live-9Zk2',
  },
  {
    title: 'in the field authorization, with curly brackets twice',
    instruction: block('url: http://wire.test/a\nauthorization: "{{ SECRET_DEFAULT }}"'),
    sent: 'GET /a\nauthorization: Bearer sk-live-9Zk2',
  },
  {
    title: 'with Bearer written before it, which is not doubled',
    instruction: block('GET http://wire.test/a\nAuthorization: Bearer ${SECRET_DEFAULT}'),
    sent: 'GET /a\nauthorization: Bearer sk-live-9Zk2',
  },
  {
    title: 'that is plain, by its name',
    instruction: block('GET http://wire.test/a\nX-Key: key=${SECRET_PLAIN}; v=1'),
    sent: 'GET /a\nx-key: key=plain-7Q+/x; v=1',
  },
  {
    title: 'that is plain, after a Bearer that stays',
    instruction: block('GET http://wire.test/a\nAuthorization: Bearer {{SECRET_PLAIN}}'),
    sent: 'GET /a\nauthorization: Bearer plain-7Q+/x',
  },
  {
    title: 'that is user and password, as Basic',
    instruction: block('url: http://wire.test/a\nheaders: {Authorization: "${SECRET_LOGIN}"}'),
    sent: 'GET /a\nauthorization: Basic YW5uOnBhNTUgd29yZA==',
  },
  {
    title: 'that is user and password, with Basic written before it',
    instruction: block('url: http://wire.test/a\nauthorization: Basic ${SECRET_LOGIN}'),
    sent: 'GET /a\nauthorization: Basic YW5uOnBhNTUgd29yZA==',
  },
  {
    title: 'beside others, and beside what the model fills',
    instruction: block(
      'POST http://wire.test/a?q=$[q]\nAuthorization: ${SECRET_OTHER}\nX-Key: ${SECRET_PLAIN}\nX-Query: $[q]\n\n{"q": "$[q]"}',
    ),
    args: { q: 'SECRET_OTHER' },
    properties: { q: text },
    sent: 'POST /a?q=SECRET_OTHER\nauthorization: Bearer other-5tR8w\nx-key: plain-7Q+/x\nx-query: SECRET_OTHER\ncontent-type: application/json\n\n{"q":"SECRET_OTHER"}',
  },
  {
    title: 'that the refusal of a server quotes, hidden from the model',
    instruction: block('GET http://wire.test/fault\nAuthorization: ${SECRET_DEFAULT}'),
    sent: 'GET /fault\nauthorization: Bearer sk-live-9Zk2',
    told: `Status code: 403
{"isAnswered":true,"quoted":{"method":"GET","target":"/fault","rawHeaders":["host","wire.test","connection","close","accept","*/*","accept-encoding","gzip, br","user-agent","Backchannel","x-timezone","Asia/Tokyo","idempotency-key","call_1","authorization","Bearer [secret]"],"body":""}}`,
  },
  {
    title: 'that the ability does not have',
    instruction: block('GET http://wire.test/a\nAuthorization: ${SECRET_DEFAULT}'),
    secretId: null,
    sent: null,
    told: 'There is no secret for the reference SECRET_DEFAULT, or it is empty.',
  },
  {
    title: 'that nobody has',
    instruction: block('GET http://wire.test/a\nAuthorization: ${SECRET_NOBODY}'),
    sent: null,
    told: 'There is no secret for the reference SECRET_NOBODY, or it is empty.',
  },
  {
    title: 'that is empty',
    instruction: block('GET http://wire.test/a\nX-Key: ${SECRET_EMPTY}'),
    sent: null,
    told: 'There is no secret for the reference SECRET_EMPTY, or it is empty.',
  },
]

const references: readonly WireCase[] = [
  {
    title: 'stay in their places in path, query, header and JSON',
    instruction: block(
      'url: http://wire.test/u/${CONTACT_NAME}\nquery: {n: "${CONTACT_NAME}"}\nheaders: {X-Name: "${CONTACT_NAME}"}\nbody: {name: "${CONTACT_NAME}", day: "on ${EARTH_DATE}"}',
    ),
    sent: 'POST /u/Ann%20%26%20Co%2F..%2F%3Fx%3D1%23%22%3C%24%5Bq%5D%3E?n=Ann+%26+Co%2F..%2F%3Fx%3D1%23%22%3C%24%5Bq%5D%3E\nx-name: Ann & Co/../?x=1#"<$[q]>\ncontent-type: application/json\n\n{"name":"Ann & Co/../?x=1#\\"<$[q]>","day":"on 2026-11-24"}',
  },
  {
    title: 'stay one segment of a path that is a text',
    instruction: block('url: http://wire.test\npath: /u/${CONTACT_NICK}/{{CONTACT_NAME}}/x'),
    sent: 'GET /u/Ann/Ann%20%26%20Co%2F..%2F%3Fx%3D1%23%22%3C%24%5Bq%5D%3E/x',
  },
  {
    title: 'are encoded in a form',
    instruction: block(
      'POST http://wire.test/form\nContent-Type: application/x-www-form-urlencoded\n\nname={{CONTACT_NAME}}&x=$[x]',
    ),
    args: { x: '{{CONTACT_NAME}}' },
    properties: { x: text },
    sent: 'POST /form\ncontent-type: application/x-www-form-urlencoded\n\nname=Ann%20%26%20Co%2F..%2F%3Fx%3D1%23%22%3C%24%5Bq%5D%3E&x=%7B%7BCONTACT_NAME%7D%7D',
  },
  {
    title: 'are quoted in XML',
    instruction: block('POST http://wire.test/x\nContent-Type: application/xml\n\n<n>{{CONTACT_NAME}}</n>'),
    sent: 'POST /x\ncontent-type: application/xml\n\n<n>Ann &#38; Co/../?x=1#&#34;&#60;$[q]&#62;</n>',
  },
  {
    title: 'take operands',
    instruction: block('POST http://wire.test/a\n\n${CONTACT_NICK upper} ${CONTACT_NAME js}'),
    sent: 'POST /a\n\nANN "Ann & Co/../?x=1#\\"<$[q]>"',
  },
  {
    title: 'that have no value are empty',
    instruction: block('http://wire.test/a?e=${CONTACT_EMAIL}&d={{EARTH_DATE}}'),
    sent: 'GET /a?e=&d=2026-11-24',
  },
  {
    title: 'are no arguments, and arguments are none',
    instruction: block('http://wire.test/a?n={{CONTACT_NICK}}&m=$[CONTACT_NICK]'),
    args: { CONTACT_NICK: 'Eve' },
    properties: { CONTACT_NICK: text },
    sent: 'GET /a?n=Ann&m=Eve',
  },
]

const heads: readonly WireCase[] = [
  {
    title: 'timeout',
    instruction: block('http://wire.test/a', 'fetch/timeout=20000'),
    sent: 'GET /a',
    timeoutMs: 20_000,
  },
  {
    title: 'a timeout too short',
    instruction: block('http://wire.test/a', 'fetch/timeout=5'),
    sent: 'GET /a',
    timeoutMs: 10_000,
  },
  {
    title: 'a timeout too long',
    instruction: block('http://wire.test/a', 'fetch/timeout=9e9'),
    sent: 'GET /a',
    timeoutMs: 300_000,
  },
  {
    title: 'format',
    instruction: block('http://wire.test/page', 'fetch/format=markdown/timeout=30000'),
    sent: 'GET /page',
    told: { data: { status: 200, body: '# Sofia\n\nIt is warm.\n\n[More](https://a.example/more)' } },
    timeoutMs: 30_000,
  },
  {
    title: 'text, which options overrule',
    instruction: block('url: http://wire.test/page\noptions: {format: markdown}', 'fetch/text'),
    sent: 'GET /page',
    told: { data: { status: 200, body: '# Sofia\n\nIt is warm.\n\n[More](https://a.example/more)' } },
  },
]

describe('a secret', () => {
  it.each(secrets)('$title', expectWire)
})

describe('references', () => {
  it.each(references)('$title', expectWire)
})

describe('the head of the block sets', () => {
  it.each(heads)('$title', expectWire)
})

describe('an ability is refused before any call', () => {
  const nowhere = (name: string) =>
    `${name} is used in a place that takes no secret: secrets are filled into the header values of a fetch only.`
  test.each([
    ['a secret in its path', 'http://wire.test/${SECRET_PLAIN}', nowhere('SECRET_PLAIN')],
    ['a secret in its query', 'url: http://wire.test\nquery: {k: "{{SECRET_PLAIN}}"}', nowhere('SECRET_PLAIN')],
    ['a secret in its body', 'POST http://wire.test\n\n{"k": "${SECRET_DEFAULT}"}', nowhere('SECRET_DEFAULT')],
    [
      'a secret for a host that the model names',
      'url: $[url]\nauthorization: ${SECRET_DEFAULT}',
      'Secrets are sent only to hosts that the instruction names: write the host into the url of this fetch.',
    ],
    [
      'a secret that the model would fill',
      'url: http://wire.test\nauthorization: $[SECRET_DEFAULT]',
      'A secret is not a field: write ${SECRET_DEFAULT}.',
    ],
  ])('for %s', (_what, request, message) => {
    expect(compileAbility({ name: 'a', description: 'Asks the server', instruction: block(request) })).toEqual({
      kind: 'refused',
      message,
    })
  })
})
