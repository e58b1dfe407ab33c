/** Writes to channels: messages, their edits and deletes, and the state of questions. */
import type { Id, LogEvent, Person } from '@madang/protocol'
import type { Entry, Standing } from '../../store/store.ts'
import { leads } from '../access.ts'
import { type Appended, placeOf } from '../appender.ts'
import type { Messages as Contract, Place, Sent } from '../core.ts'
import type { Ground } from '../ground.ts'
import { Refusal } from '../refusal.ts'

type Request<Name extends keyof Contract> = Parameters<Contract[Name]>[1]

export class Messages implements Contract {
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
  }

  async send(by: Person, what: Request<'send'>): Promise<Sent> {
    const { channelId, clientId, text, lane = 'chat' } = what
    // The busiest path of all: a plain message costs one call of the store, which checks everything inside the commit.
    if (lane !== 'chat') await this.#checkLane(by, channelId)
    return sentOf(
      await this.#ground.appender.append(by, {
        channelId,
        needs: lane === 'notice' ? 'moderator' : 'writer',
        entry: { kind: 'created', clientId, lane, text },
      }),
    )
  }

  async edit(by: Person, what: Request<'edit'>): Promise<Place> {
    const { channelId, target, text, clientId } = what
    await this.#checkPrivate(by, channelId, target)
    return this.#append(by, channelId, 'author', {
      kind: 'edited',
      target,
      text,
      ...(clientId !== undefined && { clientId }),
    })
  }

  async delete(by: Person, what: Request<'delete'>): Promise<Place> {
    const { channelId, target, clientId } = what
    await this.#checkPrivate(by, channelId, target)
    return this.#append(by, channelId, 'author', {
      kind: 'deleted',
      target,
      ...(clientId !== undefined && { clientId }),
    })
  }

  async question(by: Person, what: Request<'question'>): Promise<Place> {
    const { channelId, target, state, clientId } = what
    await this.#checkPrivate(by, channelId, target)
    return this.#append(by, channelId, 'moderator', {
      kind: 'question',
      target,
      state,
      ...(clientId !== undefined && { clientId }),
    })
  }

  async #append(by: Person, channelId: Id, needs: Standing, entry: Entry): Promise<Place> {
    return placeOf(await this.#ground.appender.append(by, { channelId, needs, entry }))
  }

  /** Only live channels have lanes other than `chat`; whoever does not see the channel does not learn its kind. */
  async #checkLane(by: Person, channelId: Id): Promise<void> {
    const { kind, visibility } = await this.#ground.places.facts(channelId)
    if (kind === 'live' && visibility === 'public') return
    await this.#ground.places.channel(by, channelId)
    if (kind !== 'live') throw new Refusal('invalid', { field: 'lane' })
  }

  /** Keeps those who lead the community, and whom the store lets moderate everywhere in it, out of what is not theirs to see. */
  async #checkPrivate(by: Person, channelId: Id, target: number): Promise<void> {
    const { kind, visibility } = await this.#ground.places.facts(channelId)
    if (visibility === 'public') return
    const place = await this.#ground.places.channel(by, channelId)
    if (kind !== 'direct' || !leads(place.role)) return
    const author = await this.#authorOf(channelId, target)
    if (author !== by.id) throw new Refusal(author === null ? 'not_found' : 'forbidden')
  }

  async #authorOf(channelId: Id, target: number): Promise<Id | null> {
    const request = { channelId, after: target - 1, limit: 1 }
    const [page] = await this.#ground.store.eventsAfter([request])
    const event = page?.events[0]
    return event?.kind === 'created' ? event.author.id : null
  }
}

function sentOf({ event, repeated }: Appended): Sent {
  if (event === null) throw new Refusal('internal')
  const { id, seq, createdAt }: LogEvent = event
  return { id, seq, createdAt, duplicate: repeated }
}
