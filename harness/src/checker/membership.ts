/** Checks of who may hear and say what: I11, I12. */
import type { HintRecord, TruthRecord, WireRecord } from '../history/record.ts'
import type { Evidence, Operation } from './evidence.ts'
import { type Check, Findings } from './invariant.ts'
import { contains, type Span } from './spans.ts'

/**
 * I11: nothing with a seq after a removal reaches the removed before they have asked to come back; and after a connection was told that a channel is
 * gone, it hears nothing of it until they have. No clock decides: seqs and the order on one connection do.
 */
export const noLeak: Check = (evidence) => {
  const found = new Findings()
  const removals = removalsOf(evidence)
  for (const { span, next, channel } of removals) {
    const rows = evidence.truth.get(channel) ?? []
    // A removal after which nothing happened proves nothing.
    if (rows.some(({ seq }) => seq > span.to && seq < next)) found.look()
  }
  const byPlace = Map.groupBy(removals, ({ channel, person }) => `${channel} ${person}`)
  const joins = Map.groupBy(
    evidence.operations.filter(({ invoke }) => invoke.deed === 'join'),
    ({ invoke }) => `${invoke.channel} ${invoke.person}`,
  )
  for (const list of evidence.heard.values()) {
    for (const record of list) {
      const key = `${record.channel} ${record.person}`
      const seq = seqOf(record)
      const removal = byPlace.get(key)?.find(({ span, next }) => seq > span.to && seq < next)
      if (removal === undefined || cameBack(joins.get(key) ?? [], removal, record.t)) continue
      const what = record.kind === 'wire' ? record.event : record.what
      const { removed } = removal.span
      found.wrong(`${record.who} was told ${what} ${seq} after the removal`, removed, record)
    }
    afterGone(list, joins, found)
  }
  return found
}

interface Removal {
  readonly channel: string
  readonly person: string
  readonly span: Span
  /** The seq of the event that let them in again; Infinity: none did. */
  readonly next: number
  /** When it was asked for, as far as it is known. */
  readonly askedAt: number
}

function removalsOf(evidence: Evidence): Removal[] {
  const asked = new Map(
    evidence.operations.flatMap(({ invoke, end }) =>
      end?.seq !== undefined && (invoke.deed === 'kick' || invoke.deed === 'leave')
        ? [[`${invoke.channel} ${end.seq}`, invoke.t] as const]
        : [],
    ),
  )
  const places = new Map(
    [...evidence.truth].flatMap(([channel, rows]) =>
      rows.flatMap(({ subject }) =>
        subject === undefined
          ? []
          : [[`${channel} ${subject}`, { channel, person: subject }] as const],
      ),
    ),
  )
  return [...places.values()].flatMap(({ channel, person }) => {
    const spans = evidence.spans(channel, person)
    return spans.flatMap((span, at): Removal[] => {
      if (span.removed === undefined) return []
      const next = spans[at + 1]?.from ?? Number.POSITIVE_INFINITY
      const askedAt = asked.get(`${channel} ${span.to}`) ?? Number.NEGATIVE_INFINITY
      return [{ channel, person, span, next, askedAt }]
    })
  })
}

/** Whether something that they asked for may have let them in again by then. */
const cameBack = (joins: readonly Operation[], { next, askedAt }: Removal, t: number): boolean =>
  next !== Number.POSITIVE_INFINITY &&
  joins.some(
    ({ invoke, end }) =>
      invoke.t <= t && end?.kind !== 'fail' && (end?.t ?? Number.POSITIVE_INFINITY) >= askedAt,
  )

/** What of a channel is told: an event's own seq, or the head that a digest names. */
function seqOf(record: WireRecord | HintRecord): number {
  if (record.kind === 'wire') return record.seq
  return record.what === 'digest' ? (record.head ?? 0) : 0
}

function afterGone(
  list: readonly (WireRecord | HintRecord)[],
  joins: ReadonlyMap<string, readonly Operation[]>,
  found: Findings,
): void {
  const gone = new Map<string, HintRecord>()
  for (const record of list) {
    const key = `${record.channel} ${record.person}`
    const place = `${record.conn} ${record.channel}`
    if (record.kind === 'hint' && record.what === 'gone') gone.set(place, record)
    if (record.kind === 'hint' && record.what === 'channel') gone.delete(place)
    const since = gone.get(place)
    if (since === undefined || since === record) continue
    const isAsked = joins
      .get(key)
      ?.some(
        ({ invoke, end }) =>
          invoke.t <= record.t && (end?.t ?? Number.POSITIVE_INFINITY) >= since.t,
      )
    if (isAsked || (record.kind === 'wire' && record.via === 'page')) continue
    if (record.kind === 'hint' && record.what !== 'typing' && record.what !== 'digest') continue
    const what = record.kind === 'wire' ? `seq ${record.seq}` : record.what
    found.wrong(`${record.who} was told ${what} of a channel that was gone`, since, record)
  }
}

/** I12: whoever wrote, edited or deleted was a member at that seq. */
export const noTrespass: Check = (evidence) => {
  const found = new Findings()
  for (const [channel, rows] of evidence.truth) {
    for (const row of rows) {
      if (!isWriting(row)) continue
      const isIn = contains(evidence.spans(channel, row.author), row.seq)
      found.look(!isIn && `seq ${row.seq} was written by somebody who was no member`, row)
    }
  }
  return found
}

const isWriting = ({ event }: TruthRecord): boolean =>
  event === 'created' || event === 'edited' || event === 'deleted'
