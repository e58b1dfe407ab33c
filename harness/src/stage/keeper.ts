/** Owns the two channels of a run: makes them, lets people in, puts people out, and can read everything. Speaks REST. */
import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS, type LogEvent } from '@madang/protocol'
import { createRestClient, type RestClient, RestRefusal } from '@madang/server/testing'
import type { Note } from '../history/record.ts'

const NAME = 'keeper'
/** Times that something is asked again while servers come and go. */
const TRIES_MAX = 100
const RETRY_MS = 100

export interface Admitted {
  readonly person: string
  readonly token: string
}

export class Keeper {
  readonly hall: string
  readonly club: string
  readonly person: string
  readonly #door: Door
  readonly #community: string
  readonly #note: Note
  #kicks = 0
  /** Kicks that have no answer yet. */
  waiting = 0

  private constructor(
    door: Door,
    places: Pick<Keeper, 'hall' | 'club' | 'person'> & { community: string },
    note: Note,
  ) {
    this.hall = places.hall
    this.club = places.club
    this.person = places.person
    this.#community = places.community
    this.#door = door
    this.#note = note
  }

  /** `urls`: where the API can be reached now, best first. */
  static async open(urls: () => readonly string[], note: Note): Promise<Keeper> {
    const [url = ''] = urls()
    const body = { login: NAME, password: 'no secret at all', name: NAME }
    const { person, session } = await createRestClient(url).call('createAccount', { body })
    const rest = createRestClient(url, session.token)
    const { community } = await rest.call('createCommunity', { body: { name: 'Faults' } })
    const make = async (name: string) => {
      const params = { communityId: community.id }
      const { channel } = await rest.call('createChannel', { params, body: { kind: 'text', name } })
      return channel.id
    }
    const places = { hall: await make('hall'), club: await make('club') }
    const door = { urls, token: session.token }
    return new Keeper(door, { ...places, person: person.id, community: community.id }, note)
  }

  /** A guest who is in both channels. */
  async admit(name: string): Promise<Admitted> {
    const { person, session } = await this.#again((rest) =>
      rest.as(undefined).call('createGuest', { body: { name } }),
    )
    const personId = person.id
    const communityId = this.#community
    await this.#again((rest) =>
      rest.call('setCommunityMember', { params: { communityId, personId }, body: {} }),
    )
    for (const channelId of [this.hall, this.club])
      await this.#again((rest) =>
        rest.call('setChannelMember', { params: { channelId, personId }, body: {} }),
      )
    return { person: personId, token: session.token }
  }

  /** Puts somebody out, once; what became of it is written down. */
  async kick(channelId: string, personId: string): Promise<void> {
    this.#kicks += 1
    const op = `${NAME}/kick-${this.#kicks}`
    const who = NAME
    const asked = { op, who, person: this.person, channel: channelId, subject: personId }
    this.#note({ kind: 'invoke', deed: 'kick', ...asked })
    this.waiting += 1
    try {
      const params = { channelId, personId }
      const { seq } = await this.#rest(this.#kicks).call('deleteChannelMember', { params })
      this.#note({ kind: 'ok', op, who, seq })
    } catch (error) {
      const isRefused = error instanceof RestRefusal && error.body.retry === 'never'
      const code = error instanceof RestRefusal ? error.body.code : 'no answer'
      this.#note({ kind: isRefused ? 'fail' : 'info', op, who, code })
    } finally {
      this.waiting -= 1
    }
  }

  /** The last seq of each of the two. */
  async heads(): Promise<ReadonlyMap<string, number>> {
    const { channels } = await this.#again((rest) => rest.call('listUnread'))
    const ours = channels.filter(({ channelId }) => [this.hall, this.club].includes(channelId))
    return new Map(ours.map(({ channelId, head }) => [channelId, head]))
  }

  /** Everything that a channel's log and its history tell a member at the end. */
  async read(channelId: string): Promise<readonly LogEvent[]> {
    const events: LogEvent[] = []
    for (let after = 0; ; ) {
      const query = { after, limit: LIMITS.historyEventsMax }
      const page = await this.#again((rest) =>
        rest.call('listEvents', { params: { channelId }, query }),
      )
      events.push(...page.events)
      const last = page.events.at(-1)?.seq
      if (last === undefined) break
      after = last
    }
    return events
  }

  /** Of the nth place where the API can be reached. */
  #rest(nth: number): RestClient {
    const urls = this.#door.urls()
    return createRestClient(urls[nth % urls.length] ?? '', this.#door.token)
  }

  /** Until it works, at one place after another: servers come and go. A refusal that stays a refusal is thrown. */
  async #again<T>(ask: (rest: RestClient) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await ask(this.#rest(tries))
      } catch (error) {
        const isFinal = error instanceof RestRefusal && error.body.retry === 'never'
        if (isFinal || tries === TRIES_MAX) throw error
        await sleep(RETRY_MS)
      }
    }
  }
}

interface Door {
  readonly urls: () => readonly string[]
  readonly token: string
}
