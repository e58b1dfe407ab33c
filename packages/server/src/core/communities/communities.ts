/** Communities themselves: finding and making them; who is in them is `membership.ts` and `removal.ts`. */
import { type Id, LIMITS, type MyChannel, type MyCommunity, type Person } from '@madang/protocol'
import type { BansPage, MembersPage, MembersRequest } from '../../store/store.ts'
import { permits } from '../access.ts'
import { authorOf } from '../appender.ts'
import type { Communities as Contract } from '../core.ts'
import type { Ground } from '../ground.ts'
import { CORE_LIMITS } from '../limits.ts'
import { normalName } from '../names.ts'
import { Refusal } from '../refusal.ts'
import type { General } from './general.ts'
import { CommunityMembership } from './membership.ts'
import { CommunityRemoval } from './removal.ts'

class CommunityPlaces implements Pick<Contract, 'list' | 'create' | 'members' | 'bans'> {
  readonly #ground: Ground
  readonly #general: General

  constructor(ground: Ground, general: General) {
    this.#ground = ground
    this.#general = general
  }

  list(by: Person): Promise<readonly MyCommunity[]> {
    return this.#ground.store.communities(by.id, CORE_LIMITS.publicCommunitiesListedMax)
  }

  async create(
    by: Person,
    what: Parameters<Contract['create']>[1],
  ): Promise<{ community: MyCommunity; channels: readonly MyChannel[] }> {
    const { store, clock, newId, outlet, places } = this.#ground
    const name = normalName(what.name)
    const mine = await store.communities(by.id, 0)
    if (mine.filter(({ role }) => role !== null).length >= LIMITS.communitiesPerPersonMax) {
      throw new Refusal('limit_reached', { limit: 'communitiesPerPersonMax' })
    }
    const id = newId()
    const createdAt = clock.now()
    const { visibility = 'public' } = what
    await store.createCommunity({ id, name, visibility, createdAt, owner: authorOf(by) })
    outlet.notify(by.id, { kind: 'community', communityId: id })
    const general = await this.#general.make(id, authorOf(by))
    return {
      community: { id, name, visibility, createdAt, role: 'owner' },
      channels: [await places.myChannel(general, by.id)],
    }
  }

  async members(by: Person, communityId: Id, page: MembersRequest): Promise<MembersPage> {
    const members = await this.#ground.store.communityMembers(communityId, page)
    await this.#ground.places.community(by, communityId)
    return members
  }

  async bans(by: Person, communityId: Id, page: MembersRequest): Promise<BansPage> {
    const bans = await this.#ground.store.communityBans(communityId, page)
    const place = await this.#ground.places.community(by, communityId)
    if (!permits('unban', place.role)) throw new Refusal('forbidden')
    return bans
  }
}

export function createCommunities(ground: Ground, general: General): Contract {
  const places = new CommunityPlaces(ground, general)
  const membership = new CommunityMembership(ground, general)
  const removal = new CommunityRemoval(ground)
  return {
    list: (by) => places.list(by),
    create: (by, what) => places.create(by, what),
    members: (by, communityId, page) => places.members(by, communityId, page),
    bans: (by, communityId, page) => places.bans(by, communityId, page),
    join: (by, communityId) => membership.join(by, communityId),
    invite: (by, what) => membership.invite(by, what),
    setRole: (by, what) => membership.setRole(by, what),
    remove: (by, what) => removal.remove(by, what),
    ban: (by, what) => removal.ban(by, what),
    unban: (by, what) => removal.unban(by, what),
  }
}
