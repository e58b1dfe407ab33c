/**
 * Ends memberships of a community. The community's own ends first, so that nothing new can start, then those of its channels, by events. What was
 * broken off in the middle is finished by asking again.
 */
import type { Author, Id, MyChannel, Person } from '@madang/protocol'
import type { CommunityStanding, Entry } from '../../store/store.ts'
import { type Action, communitySight, permits, readRefusal } from '../access.ts'
import type { Communities } from '../core.ts'
import type { Ground } from '../ground.ts'
import { companyOf, lastOwnerStays } from '../owners.ts'
import { Refusal } from '../refusal.ts'
import { placeKeys } from './place-keys.ts'

type Request<Name extends 'remove' | 'ban' | 'unban'> = Parameters<Communities[Name]>[1]

/** How a membership ends: what the channels' logs say of it, and whether the person is kept out. */
interface Ending {
  readonly kind: 'left' | 'kicked'
  readonly banned: boolean
  readonly reason?: string
}

export class CommunityRemoval {
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
  }

  async remove(by: Person, what: Request<'remove'>): Promise<void> {
    const { communityId, personId } = what
    if (personId === by.id) {
      await this.#inTurn(what, (present) => this.#leave(by, communityId, present))
      return
    }
    await this.#ground.places.community(by, communityId)
    await this.#inTurn(what, async (present) => {
      await this.#refuseUnless(by, communityId, 'kick', present)
      if (present.banned) throw new Refusal('not_found')
      const subject = await this.#ground.places.subject(personId)
      const found = await this.#end(by, communityId, subject, present, {
        kind: 'kicked',
        banned: false,
      })
      if (!found) throw new Refusal('not_found')
    })
  }

  /**
   * In the channels' logs the person is `kicked`: what keeps them out is the community's ban, so that lifting it lifts all of it. A `banned` entry
   * per channel would outlive it in the private ones, which nobody outside can list.
   */
  async ban(by: Person, what: Request<'ban'>): Promise<void> {
    const { communityId, personId, reason } = what
    await this.#ground.places.community(by, communityId)
    if (personId === by.id) throw new Refusal('forbidden')
    await this.#inTurn(what, async (present) => {
      await this.#refuseUnless(by, communityId, 'ban', present)
      const subject = await this.#ground.places.subject(personId)
      await this.#end(by, communityId, subject, present, {
        kind: 'kicked',
        banned: true,
        ...(reason !== undefined && { reason }),
      })
    })
  }

  async unban(by: Person, what: Request<'unban'>): Promise<void> {
    const { communityId, personId } = what
    await this.#ground.places.community(by, communityId)
    await this.#inTurn(what, async (present) => {
      await this.#refuseUnless(by, communityId, 'unban', present)
      if (!present.banned) throw new Refusal('not_found')
      await this.#set(communityId, personId, false)
    })
  }

  async #leave(by: Person, communityId: Id, present: CommunityStanding): Promise<void> {
    if (present.role === 'owner') {
      const company = await companyOf(by.id, (page) =>
        this.#ground.store.communityMembers(communityId, page),
      )
      if (company === 'others') throw lastOwnerStays()
    }
    const ending = { kind: 'left', banned: present.banned } as const
    if (await this.#end(by, communityId, by, present, ending)) return
    throw new Refusal(readRefusal(communitySight(present)) ?? 'not_member')
  }

  /** Resolves to whether there was anything to end. */
  async #end(
    by: Author,
    communityId: Id,
    subject: Author,
    present: CommunityStanding,
    ending: Ending,
  ): Promise<boolean> {
    const changes = present.role !== null || present.banned !== ending.banned
    if (changes) await this.#set(communityId, subject.id, ending.banned)
    const channels = await this.#ground.store.channels(communityId, subject.id)
    const inside = channels.filter(({ role }) => role !== null)
    await this.#endChannels(by, subject, inside, ending)
    return changes || inside.length > 0
  }

  async #endChannels(
    by: Author,
    who: Author,
    channels: readonly MyChannel[],
    { kind, reason }: Ending,
  ): Promise<void> {
    const subject = { id: who.id, name: who.name }
    const entry: Entry =
      kind === 'left'
        ? { kind, subject }
        : { kind, subject, ...(reason !== undefined && { reason }) }
    const results = await this.#ground.appender.appendAll(
      by,
      channels.map(({ id }) => ({ channelId: id, needs: 'nothing', entry })),
    )
    for (const result of results) {
      if (result.outcome !== 'appended') continue
      const { channelId } = result.event
      this.#ground.outlet.notify(who.id, { kind: 'gone', channelId, reason: kind })
    }
  }

  async #set(communityId: Id, personId: Id, banned: boolean): Promise<void> {
    const at = this.#ground.clock.now()
    await this.#ground.store.setCommunityMember({ communityId, personId, role: null, banned, at })
    this.#ground.outlet.notify(personId, { kind: 'community', communityId })
  }

  async #refuseUnless(
    by: Person,
    communityId: Id,
    action: Action,
    present: CommunityStanding,
  ): Promise<void> {
    const { role } = await this.#ground.places.community(by, communityId)
    if (!permits(action, role, present.role)) throw new Refusal('forbidden')
  }

  /** Runs the change in the turn of the person's place and, where they own the community, of its owners. */
  async #inTurn(
    { communityId, personId }: { communityId: Id; personId: Id },
    change: (present: CommunityStanding) => Promise<void>,
  ): Promise<void> {
    const before = await this.#standing(communityId, personId)
    const owner = before.role === 'owner'
    await this.#ground.turns.take(placeKeys(communityId, personId, owner), async () => {
      const present = await this.#standing(communityId, personId)
      if (present.role === 'owner' && !owner) throw new Refusal('conflict')
      await change(present)
    })
  }

  async #standing(communityId: Id, personId: Id): Promise<CommunityStanding> {
    const place = await this.#ground.store.communityStanding(communityId, personId)
    if (place === null) throw new Refusal('not_found')
    return place
  }
}
