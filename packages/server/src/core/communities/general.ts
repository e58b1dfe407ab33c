/** Every community's first channel, `general`, which people are in from the start. */
import type { Author, Id } from '@madang/protocol'
import { authorOf } from '../appender.ts'
import type { NewChannels } from '../channels/new-channels.ts'
import type { Ground } from '../ground.ts'
import { CORE_LIMITS } from '../limits.ts'
import { Recent } from '../recent.ts'

export const GENERAL = 'general'

export class General {
  readonly #ground: Ground
  readonly #made: NewChannels
  readonly #ids = new Recent<Id, Id>(CORE_LIMITS.generalChannelsMax)

  constructor(ground: Ground, made: NewChannels) {
    this.#ground = ground
    this.#made = made
  }

  /** Makes it where it is not there yet; many nodes may do so at once. */
  async make(communityId: Id, owner: Author): Promise<Id> {
    const known = await this.#find(communityId)
    if (known !== null) return known
    const { channelId } = await this.#made.make({
      communityId,
      kind: 'text',
      visibility: 'public',
      name: GENERAL,
      key: GENERAL,
      members: [{ person: owner, role: 'owner' }],
    })
    return channelId
  }

  /**
   * Brings a member of the community in, by themselves or by somebody else. Where that is refused (a ban in the channel, too many channels) they are
   * in the community all the same.
   */
  async admit(communityId: Id, subject: Author, by: Author = subject): Promise<void> {
    const channelId = await this.#find(communityId)
    if (channelId === null) return
    const kind = subject.id === by.id ? 'joined' : 'invited'
    const [result] = await this.#ground.appender.appendAll(by, [
      {
        channelId,
        // Whoever comes must be in the community, and that is checked for this kind of entry in any case.
        needs: 'nothing',
        entry: { kind, subject: authorOf(subject), role: 'member' },
      },
    ])
    if (result?.outcome !== 'appended') return
    this.#ground.outlet.notify(subject.id, { kind: 'channel', channelId })
  }

  async #find(communityId: Id): Promise<Id | null> {
    const known = this.#ids.get(communityId)
    if (known !== undefined) return known
    const channel = await this.#ground.store.channelByKey(communityId, GENERAL)
    if (channel === null) return null
    this.#ids.set(communityId, channel.id)
    return channel.id
  }
}
