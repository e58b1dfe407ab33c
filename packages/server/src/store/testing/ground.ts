/** What the store's suites stand on: a store of their own with a community, a channel and people in it. */
import type { Author, Channel, Id, LogEvent, Role } from '@madang/protocol'
import type { Append, AppendResult, Entry, Standing } from '../log.ts'
import type { NewChannel, Store } from '../store.ts'

/** Ids in order of making: the same for every run. */
export class Ids {
  #count = 0

  next(): Id {
    this.#count += 1
    return `00000000-0000-7000-8000-${this.#count.toString(16).padStart(12, '0')}`
  }
}

export class Ground {
  readonly store: Store
  readonly ids: Ids
  #now = 1_000

  /** Grounds over one database share their ids. */
  constructor(store: Store, ids = new Ids()) {
    this.store = store
    this.ids = ids
  }

  now(): number {
    this.#now += 1
    return this.#now
  }

  async person(name: string): Promise<Author> {
    const person = { id: this.ids.next(), name }
    await this.store.createPerson({ ...person, kind: 'account', createdAt: this.now() })
    return person
  }

  async community(owner: Author, ...members: Author[]): Promise<Id> {
    const id = this.ids.next()
    await this.store.createCommunity({
      id,
      name: 'Yard',
      visibility: 'public',
      createdAt: this.now(),
      owner,
    })
    for (const member of members) await this.enroll(id, member, 'member')
    return id
  }

  async enroll(communityId: Id, person: Author, role: Role | null, banned = false): Promise<void> {
    const change = { communityId, personId: person.id, role, banned, at: this.now() }
    await this.store.setCommunityMember(change)
  }

  /** The first member is the owner. */
  async channel(
    communityId: Id,
    [owner, ...others]: readonly [Author, ...Author[]],
    what: Partial<Pick<NewChannel, 'kind' | 'visibility' | 'name' | 'key' | 'channelsMax'>> = {},
  ): Promise<Channel> {
    const member = (person: Author, role: Role) => ({ person, role, eventId: this.ids.next() })
    const made = await this.store.createChannel({
      id: this.ids.next(),
      communityId,
      kind: what.kind ?? 'text',
      visibility: what.visibility ?? 'public',
      name: what.name ?? 'talk',
      topic: '',
      createdAt: this.now(),
      ...(what.key !== undefined && { key: what.key }),
      ...(what.channelsMax !== undefined && { channelsMax: what.channelsMax }),
      author: owner,
      members: [member(owner, 'owner'), ...others.map((other) => member(other, 'member'))],
    })
    return made.channel
  }

  entry(channelId: Id, author: Author, entry: Entry, needs: Standing = 'writer'): Append {
    return { id: this.ids.next(), channelId, author, needs, createdAt: this.now(), entry }
  }

  message(channelId: Id, author: Author, text: string, clientId: string = this.ids.next()): Append {
    return this.entry(channelId, author, { kind: 'created', clientId, lane: 'chat', text })
  }

  async append(
    channelId: Id,
    author: Author,
    entry: Entry,
    needs?: Standing,
  ): Promise<AppendResult> {
    const [result] = await this.store.append([this.entry(channelId, author, entry, needs)])
    if (result === undefined) throw new Error('an append had no result')
    return result
  }

  /** Says something, and resolves to the seq that it got. */
  async say(channelId: Id, author: Author, text: string): Promise<number> {
    const [result] = await this.store.append([this.message(channelId, author, text)])
    return seqOf(result)
  }

  async log(channelId: Id, after = 0): Promise<readonly LogEvent[]> {
    const [page] = await this.store.eventsAfter([{ channelId, after, limit: 100_000 }])
    return page?.events ?? []
  }
}

/** The seq of what was appended; throws for anything else. */
export function seqOf(result: AppendResult | undefined): number {
  if (result?.outcome !== 'appended') throw new Error(`not appended: ${JSON.stringify(result)}`)
  return result.event.seq
}

/** An outcome in one word: `appended`, `repeated`, or the code of the refusal. */
export function outcomeOf(result: AppendResult | undefined): string {
  return result?.outcome === 'refused' ? result.code : (result?.outcome ?? 'none')
}

export type Cases = Readonly<Record<string, (ground: Ground) => Promise<void>>>
