/** What one node of a cluster says of all: who serves which slot. */
import { keyOf, type RedisAddress } from './driver.ts'
import { SLOTS } from './slot.ts'

export interface ClusterView {
  /** Grows with each failover and each slot that moves: of two views the one with the higher epoch is newer. */
  readonly epoch: number
  /** Slot → 'host:port' of its master; undefined where nobody serves it. */
  readonly owners: readonly (string | undefined)[]
  readonly masters: ReadonlyMap<string, RedisAddress>
  /** Everyone who can be asked next time, replicas too. */
  readonly nodes: readonly RedisAddress[]
}

/**
 * Reads the answers to CLUSTER INFO and CLUSTER SLOTS (an array of [first slot, last slot, [host, port, ...] of the master, of each replica, ...]). A node that
 * does not know its own host leaves it out: it is `asked`, then. Undefined where the answers are nothing of the kind.
 */
export function clusterView(
  info: unknown,
  slots: unknown,
  asked: RedisAddress,
): ClusterView | undefined {
  const epoch = /cluster_current_epoch:(\d+)/.exec(String(info))
  if (epoch === null || !Array.isArray(slots)) return undefined
  const owners = new Array<string | undefined>(SLOTS).fill(undefined)
  const masters = new Map<string, RedisAddress>()
  const nodes = new Map<string, RedisAddress>()
  for (const range of slots) {
    if (!Array.isArray(range)) return undefined
    const [first, last, ...servers] = range
    const addresses = servers.flatMap((server) => addressIn(server, asked) ?? [])
    for (const address of addresses) nodes.set(keyOf(address), address)
    const [master] = addresses
    if (master === undefined) continue
    masters.set(keyOf(master), master)
    owners.fill(keyOf(master), Number(first), Number(last) + 1)
  }
  return { epoch: Number(epoch[1]), owners, masters, nodes: [...nodes.values()] }
}

function addressIn(server: unknown, asked: RedisAddress): RedisAddress | undefined {
  if (!Array.isArray(server)) return undefined
  const host = server[0] === null || server[0] === '?' ? '' : String(server[0])
  const port = Number(server[1])
  return port > 0 ? { host: host === '' ? asked.host : host, port } : undefined
}
