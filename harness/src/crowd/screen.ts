/** What a simple application shows of one channel: what arrived, in the order of arrival. */
import type { LogEvent, Replay } from '@madang/protocol'
import type { FinalRecord } from '../history/record.ts'
import type { Journal } from './journal.ts'

/** Only the latest of one's own messages are changed. */
const OWN_RECENT = 10

export class Screen {
  readonly channel: string
  readonly #self: string
  readonly #journal: Journal
  readonly #messages = new Map<number, FinalRecord['messages'][number]>()
  readonly #own: number[] = []
  #place: { readonly seq: number; readonly epoch: string } | null = null
  #isMember = true
  #from = 1

  constructor(channel: string, self: string, journal: Journal) {
    this.channel = channel
    this.#self = self
    this.#journal = journal
  }

  get isMember(): boolean {
    return this.#isMember
  }

  /** It shows everything from this seq on. */
  get from(): number {
    return this.#from
  }

  /** Where the server is to go on. */
  get place(): { readonly seq: number; readonly epoch: string } | null {
    return this.#place
  }

  get cursor(): number {
    return this.#place?.seq ?? 0
  }

  joined(): void {
    this.#isMember = true
    this.#place = null
  }

  gone(): void {
    this.#isMember = false
    this.#place = null
  }

  /** One that does not join on to what is shown takes its place: this application does not page. */
  replay({ events, epoch, head, limited, error }: Replay): void {
    if (error !== undefined) {
      // Put out again before the channel was open.
      if (error.retry === 'never') this.gone()
      return
    }
    const isAnew = limited || this.#place === null
    if (isAnew) {
      this.#messages.clear()
      this.#from = limited ? (events[0]?.seq ?? head + 1) : 1
    }
    this.#isMember = true
    for (const event of events) this.show(event, isAnew ? 'page' : 'live')
    this.#place = { seq: Math.max(head, this.cursor), epoch }
  }

  show(event: LogEvent, how: 'live' | 'page' = 'live'): void {
    if (this.#place !== null) this.#place = { ...this.#place, seq: event.seq }
    if (event.kind === 'edited' || event.kind === 'deleted') {
      const message = this.#messages.get(event.target)
      const text = event.kind === 'edited' ? event.text : null
      if (message) this.#messages.set(event.target, { ...message, text })
      const at = this.#own.indexOf(event.target)
      if (event.kind === 'deleted' && at !== -1) this.#own.splice(at, 1)
    }
    if (event.kind !== 'created') return
    const { seq, clientId, text } = event
    const author = event.author.id
    this.#journal.shown({ channel: this.channel, seq, author, clientId, how })
    this.#messages.set(seq, { seq, text, author, clientId })
    if (author === this.#self && text !== null) this.#own.push(seq)
  }

  /** Of one of the latest own messages that are not deleted. */
  ownSeq(choose: (count: number) => number): number | undefined {
    if (!this.#isMember) return undefined
    const latest = this.#own.slice(-OWN_RECENT)
    return latest[choose(latest.length)]
  }

  messages(): FinalRecord['messages'] {
    return [...this.#messages.values()].sort((one, other) => one.seq - other.seq)
  }
}
