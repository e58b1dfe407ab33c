/** Coming into a community, and what one is in it; ending it is `removal.ts`. */
import { type Author, type Id, LIMITS, type MyCommunity, type Person } from '@madang/protocol'
import type { CommunityStanding } from '../../store/store.ts'
import { communitySight, invites, makes, permits, readRefusal } from '../access.ts'
import type { Communities } from '../core.ts'
import type { Ground } from '../ground.ts'
import { companyOf, lastOwnerStays } from '../owners.ts'
import { Refusal } from '../refusal.ts'
import type { General } from './general.ts'
import { placeKeys } from './place-keys.ts'

type Request<Name extends 'invite' | 'setRole'> = Parameters<Communities[Name]>[1]

export class CommunityMembership {
  readonly #ground: Ground
  readonly #general: General

  constructor(ground: Ground, general: General) {
    this.#ground = ground
    this.#general = general
  }

  async join(by: Person, communityId: Id): Promise<MyCommunity> {
    await this.#ground.turns.take(placeKeys(communityId, by.id), async () => {
      const place = await this.#ground.store.communityStanding(communityId, by.id)
      const sight = communitySight(place)
      if (sight === 'reads') return
      if (sight !== 'sees') throw new Refusal(readRefusal(sight) ?? 'not_found')
      await this.#enter(communityId, by, by)
    })
    return this.#ground.places.myCommunity(communityId, by.id)
  }

  async invite(by: Person, what: Request<'invite'>): Promise<MyCommunity> {
    const { communityId, personId } = what
    if (personId === by.id) return this.join(by, communityId)
    await this.#ground.turns.take(placeKeys(communityId, personId), async () => {
      const place = await this.#ground.places.community(by, communityId)
      if (!permits(invites(place.community.visibility), place.role)) throw new Refusal('forbidden')
      const subject = await this.#ground.places.subject(personId)
      const present = await this.#standing(communityId, personId)
      if (present.banned) throw new Refusal('forbidden')
      if (present.role === null) await this.#enter(communityId, subject, by)
    })
    return this.#ground.places.myCommunity(communityId, by.id)
  }

  async setRole(by: Person, what: Request<'setRole'>): Promise<MyCommunity> {
    const { communityId, personId } = what
    await this.#ground.places.community(by, communityId)
    const { role } = await this.#standing(communityId, personId)
    const keys = placeKeys(communityId, personId, role === 'owner')
    await this.#ground.turns.take(keys, () => this.#changeRole(by, what, role === 'owner'))
    return this.#ground.places.myCommunity(communityId, by.id)
  }

  /** `owned`: the owners' turn is held. */
  async #changeRole(by: Person, what: Request<'setRole'>, owned: boolean): Promise<void> {
    const { communityId, personId, role } = what
    const place = await this.#ground.places.community(by, communityId)
    const present = await this.#standing(communityId, personId)
    if (present.role === null) throw new Refusal('not_found')
    if (!permits(makes(role), place.role, present.role)) throw new Refusal('forbidden')
    if (present.role === role) return
    if (present.role === 'owner') {
      if (!owned) throw new Refusal('conflict')
      await this.#keepOwner(communityId, personId)
    }
    await this.#set(communityId, personId, role)
  }

  async #enter(communityId: Id, subject: Author, by: Author): Promise<void> {
    const theirs = await this.#ground.store.communities(subject.id, 0)
    const memberships = theirs.filter(({ role }) => role !== null).length
    if (memberships >= LIMITS.communitiesPerPersonMax) {
      throw new Refusal('limit_reached', { limit: 'communitiesPerPersonMax' })
    }
    await this.#set(communityId, subject.id, 'member')
    await this.#general.admit(communityId, subject, by)
  }

  async #set(communityId: Id, personId: Id, role: 'owner' | 'moderator' | 'member'): Promise<void> {
    await this.#ground.store.setCommunityMember({
      communityId,
      personId,
      role,
      banned: false,
      at: this.#ground.clock.now(),
    })
    this.#ground.outlet.notify(personId, { kind: 'community', communityId })
  }

  async #standing(communityId: Id, personId: Id): Promise<CommunityStanding> {
    const place = await this.#ground.store.communityStanding(communityId, personId)
    if (place === null) throw new Refusal('not_found')
    return place
  }

  async #keepOwner(communityId: Id, personId: Id): Promise<void> {
    const company = await companyOf(personId, (page) =>
      this.#ground.store.communityMembers(communityId, page),
    )
    if (company !== 'owner') throw lastOwnerStays()
  }
}
