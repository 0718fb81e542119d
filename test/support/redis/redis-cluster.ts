import { setTimeout as delay } from 'node:timers/promises'
import { opened } from '../lifetime/opened.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { openAdmin } from './redis-users.ts'

export interface RedisCluster {
  /** The primaries; each has an equal range of the slots, in this order. */
  readonly nodes: readonly RedisServer[]
}

const slots = 16_384

/** A real cluster of so many primaries without replicas. Resolves once each of them knows whose every slot is. */
export async function startRedisCluster(primaries: number): Promise<RedisCluster> {
  const settings = ['--cluster-node-timeout', '2000']
  const nodes = await Promise.all(
    Array.from({ length: primaries }, () => startRedis({ isClusterNode: true, settings })),
  )
  const admins = await Promise.all(nodes.map(({ url }) => openAdmin(url)))
  const bound = (n: number) => Math.floor((n * slots) / primaries)
  const buses: number[] = []
  for (const [n, admin] of admins.entries()) {
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', n + 1)
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', bound(n), bound(n + 1) - 1)
    buses.push(Number(/@(\d+)\S* myself/.exec(String(await admin.call('CLUSTER', 'NODES')))?.[1]))
  }
  // Only now: a node that knows another one takes no epoch.
  for (const [n, admin] of admins.entries()) {
    for (const [index, { port }] of nodes.entries()) {
      if (index !== n) await admin.call('CLUSTER', 'MEET', '127.0.0.1', port, buses[index] ?? 0)
    }
  }
  const isWhole = async (admin: (typeof admins)[number]) => {
    const info = String(await admin.call('CLUSTER', 'INFO'))
    return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${primaries}`)
  }
  const giveUpAt = Date.now() + 30_000
  while (!(await Promise.all(admins.map(isWhole))).every(Boolean)) {
    if (Date.now() > giveUpAt) throw new Error('The cluster has not formed.')
    await delay(50)
  }
  return opened({ nodes }, ({ nodes: all }) => Promise.all(all.map((node) => node.stop())))
}
