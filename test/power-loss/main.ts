import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openFolder } from '../../src/engines/sqlite/database/folder.ts'
import { openDatabase } from '../../src/engines/sqlite/database/open-database.ts'
import { createRandom } from '../faults/random.ts'
import { createDiskFile } from './disk.ts'
import { type Traceable, type Traced, traceWriter } from './trace.ts'
import { lastGroup } from './workload.ts'

/**
 * `npm run test:power-loss -- --seed 3 --losses 2000`: the power fails between any two calls of a process that writes, as strace
 * (Debian: `apt-get install strace`) has seen them. With FULL nothing that was answered may be gone; with NORMAL and OFF some must
 * be, or this could not fail. Ends with 1 otherwise.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    losses: { type: 'string', default: '2000' },
    groups: { type: 'string', default: '40' },
  },
})
const files = ['backchannel.db', 'backchannel.db-wal']
const scratch = mkdtempSync(join(tmpdir(), 'backchannel-power-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** What each power loss has left. */
interface Left {
  lost: number
  damaged: number
  /** Also of the group that nobody had been answered about. */
  more: number
  readonly examples: string[]
}

async function losePower(synchronous: Traceable['synchronous'], losses: number): Promise<Left> {
  const random = createRandom(Number(values.seed))
  const folder = join(scratch, synchronous)
  openDatabase(openFolder(folder)).close()
  const begun = join(scratch, `begun-${synchronous}`)
  cpSync(folder, begun, { recursive: true })
  const trace = await traceWriter({ folder, scratch, groups: Number(values.groups), synchronous })
  const points = Array.from({ length: losses }, () => random.int(trace.length + 1)).sort((a, b) => a - b)
  const left: Left = { lost: 0, damaged: 0, more: 0, examples: [] }
  const disk = new Map(files.map((file) => [file, createDiskFile(contentOf(join(begun, file)))]))
  let answered = -1
  let done = 0
  for (const point of points) {
    for (; done < point; done++) answered = carryOut(disk, trace[done], answered)
    const path = join(scratch, 'after')
    rmSync(path, { recursive: true, force: true })
    mkdirSync(path)
    for (const [file, content] of disk) writeFileSync(join(path, file), content.afterPowerLoss(random))
    judge(left, path, { answered, point })
  }
  return left
}

function judge(left: Left, path: string, { answered, point }: { readonly answered: number; readonly point: number }) {
  try {
    const last = lastGroup(path)
    if (last < answered) {
      left.lost += 1
      left.examples.push(`after call ${point}: group ${answered} was answered, ${last} is the last that is there`)
    }
    if (last > answered) left.more += 1
  } catch (error) {
    left.damaged += 1
    left.examples.push(`after call ${point}: ${error}`)
  }
}

function carryOut(
  disk: ReadonlyMap<string, ReturnType<typeof createDiskFile>>,
  call: Traced | undefined,
  answered: number,
) {
  if (call?.kind === 'answered') return call.group
  if (call?.kind === 'synced') disk.get(call.file)?.sync()
  if (call?.kind === 'written') disk.get(call.file)?.write(call.write)
  return answered
}

const contentOf = (path: string) => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0))
const said = (text: string) => void process.stdout.write(`${text}\n`)

const full = await losePower('FULL', Number(values.losses))
const normal = await losePower('NORMAL', 200)
const off = await losePower('OFF', 200)
for (const [name, { lost, damaged, more, examples }] of Object.entries({ full, normal, off })) {
  said(`${name}: ${lost} lost what was answered, ${damaged} cannot be used, ${more} have what was not answered yet`)
  for (const example of examples.slice(0, 3)) said(`  ${example}`)
}
const isWell = full.lost + full.damaged === 0 && full.more > 0 && normal.damaged === 0
process.exit(isWell && normal.lost > 0 && off.lost + off.damaged > 0 ? 0 : 1)
