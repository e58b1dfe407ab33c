/** Checks of the state that events add up to: I9, I10, I13. */
import type { FinalRecord, TruthRecord } from '../history/record.ts'
import type { Evidence, Operation } from './evidence.ts'
import { type Check, Findings } from './invariant.ts'

interface Amended {
  readonly created: TruthRecord
  readonly text: string | null
  /** The edits and the delete, in order; empty: it stands as it was written. */
  readonly by: readonly TruthRecord[]
}

/** What the events of a log add up to, by seq. */
function fold(rows: readonly TruthRecord[], found: Findings): ReadonlyMap<number, Amended> {
  const messages = new Map<number, Amended>()
  for (const row of rows) {
    if (row.event === 'created')
      messages.set(row.seq, { created: row, text: row.text ?? null, by: [] })
    if (row.event !== 'edited' && row.event !== 'deleted') continue
    const message = messages.get(row.target ?? 0)
    if (message === undefined) continue
    if (message.by.at(-1)?.event === 'deleted')
      found.wrong(`seq ${row.target} was changed after it was deleted`, ...message.by, row)
    const text = row.event === 'edited' ? (row.text ?? null) : null
    messages.set(message.created.seq, { ...message, text, by: [...message.by, row] })
  }
  return messages
}

/** I9: what the store serves, and what every member shows, is what the events add up to. */
export const converged: Check = (evidence) => {
  const found = new Findings()
  for (const [channel, rows] of evidence.truth) {
    const messages = fold(rows, found)
    for (const { created, text, by } of messages.values()) {
      if (by.length === 0) continue
      const isIt = (created.text ?? null) === text
      found.look(!isIt && `the log serves seq ${created.seq} in another state`, created, ...by)
    }
    for (const final of evidence.finals) {
      if (final.channel === channel && final.isMember) compare(final, messages, found)
    }
  }
  return found
}

function compare(
  final: FinalRecord,
  messages: ReadonlyMap<number, Amended>,
  found: Findings,
): void {
  for (const { seq, text } of final.messages) {
    const message = messages.get(seq)
    if (message === undefined) continue
    const wrong =
      text !== message.text &&
      `${final.who} shows "${text}" at seq ${seq}, and the log says "${message.text}"`
    if (message.by.length > 0) found.look(wrong, message.created, ...message.by)
    else if (wrong) found.wrong(wrong, message.created)
  }
}

/** I10: unread is what was written after the cursor by others and not deleted, in the store and on every device; cursors never go back. */
export const counted: Check = (evidence) => {
  const found = new Findings()
  const { operations, truth } = evidence
  const reads = operations.filter(({ invoke, end }) => invoke.deed === 'read' && end?.kind === 'ok')
  const readers = new Set(reads.map(({ invoke }) => `${invoke.channel} ${invoke.person}`))
  for (const place of evidence.places) {
    if (!place.isMember) continue
    const { channel, person, cursor } = place
    const rows = truth.get(channel) ?? []
    const unread = rows.filter(
      (row) =>
        row.event === 'created' && row.seq > cursor && row.author !== person && row.text != null,
    ).length
    const isWrong = place.unread !== unread
    const what = isWrong && `the store counts ${place.unread} unread after ${cursor}, not ${unread}`
    // Somebody who never read anything says little about counting.
    if (readers.has(`${channel} ${person}`)) found.look(what, place)
    else if (what) found.wrong(what, place)
    for (const final of evidence.finals) {
      if (final.channel !== channel || final.person !== person || final.unread === undefined)
        continue
      if (final.unread !== unread)
        found.wrong(`${final.who} shows ${final.unread} unread, not ${unread}`, place, {
          ...final,
          messages: [],
        })
    }
  }
  monotone(evidence, reads, found)
  return found
}

function monotone(evidence: Evidence, reads: readonly Operation[], found: Findings): void {
  const byPlace = Map.groupBy(reads, ({ invoke }) => `${invoke.channel} ${invoke.person}`)
  for (const list of byPlace.values()) {
    const [first] = list
    if (first === undefined) continue
    const { channel, person } = first.invoke
    // A new membership begins with a cursor of its own.
    if (evidence.spans(channel, person).length !== 1) continue
    for (const later of list) {
      const before = list.find(
        ({ end }) =>
          (end?.t ?? Number.POSITIVE_INFINITY) < later.invoke.t &&
          (end?.cursor ?? 0) > (later.end?.cursor ?? 0),
      )
      if (before) found.wrong(`a cursor of ${later.invoke.who} went back`, before.end, later.end)
    }
  }
}

/** I13: the text of a deleted message is nowhere: not in the log, its edits, its history or on any screen of a member. */
export const erased: Check = (evidence) => {
  const found = new Findings()
  for (const [channel, rows] of evidence.truth) {
    const deletes = new Map(
      rows.flatMap((row) => (row.event === 'deleted' ? [[row.target ?? 0, row] as const] : [])),
    )
    const targetOf = (row: Pick<TruthRecord, 'event' | 'seq' | 'target'>) =>
      row.event === 'created' ? row.seq : row.event === 'edited' ? row.target : undefined
    const audits = evidence.audits.filter((row) => row.channel === channel)
    for (const row of [...rows, ...audits]) {
      const gone = deletes.get(targetOf(row) ?? 0)
      if (gone) found.look(row.text != null && `seq ${row.seq} still tells deleted text`, row, gone)
    }
    for (const final of evidence.finals) {
      if (final.channel !== channel || !final.isMember) continue
      for (const { seq, text } of final.messages) {
        const gone = deletes.get(seq)
        if (gone) found.look(text !== null && `${final.who} still shows deleted seq ${seq}`, gone)
      }
    }
  }
  return found
}
