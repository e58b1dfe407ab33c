/** The steps of what is followed, put together: one way through the cluster for each event. Pure. */
import type { TraceEntry } from '@madang/protocol'

export interface Journey {
  readonly key: string
  readonly eventId: string | undefined
  readonly kind: string | undefined
  readonly seq: number | undefined
  /** When its first step was, in ms since 1970. */
  readonly at: number
  /** From the first step to the last, in ms. */
  readonly tookMs: number
  readonly steps: readonly Step[]
  /** In the order in which they took part. */
  readonly nodes: readonly string[]
}

export interface Step {
  readonly entry: TraceEntry
  /** Since the first step, in ms; by the clocks of the nodes. */
  readonly sinceMs: number
  /** Steps of the same node in the same millisecond before it. */
  readonly beside: number
}

/** Ways that are shown; older ones are let go. */
export const journeysMax = 40
/** Steps that are kept of all. */
export const entriesMax = 2_000

const idOf = ({ node, id }: TraceEntry): string => `${node} ${id}`

/** The same entry may come again, over another connection. */
export function mergeEntries(
  known: readonly TraceEntry[],
  fresh: readonly TraceEntry[],
): readonly TraceEntry[] {
  const all = new Map(known.map((entry) => [idOf(entry), entry]))
  for (const entry of fresh) all.set(idOf(entry), entry)
  return [...all.values()].sort(byTime).slice(-entriesMax)
}

/** At the same millisecond what causes goes before what it causes. */
const ORDER: readonly TraceEntry['step'][] = [
  'connected',
  'asked',
  'appended',
  'published',
  'dropped',
  'received',
  'read',
  'delivered',
  'disconnected',
]
const byTime = (a: TraceEntry, b: TraceEntry): number =>
  a.at - b.at || ORDER.indexOf(a.step) - ORDER.indexOf(b.step) || a.id - b.id

/** Newest first. */
export function journeysOf(entries: readonly TraceEntry[]): readonly Journey[] {
  const byEvent = new Map<string, TraceEntry[]>()
  for (const entry of [...entries].sort(byTime)) {
    const key = keyOf(entry)
    const found = byEvent.get(key)
    if (found) found.push(entry)
    else byEvent.set(key, [entry])
  }
  return [...byEvent]
    .map(([key, all]) => journeyOf(key, all))
    .sort((a, b) => b.at - a.at)
    .slice(0, journeysMax)
}

function keyOf(entry: TraceEntry): string {
  if (entry.eventId !== undefined) return entry.eventId
  if (entry.channelId !== undefined && entry.seq !== undefined) {
    return `${entry.channelId} ${entry.seq}`
  }
  return idOf(entry)
}

function journeyOf(key: string, entries: readonly TraceEntry[]): Journey {
  const at = entries[0]?.at ?? 0
  return {
    key,
    eventId: entries.find(({ eventId }) => eventId !== undefined)?.eventId,
    kind: entries.find(({ kind }) => kind !== undefined)?.kind,
    seq: entries.find(({ seq }) => seq !== undefined)?.seq,
    at,
    tookMs: (entries.at(-1)?.at ?? at) - at,
    steps: entries.map((entry, index) => ({
      entry,
      sinceMs: entry.at - at,
      beside: entries
        .slice(0, index)
        .filter((one) => one.node === entry.node && one.at === entry.at).length,
    })),
    nodes: [...new Set(entries.map(({ node }) => node))],
  }
}
