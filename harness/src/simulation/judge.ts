/** Judges a simulated run: goes through what happened in its order, and holds what devices were sent against what was committed by then. */
import type { Id, LogEvent } from '@madang/protocol'
import type { Entry, History, Line } from './history.ts'
import type { Truth } from './truth.ts'

export interface Violation {
  /** The invariant's id, as ARCHITECTURE.md names them. */
  readonly invariant: string
  readonly text: string
  readonly at: number
}

export type Report = (invariant: string, text: string) => void

export class Judge {
  readonly violations: Violation[] = []
  readonly truth: Truth
  /** How long a committed event may take to a connected device once it is calm, in ms. */
  readonly #delayMsMax: number
  /** The longest that any took, in ms. */
  delayMs = 0
  #calmAt = 0
  readonly #committedAt = new Map<Id, number>()
  /** Channel → the greatest seq that anybody was told. */
  readonly #told = new Map<Id, number>()
  /** Client id → what was asked, and the greatest seq that anybody had been told then. */
  readonly #asked = new Map<string, { channelId: Id; after: number }>()
  readonly #clientIds = new Set<string>()
  /** Connection and channel → the last seq that was sent; null where the channel is gone. */
  readonly #places = new Map<string, number | null>()
  /** Connections and channels that were told of a hole, and have not been opened again. */
  readonly #behind = new Set<string>()

  constructor(truth: Truth, delayMsMax: number) {
    this.truth = truth
    this.#delayMsMax = delayMsMax
  }

  read({ entries }: History): void {
    for (const entry of entries) {
      this.#entry(entry, (invariant, text) => {
        this.violations.push({ invariant, text, at: entry.at })
      })
    }
  }

  #entry(entry: Entry, report: Report): void {
    switch (entry.what) {
      case 'committed':
        this.#committed(entry.event, entry.at, report)
        break
      case 'asked': {
        const { clientId, channelId } = entry
        this.#asked.set(clientId, { channelId, after: this.#told.get(channelId) ?? 0 })
        return
      }
      case 'acknowledged':
        this.#acknowledged(entry, report)
        break
      case 'opened':
        this.#opened(entry, report)
        break
      case 'live':
        this.#live(entry.line, entry.event, report)
        this.#timed(entry.line, entry.event, entry.at, report)
        break
      case 'page':
        for (const event of entry.events) this.#received(entry.line, event, report)
        this.#checkDeleted(entry, report)
        break
      case 'behind':
        for (const id of entry.channelIds) this.#behind.add(placeOf(entry.line, id))
        break
      case 'calm':
        this.#calmAt = entry.at
        break
      case 'digest':
        this.#digest(entry, report)
        break
      case 'typing':
        if (this.#places.get(placeOf(entry.line, entry.channelId)) === null)
          report('I11', `${nameOf(entry.line)} was told who types in a channel that is gone`)
        return
      case 'yours':
        this.#returned(placeOf(entry.line, entry.channelId))
        break
      case 'gone':
        this.#places.set(placeOf(entry.line, entry.channelId), null)
    }
  }

  #returned(place: string): void {
    if (this.#places.get(place) === null) this.#places.delete(place)
  }

  #committed(event: LogEvent, at: number, report: Report): void {
    this.#committedAt.set(event.id, at)
    if (!this.truth.commit(event)) report('I3', `the log has a hole before ${wordOf(event)}`)
    if (event.kind !== 'created') return
    const key = `${event.author.id} ${event.text}`
    if (this.#clientIds.has(key)) report('I2', `${wordOf(event)} is there already`)
    this.#clientIds.add(key)
  }

  #acknowledged(entry: Extract<Entry, { what: 'acknowledged' }>, report: Report): void {
    const { clientId, seq, device } = entry
    const asked = this.#asked.get(clientId)
    if (asked === undefined) return
    const event = this.truth.log(asked.channelId)[seq - 1]
    if (event?.kind !== 'created' || event.clientId !== clientId) {
      report('I1', `device ${device} was told that ${clientId} is at seq ${seq}, and it is not`)
    }
    if (seq <= asked.after) {
      report('I3', `${clientId} is at seq ${seq}, and was asked for after ${asked.after} was told`)
    }
    this.#told.set(asked.channelId, Math.max(seq, this.#told.get(asked.channelId) ?? 0))
  }

  #opened(entry: Extract<Entry, { what: 'opened' }>, report: Report): void {
    const { line, channelId, cursor, limited, head, events } = entry
    for (const event of events) this.#received(line, event, report)
    const seqs = events.map(({ seq }) => seq)
    if (!limited && cursor !== null && !isDense(seqs, cursor, head)) {
      report('I5', `${nameOf(line)} at ${cursor} was given [${seqs}] up to ${head}`)
    }
    if (seqs.some((seq, index) => seq <= (seqs[index - 1] ?? 0))) {
      report('I6', `${nameOf(line)} was given [${seqs}]`)
    }
    this.#checkDeleted(entry, report)
    this.#places.set(placeOf(line, channelId), head)
    this.#behind.delete(placeOf(line, channelId))
  }

  #timed({ device }: Line, { id, seq }: LogEvent, at: number, report: Report): void {
    const committedAt = this.#committedAt.get(id) ?? at
    this.delayMs = Math.max(this.delayMs, at - committedAt)
    if (this.#calmAt === 0 || at - Math.max(committedAt, this.#calmAt) <= this.#delayMsMax) return
    report('I5', `device ${device} got seq ${seq} ${at - committedAt} ms late`)
  }

  /** Whoever is handed a deletion is not handed what was deleted. */
  #checkDeleted(
    { line, events }: Pick<Extract<Entry, { what: 'opened' }>, 'line' | 'events'>,
    report: Report,
  ): void {
    for (const deletion of events) {
      if (deletion.kind !== 'deleted') continue
      const there = events.find(({ seq }) => seq === deletion.target)
      if (there?.kind === 'created' && there.text !== null) {
        report('I13', `${nameOf(line)} was given the text that ${wordOf(deletion)} deleted`)
      }
    }
  }

  #live(line: Line, event: LogEvent, report: Report): void {
    this.#received(line, event, report)
    const place = placeOf(line, event.channelId)
    const at = this.#places.get(place)
    if (at === null) report('I11', `${nameOf(line)} got ${wordOf(event)} of a channel that is gone`)
    else if (at === undefined)
      report('I6', `${nameOf(line)} got ${wordOf(event)} before it was opened`)
    else if (event.seq <= at) report('I6', `${nameOf(line)} got ${wordOf(event)} after seq ${at}`)
    else if (event.seq > at + 1 && !this.#behind.has(place))
      report('I5', `${nameOf(line)} got ${wordOf(event)} after seq ${at}`)
    this.#places.set(place, event.seq)
  }

  #received(line: Line, event: LogEvent, report: Report): void {
    const { truth } = this
    const { channelId, seq } = event
    const committed = truth.log(channelId)[seq - 1]
    if (committed === undefined || committed.id !== event.id) {
      report('I7', `${nameOf(line)} got ${wordOf(event)}, which is not committed`)
      return
    }
    const same =
      committed.kind === event.kind &&
      committed.author.id === event.author.id &&
      (event.kind !== 'created' || truth.hadText(channelId, seq, event.text))
    if (!same) report('I4', `${nameOf(line)} got ${wordOf(event)}, and it is ${wordOf(committed)}`)
    if (seq > truth.lastVisible(channelId, line.personId)) {
      report('I11', `${nameOf(line)} got ${wordOf(event)} after the person was removed`)
    }
  }

  #digest({ line, channelId, head }: Extract<Entry, { what: 'digest' }>, report: Report): void {
    if (head > this.truth.log(channelId).length) {
      report('I7', `${nameOf(line)} got a digest at ${head}, which is not committed`)
    }
    if (this.#places.get(placeOf(line, channelId)) === null) {
      report('I11', `${nameOf(line)} got a digest of a channel that is gone`)
    } else if (head > this.truth.lastVisible(channelId, line.personId)) {
      report('I11', `${nameOf(line)} got a digest at ${head} after the person was removed`)
    }
  }
}

const placeOf = ({ device, connection }: Line, channelId: Id): string =>
  `${device} ${connection} ${channelId}`

const nameOf = ({ device, connection }: Line): string => `device ${device}.${connection}`

function wordOf(event: LogEvent): string {
  const what = event.kind === 'created' ? ` "${event.text}"` : ''
  return `seq ${event.seq} (${event.kind}${what})`
}

function isDense(seqs: readonly number[], after: number, head: number): boolean {
  return seqs.length === Math.max(0, head - after) && seqs.every((seq, i) => seq === after + 1 + i)
}
