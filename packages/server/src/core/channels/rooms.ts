/** Channels that are known by a name alone, as rooms of Socket.IO are: whoever asks for one first has it made. */
import type { Id, Person } from '@madang/protocol'
import { authorOf } from '../appender.ts'
import { GENERAL } from '../communities/general.ts'
import { SYSTEM_PERSON } from '../communities/welcome.ts'
import type { Ground } from '../ground.ts'
import { CORE_LIMITS } from '../limits.ts'
import { normalName } from '../names.ts'
import { Recent } from '../recent.ts'
import type { NewChannels } from './new-channels.ts'

/** `general` is a community's first channel under its own name. */
const keyOf = (name: string): string => (name === GENERAL ? GENERAL : `room:${name}`)

export class RoomChannels {
  readonly #ground: Ground
  readonly #made: NewChannels
  /** By community and key. A key never goes to another channel. */
  readonly #ids = new Recent<string, Id>(CORE_LIMITS.roomsKnownMax)

  constructor(ground: Ground, made: NewChannels) {
    this.#ground = ground
    this.#made = made
  }

  async open(by: Person, what: { communityId: Id; name: string }, pay: () => void): Promise<Id> {
    const name = normalName(what.name)
    const key = keyOf(name)
    const entry = `${what.communityId} ${key}`
    const known = this.#ids.get(entry)
    if (known !== undefined) return known
    const found = await this.#ground.store.channelByKey(what.communityId, key)
    if (found === null) pay()
    const id = found?.id ?? (await this.#make(by, what.communityId, name, key))
    this.#ids.set(entry, id)
    return id
  }

  /** It belongs to the server: who comes first has no more to say there than who comes last. */
  async #make(by: Person, communityId: Id, name: string, key: string): Promise<Id> {
    await this.#ground.places.community(by, communityId)
    const channelsMax = await this.#made.checkCommunity(communityId, by)
    const { channelId } = await this.#made.make({
      ...{ communityId, name, key, channelsMax },
      kind: 'text',
      visibility: 'public',
      members: [{ person: authorOf(SYSTEM_PERSON), role: 'owner' }],
    })
    return channelId
  }
}
