/** Looks up a person's place in a channel or community, and refuses whoever does not see it. */
import type { Author, Id, MyChannel, MyCommunity, Person } from '@madang/protocol'
import type { ChannelStanding, CommunityStanding, Store } from '../store/store.ts'
import { channelSight, communitySight, readRefusal, type Sight } from './access.ts'
import { authorOf } from './appender.ts'
import { CORE_LIMITS } from './limits.ts'
import { Recent } from './recent.ts'
import { Refusal } from './refusal.ts'

/** What never changes about a channel. */
export interface ChannelFacts {
  readonly communityId: Id
  readonly kind: MyChannel['kind']
  readonly visibility: MyChannel['visibility']
}

export class Places {
  readonly #store: Store
  readonly #facts = new Recent<Id, ChannelFacts>(CORE_LIMITS.channelFactsMax)

  constructor(store: Store) {
    this.#store = store
  }

  /** Rejects with `not_found`. From memory where it can: nothing of it is about roles. */
  async facts(channelId: Id): Promise<ChannelFacts> {
    const known = this.#facts.get(channelId)
    if (known) return known
    const channel = await this.#store.channel(channelId)
    if (channel === null) throw new Refusal('not_found')
    const { communityId, kind, visibility } = channel
    const facts = { communityId, kind, visibility }
    this.#facts.set(channelId, facts)
    return facts
  }

  /** The place of somebody who reads the channel, or sees it where `least` is `sees`; else rejects with the row of what is in their way. */
  async channel(
    by: Person,
    channelId: Id,
    least: 'reads' | 'sees' = 'reads',
  ): Promise<ChannelStanding> {
    const place = await this.#store.channelStanding(channelId, by.id)
    refuseBlind(channelSight(place), least)
    if (place === null) throw new Refusal('not_found')
    return place
  }

  async community(
    by: Person,
    communityId: Id,
    least: 'reads' | 'sees' = 'reads',
  ): Promise<CommunityStanding> {
    const place = await this.#store.communityStanding(communityId, by.id)
    refuseBlind(communitySight(place), least)
    if (place === null) throw new Refusal('not_found')
    return place
  }

  /** Somebody that something is to be done to. Rejects with `not_found`. */
  async subject(personId: Id): Promise<Author> {
    const person = await this.#store.person(personId)
    if (person === null) throw new Refusal('not_found')
    return authorOf(person)
  }

  async myChannel(channelId: Id, personId: Id): Promise<MyChannel> {
    const channel = await this.#store.myChannel(channelId, personId)
    if (channel === null) throw new Refusal('not_found')
    return channel
  }

  async myCommunity(communityId: Id, personId: Id): Promise<MyCommunity> {
    const place = await this.#store.communityStanding(communityId, personId)
    if (place === null) throw new Refusal('not_found')
    return { ...place.community, role: place.role }
  }
}

function refuseBlind(sight: Sight, least: 'reads' | 'sees'): void {
  const code = readRefusal(sight)
  if (code === null || (least === 'sees' && sight === 'sees')) return
  throw new Refusal(code)
}
