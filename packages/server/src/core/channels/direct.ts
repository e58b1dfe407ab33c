/** Direct channels: exactly two people of one community, and nobody else ever. */
import type { Author, Id, MyChannel, Person } from '@madang/protocol'
import { authorOf } from '../appender.ts'
import type { Ground } from '../ground.ts'
import { Refusal } from '../refusal.ts'
import type { NewChannels } from './new-channels.ts'

export const directKey = (one: Id, other: Id): string => [one, other].sort().join(':')

export class DirectChannels {
  readonly #ground: Ground
  readonly #made: NewChannels

  constructor(ground: Ground, made: NewChannels) {
    this.#ground = ground
    this.#made = made
  }

  async open(by: Person, what: { communityId: Id; personId: Id }): Promise<MyChannel> {
    const { communityId, personId } = what
    if (personId === by.id) throw new Refusal('invalid', { field: 'personId' })
    const { places, store } = this.#ground
    await places.community(by, communityId)
    const peer = await this.#peer(communityId, personId)
    const key = directKey(by.id, personId)
    const known = await store.channelByKey(communityId, key)
    const channelId = known?.id ?? (await this.#make(by, peer, communityId, key))
    await this.#restore(by, peer, channelId)
    return places.myChannel(channelId, by.id)
  }

  async #peer(communityId: Id, personId: Id): Promise<Author> {
    const [peer, place] = await Promise.all([
      this.#ground.places.subject(personId),
      this.#ground.store.communityStanding(communityId, personId),
    ])
    if (place === null || place.role === null || place.banned) throw new Refusal('not_found')
    return peer
  }

  async #make(by: Person, peer: Author, communityId: Id, key: string): Promise<Id> {
    await this.#made.checkPeople([by.id, peer.id])
    const { channelId } = await this.#made.make({
      communityId,
      kind: 'direct',
      visibility: 'private',
      name: '',
      key,
      members: [
        { person: authorOf(by), role: 'member' },
        { person: peer, role: 'member' },
      ],
    })
    return channelId
  }

  /** Leaving the community ended the membership of its direct channels too; who came back to it comes back to them. */
  async #restore(by: Person, peer: Author, channelId: Id): Promise<void> {
    const { store, appender, outlet } = this.#ground
    for (const subject of [authorOf(by), peer]) {
      const place = await store.channelStanding(channelId, subject.id)
      if (place?.channelRole !== null) continue
      const mine = subject.id === by.id
      const { repeated } = await appender.append(by, {
        channelId,
        needs: mine ? 'community' : 'member',
        entry: { kind: mine ? 'joined' : 'invited', subject, role: 'member' },
      })
      if (!repeated) outlet.notify(subject.id, { kind: 'channel', channelId })
    }
  }
}
