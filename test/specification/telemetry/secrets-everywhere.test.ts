import { expect, test } from 'vitest'
import { givenSecrets } from '../../secrets/given-secrets.ts'
import { leaksOf } from '../../secrets/leaks.ts'
import { useEverySecret } from '../../secrets/use-every-secret.ts'

test('no secret or key, in any form, is in a log, an event, an answer, an error, a metric, a trace or Redis', async () => {
  const used = await useEverySecret()
  // Everything was used …
  const { sentOut, places } = used
  const { compatibleKey, openaiKey, anthropicKey, bearerSecret, basicUser, basicPassword, plainSecret } = givenSecrets
  const basic = Buffer.from(`${basicUser}:${basicPassword}`).toString('base64')
  for (const sent of [
    compatibleKey,
    openaiKey,
    anthropicKey,
    `Bearer ${bearerSecret}`,
    `Basic ${basic}`,
    plainSecret,
  ]) {
    expect(sentOut).toContain(sent)
  }
  for (const own of [givenSecrets.resultBearer, givenSecrets.staticBearer, givenSecrets.publishedBearer]) {
    expect(places['what its account is told']).toContain(own)
  }
  const told = {
    logs: ['"answered"', '"ended"', '"request"'],
    'what its account is told': [
      '"DELIVERED"',
      '[secret]',
      'DispatchCompleted',
      'DispatchFailed',
      'FunctionCallFailed',
      '***',
    ],
    'what others are told': ['NOT_FOUND', 'UNAUTHENTICATED', 'NOT_AUTHENTICATED', 'FORBIDDEN', '4401'],
    'what mints tokens': ['channelToken', 'whsec_'],
    metrics: ['backchannel_runs_ended_total{outcome="failed"'],
    traces: ['execute_tool ask_basic', 'deliver_webhook'],
    Redis: ['the basic'],
  }
  expect(Object.keys(told)).toEqual(Object.keys(places))
  for (const [place, parts] of Object.entries(told)) {
    for (const part of parts) expect(places[place]?.includes(part), `${part} in ${place}`).toBe(true)
  }
  // … and nothing of it is where it does not belong.
  expect(leaksOf(used)).toEqual([])
}, 180_000)
