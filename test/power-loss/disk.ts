import type { Random } from '../faults/random.ts'

/** A write, or a file's new size, that the disk has been given. */
export type DiskWrite =
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'size'; readonly size: number }

/** A file on a disk that keeps what has been synced, and of what came since whatever it likes, when its power fails. */
export interface DiskFile {
  write(write: DiskWrite): void
  /** All that was written so far is kept. */
  sync(): void
  /** What is there after a power loss: of the writes since the last sync some, in any order, and of some of these a part. */
  afterPowerLoss(random: Random): Buffer
}

/** What disks write whole. */
const sectorBytes = 512

export function createDiskFile(bytes: Buffer): DiskFile {
  let kept = bytes
  let since: DiskWrite[] = []
  return {
    write: (write) => void since.push(write),
    sync() {
      for (const write of since) kept = apply(kept, write)
      since = []
    },
    afterPowerLoss(random) {
      // All, none, or some of them, whole or not: a disk that loses one in two would rarely lose just one.
      const [chance, torn] = [random.pick([0, 0.1, 0.5, 0.9, 1]), random.pick([0, 0.3])]
      const arrived = shuffled(since, random).filter(() => random.chance(chance))
      return arrived.reduce(
        (file, write) => (random.chance(torn) ? tear(write, random).reduce(apply, file) : apply(file, write)),
        kept,
      )
    },
  }
}

function apply(file: Buffer, write: DiskWrite): Buffer {
  if (write.kind === 'size') {
    const sized = Buffer.alloc(write.size)
    file.copy(sized)
    return sized
  }
  const after = Buffer.alloc(Math.max(file.length, write.at + write.bytes.length))
  file.copy(after)
  write.bytes.copy(after, write.at)
  return after
}

/** Some of the sectors that it touches. */
function tear(write: DiskWrite, random: Random): readonly DiskWrite[] {
  if (write.kind === 'size') return []
  const parts: DiskWrite[] = []
  for (let from = 0; from < write.bytes.length; ) {
    const length = sectorBytes - ((write.at + from) % sectorBytes)
    if (random.chance(0.5)) {
      parts.push({ kind: 'write', at: write.at + from, bytes: write.bytes.subarray(from, from + length) })
    }
    from += length
  }
  return parts
}

function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  const left = [...items]
  return items.flatMap(() => left.splice(random.int(left.length), 1))
}
