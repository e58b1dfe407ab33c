/** Logs of many channels in memory, with just what feeds read of a store, and faults on demand. */
import type { Id, LogEvent } from '@madang/protocol'
import { type EventPage, type EventsRequest, StoreError } from '../../store/store.ts'
import type { FeedStore } from '../reads.ts'
import { inPresentState } from '../tail.ts'

export const idOf = (n: number): Id => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** What is to be appended: a message, or a change of the message with this seq. */
export type ModelEntry =
  | { readonly kind: 'created' }
  | { readonly kind: 'edited' | 'deleted'; readonly target: number }

export class ModelLog implements FeedStore {
  readonly #logs = new Map<Id, LogEvent[]>()
  /** Every call, by the number of channels that it was for. */
  readonly calls = { eventsAfter: [] as number[], heads: [] as number[] }
  /** How long an answer, which is of the moment of asking, is on its way. */
  latency: () => Promise<void> = async () => {}
  failing = false

  /** A change of what is no message, or is deleted, becomes a message. */
  append(channelId: Id, entry: ModelEntry = { kind: 'created' }): LogEvent {
    const log = this.log(channelId)
    const event = this.#event(channelId, log, entry)
    log.push(event)
    this.#logs.set(channelId, log)
    return event
  }

  /** As it was appended, each event for itself. */
  log(channelId: Id): LogEvent[] {
    return this.#logs.get(channelId) ?? []
  }

  page(channelId: Id, after: number, limit: number): EventPage {
    const log = this.log(channelId)
    const events = inPresentState(log).slice(after, after + limit)
    return { channelId, events, head: log.length }
  }

  async eventsAfter(requests: readonly EventsRequest[]): Promise<EventPage[]> {
    this.calls.eventsAfter.push(requests.length)
    return this.#later(
      requests.map(({ channelId, after, limit }) => this.page(channelId, after, limit)),
    )
  }

  async heads(channelIds: readonly Id[]): Promise<ReadonlyMap<Id, number>> {
    this.calls.heads.push(channelIds.length)
    const present = channelIds.filter((id) => this.#logs.has(id))
    return this.#later(new Map(present.map((id) => [id, this.log(id).length])))
  }

  async #later<T>(answer: T): Promise<T> {
    await this.latency()
    if (this.failing) throw new StoreError('unavailable', 'The model is told to fail.')
    return answer
  }

  #event(channelId: Id, log: readonly LogEvent[], entry: ModelEntry): LogEvent {
    const seq = log.length + 1
    const author = { id: idOf(0), name: 'Ha-neul' }
    const base = { id: idOf(seq), channelId, seq, createdAt: 1_000 + seq, author }
    const message = {
      ...base,
      kind: 'created',
      clientId: `c${seq}`,
      lane: 'chat',
      text: `text ${seq}`,
    } as const
    if (entry.kind === 'created') return message
    const { kind, target } = entry
    const there = log[target - 1]?.kind === 'created'
    const gone = log.some((event) => event.kind === 'deleted' && event.target === target)
    if (!there || gone) return message
    return kind === 'deleted'
      ? { ...base, kind, target }
      : { ...base, kind, target, text: `edit ${seq}` }
  }
}
