import { isIP } from 'node:net'
import { z } from 'zod'
import { decimal, list, perAccount, wholeNumber } from './forms.ts'
import { type Form, variable } from './variable.ts'

const header: Form<string> = {
  schema: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'takes the name of a header')
    .toLowerCase(),
  bounds: 'the name of a header',
}

/** What one account, address or connection may use. 0 switches a limit off. */
export const limits = {
  dispatchesPerMinute: variable(wholeNumber(0, 1_000_000), {
    name: 'DISPATCHES_PER_MINUTE',
    default: '6000',
    meaning:
      'A token bucket per account, across processes: the burst size, refilled evenly over a minute; 0 is no limit.',
    isSecret: false,
  }),
  runningDispatches: variable(wholeNumber(0, 1_000_000), {
    name: 'RUNNING_DISPATCHES',
    default: null,
    meaning:
      'How many dispatches of one account run at once, across processes; 0 is no limit. Further ones stay `QUEUED` by priority and in order, and hold no worker; parked ones do not count. Absent: four fifths of the places (`WORKER_CONCURRENCY`) of all workers that are up, at least one; all of them in the embedded engine without `API_KEYS`, which has one account.',
    isSecret: false,
  }),
  tokensPerDay: variable(perAccount(wholeNumber(0, 1_000_000_000_000)), {
    name: 'TOKENS_PER_DAY',
    default: '0',
    meaning:
      'How many input and output tokens the runs of one account may use from 00:00 to 24:00 UTC, across processes; 0 is no limit. `1000000,acme:5000000` sets another limit for the account `acme`. Once they are used up, dispatches are refused with LIMIT_EXCEEDED until midnight, and runs end with it before their next model call.',
    isSecret: false,
  }),
  costPerDay: variable(perAccount(decimal(0, 1_000_000_000)), {
    name: 'COST_PER_DAY',
    default: '0',
    meaning: 'The same for money, in the unit of `MODEL_PRICES`. Models without a price cost nothing here.',
    isSecret: false,
  }),
  subscriptionsPerConnection: variable(wholeNumber(0, 1_000_000), {
    name: 'SUBSCRIPTIONS_PER_CONNECTION',
    default: '1000',
    meaning: 'How many subscriptions one WebSocket connection may have; 0 is no limit.',
    isSecret: false,
  }),
  subscriptionsPerAccount: variable(wholeNumber(0, 1_000_000), {
    name: 'SUBSCRIPTIONS_PER_ACCOUNT',
    default: '20000',
    meaning: 'How many subscriptions one account may have in one process, on any transport; 0 is no limit.',
    isSecret: false,
  }),
  connectionsPerAddress: variable(wholeNumber(0, 1_000_000), {
    name: 'CONNECTIONS_PER_ADDRESS',
    default: '20000',
    meaning:
      'How many connections one IPv4 address, or one /64 network of IPv6, may have in one process; 0 is no limit.',
    isSecret: false,
  }),
  clientAddressHeader: variable(header, {
    name: 'CLIENT_ADDRESS_HEADER',
    default: null,
    meaning:
      'Behind a proxy: the header in which the proxy names the client, such as `x-forwarded-for`, whose last address counts; requests in flight and WebSockets are counted then. Set it only where the proxy always sets the header. Absent: whoever connects is the client, so all clients of a proxy count as one.',
    isSecret: false,
  }),
  trustedProxies: variable(list(isNetwork, 'IP addresses and networks such as 10.0.0.0/8, with commas between'), {
    name: 'TRUSTED_PROXIES',
    default: [],
    meaning:
      'The addresses and networks of your proxies, if there are several in a row or if others can connect too: then `CLIENT_ADDRESS_HEADER` is read only where one of them connects, and its last address that is none of them counts. Absent: the header is read of whoever connects.',
    isSecret: false,
  }),
  maxRequestBytes: variable(wholeNumber(1000, 1_000_000_000), {
    name: 'MAX_REQUEST_BYTES',
    default: '8000000',
    meaning: 'How large a request body, as it arrives and unpacked, or a WebSocket message may be, in bytes.',
    isSecret: false,
  }),
}

function isNetwork(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/')
  const most = { 4: 32, 6: 128 }[isIP(address)]
  if (most === undefined || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
}
