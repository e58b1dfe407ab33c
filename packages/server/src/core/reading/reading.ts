/** Reads logs, and moves cursors. A page is read first and the right to it is checked after, so that nothing later than a removal is ever given out. */
import { type Id, LIMITS, type LogEvent, type MyChannel, type Person } from '@madang/protocol'
import type { Belongings, CursorMove, HistoryPage, Store } from '../../store/store.ts'
import { Batcher } from '../batcher.ts'
import type { Reading as Contract } from '../core.ts'
import type { Ground } from '../ground.ts'
import { CORE_LIMITS } from '../limits.ts'
import { Refusal } from '../refusal.ts'

type Request<Name extends 'history' | 'events' | 'read'> = Parameters<Contract[Name]>[1]
type Moved = Awaited<ReturnType<Contract['read']>>

const bounds = {
  keysMax: CORE_LIMITS.batchCallsMax,
  runningMax: CORE_LIMITS.batchesRunningMax,
  waitingMax: CORE_LIMITS.batchCallsWaitingMax,
}

const pageLimit = (asked: number | undefined): number =>
  Math.min(asked ?? LIMITS.historyEventsDefault, LIMITS.historyEventsMax)

export class Reading implements Contract {
  readonly #ground: Ground
  readonly #belongings: Batcher<Id, Belongings>
  readonly #moves: Batcher<CursorMove, Moved>

  constructor(ground: Ground) {
    this.#ground = ground
    const { store } = ground
    this.#belongings = new Batcher({ ...bounds, run: (ids) => belongingsOf(store, ids) })
    this.#moves = new Batcher({ ...bounds, run: (moves) => store.moveCursors(moves) })
  }

  async history(by: Person, what: Request<'history'>): Promise<HistoryPage> {
    const page = await this.#ground.store.history({ ...what, limit: pageLimit(what.limit) })
    await this.#ground.places.channel(by, what.channelId)
    return page
  }

  async events(
    by: Person,
    what: Request<'events'>,
  ): Promise<{ events: readonly LogEvent[]; head: number }> {
    const request = { ...what, limit: pageLimit(what.limit) }
    const [page] = await this.#ground.store.eventsAfter([request])
    await this.#ground.places.channel(by, what.channelId)
    return { events: page?.events ?? [], head: page?.head ?? 0 }
  }

  async read(by: Person, what: Request<'read'>): Promise<Moved> {
    const { channelId, cursor: seq } = what
    await this.#ground.places.channel(by, channelId)
    const moved = await this.#moves.get({ personId: by.id, channelId, seq })
    // The unread count, too, is something that a removed person must not learn.
    await this.#ground.places.channel(by, channelId)
    // A cursor that is further already was told about when it moved there.
    if (moved.cursor <= seq) {
      this.#ground.outlet.notify(by.id, { kind: 'read', channelId, ...moved })
    }
    return moved
  }

  async readable(by: Person, channelId: Id): Promise<MyChannel> {
    const channel = await this.#ground.places.myChannel(channelId, by.id)
    await this.#ground.places.channel(by, channelId)
    return channel
  }

  async belongings(personId: Id): Promise<Belongings> {
    const belongings = await this.#belongings.get(personId)
    if (belongings.disabled) throw new Refusal('banned')
    return belongings
  }

  placeVersions(personIds: readonly Id[]): Promise<ReadonlyMap<Id, string>> {
    return this.#ground.store.placeVersions(personIds)
  }
}

/** Asks for each person once, however many connections of theirs come at the same moment. */
async function belongingsOf(store: Store, personIds: readonly Id[]): Promise<Belongings[]> {
  const all = await store.belongings([...new Set(personIds)])
  const byPerson = new Map(all.map((belongings) => [belongings.personId, belongings]))
  return personIds.map((personId) => byPerson.get(personId) ?? nothing(personId))
}

const nothing = (personId: Id): Belongings => ({
  personId,
  version: '',
  communities: [],
  channels: [],
})
