/** A node's reads of the store, shared: however many readers come back at once, the store gets one call of each kind at a time. */
import type { Id } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { type EventPage, type EventsRequest, type Store, StoreError } from '../store/store.ts'
import type { FeedLimits } from './feed-limits.ts'
import { type Asked, Sharing } from './sharing.ts'

export type FeedStore = Pick<Store, 'eventsAfter' | 'heads'>
export type ReadLimits = Pick<
  FeedLimits,
  'pageEventsMax' | 'readAheadEvents' | 'readEventsMax' | 'headsChannelsMax'
>

/** The events after one seq, up to another that is known to exist, and some beyond. */
export interface PageQuestion {
  readonly channelId: Id
  readonly after: number
  readonly known: number
}
type AskedPage = Asked<PageQuestion, EventPage>
type AskedHeads = Asked<readonly Id[], ReadonlyMap<Id, number>>

export interface ReadsOptions {
  readonly store: FeedStore
  readonly clock: Clock
  readonly limits: ReadLimits
}

/** Reads reject with the store's error; after `stop` with `unavailable`. */
export class SharedReads {
  readonly #store: FeedStore
  readonly #limits: ReadLimits
  readonly #pages: Sharing<PageQuestion, EventPage>
  readonly #heads: Sharing<readonly Id[], ReadonlyMap<Id, number>>

  constructor({ store, clock, limits }: ReadsOptions) {
    this.#store = store
    this.#limits = limits
    this.#pages = new Sharing(clock, (asked) => this.#answerPages(asked))
    this.#heads = new Sharing(clock, (asked) => this.#answerHeads(asked))
  }

  /** Less than was asked for where that is more than a page. */
  page(question: PageQuestion): Promise<EventPage> {
    return this.#pages.ask(question)
  }

  /** A channel that does not exist is absent. */
  heads(channelIds: readonly Id[]): Promise<ReadonlyMap<Id, number>> {
    return this.#heads.ask(channelIds)
  }

  stop(): void {
    const error = new StoreError('unavailable', 'The feeds of this node have stopped.')
    this.#pages.end(error)
    this.#heads.end(error)
  }

  async #answerPages(asked: readonly AskedPage[]): Promise<readonly AskedPage[]> {
    const groups = Map.groupBy(asked, ({ question }) => question.channelId)
    const requests = this.#requests(groups)
    const now = requests.map(({ channelId }) => groups.get(channelId) ?? [])
    const left = [...groups.values()].slice(requests.length).flat()
    try {
      const pages = await this.#store.eventsAfter(requests)
      const byChannel = new Map(pages.map((page) => [page.channelId, page]))
      return [...now.flatMap((group) => answerGroup(group, byChannel)), ...left]
    } catch (error) {
      for (const { reject } of now.flat()) reject(error)
      return left
    }
  }

  /** One request per channel, as many as one read may carry and at least one. */
  #requests(groups: ReadonlyMap<Id, readonly AskedPage[]>): EventsRequest[] {
    const requests: EventsRequest[] = []
    let events = 0
    for (const [channelId, group] of groups) {
      const after = first(group)
      const known = Math.max(...group.map(({ question }) => question.known))
      const wanted = Math.max(0, known - after) + this.#limits.readAheadEvents
      const limit = Math.min(this.#limits.pageEventsMax, wanted)
      events += limit
      if (requests.length > 0 && events > this.#limits.readEventsMax) break
      requests.push({ channelId, after, limit })
    }
    return requests
  }

  async #answerHeads(asked: readonly AskedHeads[]): Promise<readonly AskedHeads[]> {
    const ids = new Set<Id>()
    let taken = 0
    for (const { question } of asked) {
      if (taken > 0 && ids.size + question.length > this.#limits.headsChannelsMax) break
      for (const id of question) ids.add(id)
      taken += 1
    }
    const now = asked.slice(0, taken)
    try {
      const heads = await this.#store.heads([...ids])
      for (const { resolve } of now) resolve(heads)
    } catch (error) {
      for (const { reject } of now) reject(error)
    }
    return asked.slice(taken)
  }
}

function first(group: readonly AskedPage[]): number {
  return Math.min(...group.map(({ question }) => question.after))
}

/** Gives each its part of the page. Returns those whose place the page did not reach; the next read begins with them. */
function answerGroup(group: readonly AskedPage[], pages: ReadonlyMap<Id, EventPage>): AskedPage[] {
  const left: AskedPage[] = []
  const from = first(group)
  for (const one of group) {
    const { channelId, after } = one.question
    const page = pages.get(channelId)
    const end = page?.events.at(-1)?.seq ?? from
    if (page === undefined)
      one.reject(new StoreError('unavailable', 'The store left a channel out.'))
    else if (after > from && end <= after && after < page.head) left.push(one)
    else one.resolve({ ...page, events: page.events.slice(Math.max(0, after - from)) })
  }
  return left
}
