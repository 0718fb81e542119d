import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { DiskWrite } from './disk.ts'

/** What the writer asked of the system, in its order. */
export type Traced =
  | { readonly kind: 'written'; readonly file: string; readonly write: DiskWrite }
  | { readonly kind: 'synced'; readonly file: string }
  | { readonly kind: 'answered'; readonly group: number }

export interface Traceable {
  readonly folder: string
  /** For the trace. */
  readonly scratch: string
  readonly groups: number
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF'
}

const writer = fileURLToPath(new URL('writer.ts', import.meta.url))

/** Runs the writer under strace: what SQLite syncs, and when, is seen and not supposed. */
export async function traceWriter({ folder, scratch, groups, synchronous }: Traceable): Promise<readonly Traced[]> {
  const output = join(scratch, `trace-${synchronous}`)
  const calls = 'trace=pwrite64,pwritev,writev,write,fdatasync,fsync,ftruncate'
  const command = [process.execPath, writer, folder, `${groups}`, synchronous]
  const options = ['-y', '-qq', '-xx', '-s', '100000', '-e', calls, '-o', output]
  await promisify(execFile)('strace', [...options, ...command]).catch((error: Error & { code?: unknown }) => {
    if (error.code !== 'ENOENT') throw error
    throw new Error('Power losses need strace; on Debian or Ubuntu: apt-get install strace', { cause: error })
  })
  return readFileSync(output, 'latin1').split('\n').flatMap(parse)
}

const call = /^(\w+)\(\d+<([^>]*)>(?:, (.*))?\) += \d+$/

function parse(line: string): readonly Traced[] {
  const [, name, path = '', rest = ''] = call.exec(line) ?? []
  const file = basename(bytesOf(path).toString())
  const isOurs = file === 'backchannel.db' || file === 'backchannel.db-wal'
  if (name === 'write') {
    const group = /^answered (\d+)\n$/.exec(bytesOf(stringIn(rest)).toString())?.[1]
    return group === undefined ? [] : [{ kind: 'answered', group: Number(group) }]
  }
  if (!isOurs) return []
  if (name === 'fsync' || name === 'fdatasync') return [{ kind: 'synced', file }]
  if (name === 'ftruncate') return [{ kind: 'written', file, write: { kind: 'size', size: Number(rest) } }]
  if (name !== 'pwrite64') throw new Error(`SQLite writes by ${name}, which is not read here.`)
  const at = Number(/, (\d+)$/.exec(rest)?.[1])
  return [{ kind: 'written', file, write: { kind: 'write', at, bytes: bytesOf(stringIn(rest)) } }]
}

const stringIn = (args: string) => /^"([^"]*)"/.exec(args)?.[1] ?? ''

/** strace writes every byte as \xNN. */
const bytesOf = (text: string) => Buffer.from(text.replaceAll('\\x', ''), 'hex')
