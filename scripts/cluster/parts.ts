// Finds the real parts that a cluster is made of, as the tests do, and says how to get what is missing.
import { nginx } from '../../tests/services/nginx.ts'
import { type Found, type Part, reasonOf } from '../../tests/services/part.ts'
import { postgres } from '../../tests/services/postgres.ts'
import { isTaken } from '../../tests/services/server-process.ts'
import { BROKER_PARTS } from './brokers.ts'
import type { ClusterOptions } from './options.ts'
import type { Binaries } from './topology.ts'

export type Search =
  | { readonly outcome: 'found'; readonly binaries: Binaries }
  /** One line for each part, or for the port, with what to do. */
  | { readonly outcome: 'missing'; readonly lines: readonly string[] }

export async function findParts({ broker, store, port }: ClusterOptions): Promise<Search> {
  const lines: string[] = []
  const find = async (part: Part | undefined): Promise<Found | undefined> => {
    if (part === undefined) return undefined
    const answer = await part.find()
    if (answer.found) return answer
    lines.push(`${reasonOf(part, answer)}.`)
    return undefined
  }
  if (port !== 0 && (await isTaken(port))) {
    lines.push(`Port ${port} is taken: choose another with --port, or --port 0 for any free one.`)
  }
  const proxy = await find(nginx)
  const database = await find(store === 'postgres' ? postgres : undefined)
  const carrier = await find(BROKER_PARTS[broker])
  if (lines.length > 0 || proxy === undefined) return { outcome: 'missing', lines }
  return { outcome: 'found', binaries: { nginx: proxy, postgres: database, broker: carrier } }
}
