/** Checks of what readers were told and shown: I4, I5, I6, I7. */
import type { EventFacts, FinalRecord, TruthRecord } from '../history/record.ts'
import type { Evidence } from './evidence.ts'
import { type Check, Findings } from './invariant.ts'

/** I4: what is told at a seq is the same for everybody, and messages are shown in the log's order. */
export const same: Check = (evidence) => {
  const found = new Findings()
  const amended = amendedOf(evidence)
  const wires = [...evidence.heard.values()].flat().filter((record) => record.kind === 'wire')
  for (const record of [...wires, ...evidence.audits]) {
    const row = evidence.at(record.channel, record.seq)
    const what = row && differenceOf(record, row, amended)
    found.look(
      what && `seq ${record.seq} was told with another ${what} than the log's`,
      record,
      row,
    )
  }
  for (const list of evidence.shown.values()) {
    const last = new Map<string, (typeof list)[number]>()
    for (const shown of list) {
      // Own messages are shown when they are acknowledged, and the past when it is asked for.
      if (shown.how !== 'live') continue
      const before = last.get(shown.channel)
      const isLate = before !== undefined && before.seq > shown.seq
      found.look(
        isLate && `${shown.who} showed seq ${shown.seq} after ${before.seq}`,
        before,
        shown,
      )
      last.set(shown.channel, isLate ? before : shown)
    }
  }
  return found
}

const SAME = ['id', 'event', 'author', 'clientId', 'target', 'subject'] as const

function differenceOf(
  record: EventFacts,
  row: TruthRecord,
  amended: ReadonlySet<string>,
): string | undefined {
  const different = SAME.find((name) => record[name] !== row[name])
  if (different !== undefined) return different
  // A message that was edited or deleted is told in the state of the moment: I9 looks at where that ends.
  const isFixed = !amended.has(`${row.channel} ${row.event === 'edited' ? row.target : row.seq}`)
  return isFixed && record.text !== row.text ? 'text' : undefined
}

/** The messages that were edited or deleted. */
const amendedOf = ({ truth }: Evidence): ReadonlySet<string> =>
  new Set(
    [...truth.values()]
      .flat()
      .filter(({ target }) => target !== undefined)
      .map(({ channel, target }) => `${channel} ${target}`),
  )

/** I5: when all is at rest a member shows every message from the place where it began to the head, and knows that it is a member. */
export const complete: Check = (evidence) => {
  const found = new Findings()
  const places = new Map(
    evidence.places.map((place) => [`${place.channel} ${place.person}`, place]),
  )
  for (const final of evidence.finals) {
    const place = places.get(`${final.channel} ${final.person}`)
    if (place !== undefined && place.isMember !== final.isMember)
      found.wrong(
        `${final.who} takes itself for ${final.isMember ? 'a' : 'no'} member, and the store does not`,
        ...[brief(final), place],
      )
    if (!final.isMember) continue
    const has = new Set(final.messages.map(({ seq }) => seq))
    for (const row of evidence.truth.get(final.channel) ?? []) {
      if (row.event !== 'created' || row.seq < final.from) continue
      found.look(!has.has(row.seq) && `${final.who} never showed seq ${row.seq}`, row, brief(final))
    }
  }
  return found
}

/** A witness is to be read: what a device shows in all is too long for it. */
const brief = (final: FinalRecord): FinalRecord => ({ ...final, messages: [] })

/** I6: no device shows a message twice, and no connection is told an event twice while it lives. */
export const notTwice: Check = (evidence) => {
  const found = new Findings()
  for (const list of evidence.shown.values()) {
    const first = new Map<string, (typeof list)[number]>()
    for (const shown of list) {
      if (shown.how === 'page') continue
      const key = `${shown.channel} ${shown.seq}`
      const before = first.get(key)
      found.look(before && `${shown.who} showed seq ${shown.seq} twice`, before, shown)
      if (before === undefined) first.set(key, shown)
    }
  }
  for (const list of evidence.heard.values()) {
    const last = new Map<string, (typeof list)[number] & { kind: 'wire' }>()
    for (const wire of list) {
      if (wire.kind !== 'wire' || wire.via !== 'live') continue
      const key = `${wire.conn} ${wire.channel}`
      const before = last.get(key)
      const isStale = before !== undefined && before.seq >= wire.seq
      found.look(
        isStale && `${wire.who} was told seq ${wire.seq} after ${before.seq}`,
        before,
        wire,
      )
      if (!isStale) last.set(key, wire)
    }
  }
  return found
}

/** I7: whatever was told or shown is in the log. */
export const committed: Check = (evidence) => {
  const found = new Findings()
  for (const record of [...evidence.heard.values()].flat()) {
    if (record.kind !== 'wire') continue
    const isThere = evidence.at(record.channel, record.seq) !== undefined
    found.look(
      !isThere && `${record.who} was told seq ${record.seq}, which is not in the log`,
      record,
    )
  }
  for (const shown of [...evidence.shown.values()].flat()) {
    const row = evidence.at(shown.channel, shown.seq)
    const isIt = row?.clientId === shown.clientId && row.author === shown.author
    found.look(
      !isIt && `${shown.who} showed at seq ${shown.seq} what the log does not hold`,
      shown,
      row,
    )
  }
  phantomsAtTheEnd(evidence, found)
  return found
}

function phantomsAtTheEnd(evidence: Evidence, found: Findings): void {
  for (const final of evidence.finals) {
    for (const { seq, clientId } of final.messages) {
      const row = evidence.at(final.channel, seq)
      if (row?.clientId !== clientId)
        found.wrong(
          `${final.who} shows at seq ${seq} what the log does not hold`,
          brief(final),
          row,
        )
    }
  }
}
