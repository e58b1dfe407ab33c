/** Who is in a channel: coming, going, and what moderators do about it. */
import type { Author, ErrorCode, Id, MyChannel, Person } from '@madang/protocol'
import type { ChannelStanding, Entry } from '../../store/store.ts'
import { type Action, invites, leads, makes, permits, roleIn } from '../access.ts'
import { type Appended, authorOf, placeOf } from '../appender.ts'
import type { Channels, Place } from '../core.ts'
import type { Ground } from '../ground.ts'
import { companyOf, lastOwnerStays } from '../owners.ts'
import { Refusal } from '../refusal.ts'

type Request<Name extends 'invite' | 'setRole' | 'kick' | 'ban' | 'unban'> = Parameters<
  Channels[Name]
>[1]

/** Somebody, and what they are in the channel. */
interface Subject {
  readonly who: Author
  readonly place: ChannelStanding
}

export class ChannelMembership {
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
  }

  async join(by: Person, channelId: Id): Promise<MyChannel> {
    const { places, appender, outlet } = this.#ground
    const place = await places.channel(by, channelId, 'sees')
    if (place.channelRole === null) {
      if (place.channel.visibility === 'private') throw new Refusal('not_found')
      const { repeated } = await appender.append(by, {
        channelId,
        needs: 'community',
        entry: { kind: 'joined', subject: authorOf(by), role: 'member' },
      })
      if (!repeated) outlet.notify(by.id, { kind: 'channel', channelId })
    }
    return places.myChannel(channelId, by.id)
  }

  async leave(by: Person, channelId: Id): Promise<Place> {
    const { channelRole } = await this.#indirect(by, channelId)
    return this.#inTurn(channelId, channelRole === 'owner', async () => {
      const { channelRole: role } = await this.#indirect(by, channelId)
      if (role === 'owner') await this.#keepOwner(by.id, channelId, ['others'])
      const left = await this.#ground.appender.append(by, {
        channelId,
        // Whoever is there may go.
        needs: 'nothing',
        entry: { kind: 'left', subject: authorOf(by) },
      })
      // A retry gets the first answer; whoever never was there, or was removed, has nothing to leave.
      if (left.event?.kind !== 'left') throw new Refusal('not_member')
      this.#tellGone(left, by.id, channelId, 'left')
      return placeOf(left)
    })
  }

  async invite(by: Person, what: Request<'invite'>): Promise<MyChannel> {
    const { channelId, personId } = what
    if (personId === by.id) return this.join(by, channelId)
    const place = await this.#indirect(by, channelId)
    const role = roleIn(place)
    this.#refuseUnless(permits(invites(place.channel.visibility), role), place)
    const subject = await this.#subject(channelId, personId)
    if (subject.place.role === null || subject.place.banned) throw new Refusal('not_found')
    if (subject.place.channelBanned) throw new Refusal('forbidden')
    const [result] = await this.#ground.appender.appendAll(by, [
      {
        channelId,
        needs: leads(role) ? 'moderator' : 'member',
        entry: { kind: 'invited', subject: subject.who, role: 'member' },
      },
    ])
    if (result?.outcome === 'refused') throw await this.#inviteRefusal(by, channelId, result.code)
    if (result?.outcome === 'appended') {
      this.#ground.outlet.notify(personId, { kind: 'channel', channelId })
    }
    return this.#ground.places.myChannel(channelId, by.id)
  }

  async setRole(by: Person, what: Request<'setRole'>): Promise<Place> {
    const { channelId, personId, role } = what
    return this.#lead(by, channelId, personId, makes(role), async (subject) => {
      const present = subject.place.channelRole
      if (present === null) throw new Refusal('not_found')
      if (present === 'owner' && role !== 'owner') {
        await this.#keepOwner(personId, channelId, ['others', 'nobody'])
      }
      const changed = await this.#append(by, channelId, {
        kind: 'role',
        subject: subject.who,
        role,
      })
      if (!changed.repeated) this.#ground.outlet.notify(personId, { kind: 'channel', channelId })
      return placeOf(changed)
    })
  }

  async kick(by: Person, what: Request<'kick'>): Promise<Place> {
    const { channelId, personId, reason } = what
    return this.#lead(by, channelId, personId, 'kick', async (subject) => {
      if (subject.place.channelRole === null) throw new Refusal('not_found')
      const kicked = await this.#append(by, channelId, {
        kind: 'kicked',
        subject: subject.who,
        ...(reason !== undefined && { reason }),
      })
      this.#tellGone(kicked, personId, channelId, 'kicked')
      return placeOf(kicked)
    })
  }

  async ban(by: Person, what: Request<'ban'>): Promise<Place> {
    const { channelId, personId, reason } = what
    return this.#lead(by, channelId, personId, 'ban', async (subject) => {
      const banned = await this.#append(by, channelId, {
        kind: 'banned',
        subject: subject.who,
        ...(reason !== undefined && { reason }),
      })
      this.#tellGone(banned, personId, channelId, 'banned')
      return placeOf(banned)
    })
  }

  async unban(by: Person, what: Request<'unban'>): Promise<Place> {
    const { channelId, personId } = what
    return this.#lead(by, channelId, personId, 'unban', async ({ who, place }) => {
      if (!place.channelBanned) throw new Refusal('not_found')
      const unbanned = await this.#append(by, channelId, { kind: 'unbanned', subject: who })
      if (!unbanned.repeated) {
        // In a live channel the person reads again from now on.
        this.#ground.outlet.notify(personId, { kind: 'channel', channelId })
      }
      return placeOf(unbanned)
    })
  }

  /** Runs the change where the ladder allows it: decided by what both are when the owners' turn has come. */
  async #lead(
    by: Person,
    channelId: Id,
    personId: Id,
    action: Action,
    change: (subject: Subject) => Promise<Place>,
  ): Promise<Place> {
    await this.#indirect(by, channelId)
    if (personId === by.id && (action === 'kick' || action === 'ban')) {
      throw new Refusal('forbidden')
    }
    const before = await this.#subject(channelId, personId)
    return this.#inTurn(channelId, ownedBy(before), async () => {
      const place = await this.#indirect(by, channelId)
      const subject = await this.#subject(channelId, personId)
      if (ownedBy(subject) && !ownedBy(before)) throw new Refusal('conflict')
      this.#refuseUnless(permits(action, roleIn(place), roleIn(subject.place)), place)
      return change(subject)
    })
  }

  #append(by: Person, channelId: Id, entry: Entry): Promise<Appended> {
    return this.#ground.appender.append(by, { channelId, needs: 'moderator', entry })
  }

  #inTurn<Result>(channelId: Id, owner: boolean, work: () => Promise<Result>): Promise<Result> {
    return this.#ground.turns.take(owner ? [`owners ${channelId}`] : [], work)
  }

  /** A channel where people come and go: never a direct one, which is exactly two people. */
  async #indirect(by: Person, channelId: Id): Promise<ChannelStanding> {
    const place = await this.#ground.places.channel(by, channelId, 'sees')
    if (place.channel.kind === 'direct') throw new Refusal('forbidden')
    return place
  }

  async #subject(channelId: Id, personId: Id): Promise<Subject> {
    const [who, place] = await Promise.all([
      this.#ground.places.subject(personId),
      this.#ground.store.channelStanding(channelId, personId),
    ])
    if (place === null) throw new Refusal('not_found')
    return { who, place }
  }

  #refuseUnless(allowed: boolean, place: ChannelStanding): void {
    if (allowed) return
    throw new Refusal(place.channelRole === null ? 'not_member' : 'forbidden')
  }

  async #keepOwner(personId: Id, channelId: Id, lonely: readonly string[]): Promise<void> {
    const company = await companyOf(personId, (page) =>
      this.#ground.store.channelMembers(channelId, page),
    )
    if (lonely.includes(company)) throw lastOwnerStays()
  }

  /** Both were fit a moment ago: the refusal is told as what it says about the one who invites, else about the other. */
  async #inviteRefusal(by: Person, channelId: Id, code: ErrorCode): Promise<Refusal> {
    if (code === 'limit_reached') return new Refusal(code, { limit: 'channelsPerPersonMax' })
    const place = await this.#indirect(by, channelId)
    if (place.channelRole === null) return new Refusal('not_member')
    return new Refusal(code === 'banned' ? 'forbidden' : 'not_found')
  }

  #tellGone(
    ended: Appended,
    personId: Id,
    channelId: Id,
    reason: 'left' | 'kicked' | 'banned',
  ): void {
    if (!ended.repeated) this.#ground.outlet.notify(personId, { kind: 'gone', channelId, reason })
  }
}

function ownedBy(subject: Subject): boolean {
  return roleIn(subject.place) === 'owner'
}
