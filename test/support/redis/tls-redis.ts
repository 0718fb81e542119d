import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { opened } from '../lifetime/opened.ts'
import { freePort, startRedis } from './redis-server.ts'

export interface TlsRedis {
  readonly tlsPort: number
  /** The file of the CA that has signed its certificate, which is for 127.0.0.1. */
  readonly ca: string
  /** The file of another CA. */
  readonly otherCa: string
}

/** A redis-server with a certificate of a private CA. @param clients whether it asks its clients for certificates. */
export async function startTlsRedis(clients: 'yes' | 'no'): Promise<TlsRedis> {
  const dir = opened(await mkdtemp(join(tmpdir(), 'backchannel-tls-')), (it) => rm(it, { recursive: true }))
  const file = (name: string) => join(dir, name)
  const issue = (name: string, ...more: readonly string[]) =>
    promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`), ...more],
    ])
  await Promise.all([issue('ca'), issue('other-ca')])
  const isNoCa = ['-addext', 'basicConstraints=critical,CA:FALSE']
  await issue(
    'redis',
    ...['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-addext', 'subjectAltName=IP:127.0.0.1', ...isNoCa],
  )
  const start = async (tlsPort: number) => {
    await startRedis({
      settings: [
        ...['--tls-port', String(tlsPort), '--tls-auth-clients', clients, '--tls-ca-cert-file', file('ca.pem')],
        ...['--tls-cert-file', file('redis.pem'), '--tls-key-file', file('redis.key')],
      ],
    })
    return tlsPort
  }
  // A port that is free now may be somebody else's a moment later.
  const again = async (error: unknown) => {
    if (!String(error).includes('Address already in use')) throw error
    return start(await freePort())
  }
  const tlsPort = await start(await freePort()).catch(again)
  return { tlsPort, ca: file('ca.pem'), otherCa: file('other-ca.pem') }
}
