/** Channels themselves: finding, making and naming them; who is in them is `membership.ts`. */
import type { Id, MyChannel, Person, Standing } from '@madang/protocol'
import type { BansPage, MembersPage, MembersRequest } from '../../store/store.ts'
import { permits, roleIn } from '../access.ts'
import { authorOf } from '../appender.ts'
import type { Channels as Contract } from '../core.ts'
import type { Ground } from '../ground.ts'
import { normalName, normalTopic } from '../names.ts'
import { Refusal } from '../refusal.ts'
import { DirectChannels } from './direct.ts'
import { ChannelMembership } from './membership.ts'
import type { NewChannels } from './new-channels.ts'
import { RoomChannels } from './rooms.ts'

type Request<Name extends 'create' | 'rename' | 'standing'> = Parameters<Contract[Name]>[1]

class ChannelPlaces
  implements Pick<Contract, 'list' | 'get' | 'create' | 'rename' | 'members' | 'standing' | 'bans'>
{
  readonly #ground: Ground
  readonly #made: NewChannels

  constructor(ground: Ground, made: NewChannels) {
    this.#ground = ground
    this.#made = made
  }

  async list(by: Person, communityId: Id): Promise<readonly MyChannel[]> {
    const channels = await this.#ground.store.channels(communityId, by.id)
    await this.#ground.places.community(by, communityId)
    return channels
  }

  async get(by: Person, channelId: Id): Promise<MyChannel> {
    const channel = await this.#ground.places.myChannel(channelId, by.id)
    await this.#ground.places.channel(by, channelId, 'sees')
    return channel
  }

  async create(by: Person, what: Request<'create'>): Promise<MyChannel> {
    const { communityId, kind, visibility = 'public', topic = '' } = what
    await this.#ground.places.community(by, communityId)
    const channelsMax = await this.#made.checkCommunity(communityId, by)
    await this.#made.checkPeople([by.id])
    const { channelId } = await this.#made.make({
      communityId,
      kind,
      visibility,
      name: normalName(what.name),
      topic: normalTopic(topic),
      channelsMax,
      members: [{ person: authorOf(by), role: 'owner' }],
    })
    return this.#ground.places.myChannel(channelId, by.id)
  }

  async rename(by: Person, what: Request<'rename'>): Promise<MyChannel> {
    const { channelId } = what
    const { places, appender } = this.#ground
    const place = await places.channel(by, channelId, 'sees')
    const { channel } = place
    if (channel.kind === 'direct' || !permits('rename', roleIn(place))) {
      throw new Refusal(place.channelRole === null ? 'not_member' : 'forbidden')
    }
    const name = what.name === undefined ? channel.name : normalName(what.name)
    const topic = what.topic === undefined ? channel.topic : normalTopic(what.topic)
    await appender.append(by, {
      channelId,
      needs: 'moderator',
      entry: { kind: 'renamed', name, topic },
    })
    return places.myChannel(channelId, by.id)
  }

  async members(by: Person, channelId: Id, page: MembersRequest): Promise<MembersPage> {
    const members = await this.#ground.store.channelMembers(channelId, page)
    await this.#ground.places.channel(by, channelId)
    return members
  }

  async standing(by: Person, { channelId, personId }: Request<'standing'>): Promise<Standing> {
    const { store, places } = this.#ground
    const person = await store.person(personId)
    const theirs = await store.channelStanding(channelId, personId)
    await places.channel(by, channelId)
    if (person === null || theirs === null) throw new Refusal('not_found')
    const { channelRole, channelBanned, role } = theirs
    if (channelRole === null && role === null && !channelBanned) throw new Refusal('not_found')
    return { person, role: channelRole, banned: channelBanned, communityRole: role }
  }

  async bans(by: Person, channelId: Id, page: MembersRequest): Promise<BansPage> {
    const bans = await this.#ground.store.channelBans(channelId, page)
    const place = await this.#ground.places.channel(by, channelId, 'sees')
    if (place.channel.kind === 'direct' || !permits('unban', roleIn(place))) {
      throw new Refusal(place.channelRole === null ? 'not_member' : 'forbidden')
    }
    return bans
  }
}

export function createChannels(ground: Ground, made: NewChannels): Contract {
  const places = new ChannelPlaces(ground, made)
  const membership = new ChannelMembership(ground)
  const direct = new DirectChannels(ground, made)
  const rooms = new RoomChannels(ground, made)
  return {
    list: (by, communityId) => places.list(by, communityId),
    get: (by, channelId) => places.get(by, channelId),
    create: (by, what) => places.create(by, what),
    rename: (by, what) => places.rename(by, what),
    members: (by, channelId, page) => places.members(by, channelId, page),
    standing: (by, what) => places.standing(by, what),
    bans: (by, channelId, page) => places.bans(by, channelId, page),
    direct: (by, what) => direct.open(by, what),
    room: (by, what, pay) => rooms.open(by, what, pay),
    join: (by, channelId) => membership.join(by, channelId),
    leave: (by, channelId) => membership.leave(by, channelId),
    invite: (by, what) => membership.invite(by, what),
    setRole: (by, what) => membership.setRole(by, what),
    kick: (by, what) => membership.kick(by, what),
    ban: (by, what) => membership.ban(by, what),
    unban: (by, what) => membership.unban(by, what),
  }
}
