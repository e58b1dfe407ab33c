/** Makes channels, within the limits, for people who belong there. */
import {
  type Author,
  type ErrorDetail,
  type Id,
  LIMITS,
  type Person,
  type Role,
} from '@madang/protocol'
import type { NewChannel } from '../../store/store.ts'
import { channelSight, readRefusal } from '../access.ts'
import { authorOf } from '../appender.ts'
import type { Ground } from '../ground.ts'
import { Refusal } from '../refusal.ts'

export interface FirstMember {
  readonly person: Author
  readonly role: Role
}

export interface Wanted
  extends Pick<NewChannel, 'communityId' | 'kind' | 'visibility' | 'name' | 'channelsMax'> {
  readonly topic?: string
  readonly key?: string
  /** The author, and whoever else is in it from the start. */
  readonly members: readonly [FirstMember, ...FirstMember[]]
}

export interface Made {
  readonly channelId: Id
  /** False where another channel had the key. */
  readonly fresh: boolean
}

const limit = (name: string): ErrorDetail => ({ limit: name })

export class NewChannels {
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
  }

  /** Rejects with `limit_reached`, or as reading the channel would where the author is no longer in the community. */
  async make(wanted: Wanted): Promise<Made> {
    const { store, clock, newId, appender, outlet } = this.#ground
    const { members, topic = '', ...rest } = wanted
    const { channel, events } = await store.createChannel({
      ...rest,
      id: newId(),
      topic,
      createdAt: clock.now(),
      author: members[0].person,
      members: members.map(({ person, role }) => ({
        person: authorOf(person),
        role,
        eventId: newId(),
      })),
    })
    appender.committed(events)
    if (events.length === 0) return { channelId: channel.id, fresh: false }
    await this.#settle(channel.id, members)
    for (const { person } of members) {
      outlet.notify(person.id, { kind: 'channel', channelId: channel.id })
    }
    return { channelId: channel.id, fresh: true }
  }

  /**
   * Bounds what any one person's list of the community holds; others' private channels do not count. Guests are made by whoever comes, so that their bound is the smaller
   * one: however many come, there is room for those who have an account. Resolves to the bound, for the store, which counts those that this person does not see as well.
   */
  async checkCommunity(communityId: Id, { id, kind }: Person): Promise<number> {
    const channels = await this.#ground.store.channels(communityId, id)
    const name = kind === 'guest' ? 'channelsByGuestsMax' : 'channelsPerCommunityMax'
    if (channels.length >= LIMITS[name]) throw new Refusal('limit_reached', limit(name))
    return LIMITS[name]
  }

  async checkPeople(personIds: readonly Id[]): Promise<void> {
    for (const { channels } of await this.#ground.store.belongings(personIds)) {
      const memberships = channels.filter(({ role }) => role !== null).length
      if (memberships >= LIMITS.channelsPerPersonMax) {
        throw new Refusal('limit_reached', limit('channelsPerPersonMax'))
      }
    }
  }

  /** The contract lets a store make first members without asking: whoever was removed from the community meanwhile is taken out again. */
  async #settle(channelId: Id, members: readonly FirstMember[]): Promise<void> {
    const [author] = members
    for (const { person } of members) {
      const place = await this.#ground.store.channelStanding(channelId, person.id)
      const code = readRefusal(channelSight(place))
      if (code === null) continue
      await this.#ground.appender.append(person, {
        channelId,
        needs: 'nothing',
        entry: { kind: 'left', subject: authorOf(person) },
      })
      if (person === author?.person) throw new Refusal(code)
    }
  }
}
