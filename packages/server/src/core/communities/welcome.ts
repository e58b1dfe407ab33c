/** The welcome community: where everybody is who comes to this server. */
import type { Author, Id, Person } from '@madang/protocol'
import type { Ground } from '../ground.ts'
import { normalName } from '../names.ts'
import type { General } from './general.ts'

/** The server itself, as a person: it owns the welcome community, and can make somebody else an owner of it. */
export const SYSTEM_PERSON: Person = {
  id: '00000000-0000-7000-8000-000000000000',
  name: 'Madang',
  kind: 'account',
}

/** Well known, so that all nodes mean the same one. */
export const WELCOME_COMMUNITY_ID: Id = '00000000-0000-7000-8000-000000000001'

export interface WelcomeOptions {
  readonly name: string
  /** Whether new guests and accounts are put into it. */
  readonly admitsNew: boolean
}

export class Welcome {
  readonly #ground: Ground
  readonly #general: General
  readonly #options: WelcomeOptions | null
  #there = false

  constructor(ground: Ground, general: General, options: WelcomeOptions | null) {
    this.#ground = ground
    this.#general = general
    this.#options = options
  }

  /** Makes it with its `general` channel, where it is not there yet. Many nodes may do so at once, and after one that broke off. */
  async prepare(): Promise<void> {
    if (this.#options === null) return
    if (!(await this.#exists())) await this.#make(normalName(this.#options.name))
    await this.#general.make(WELCOME_COMMUNITY_ID, SYSTEM_PERSON)
    this.#there = true
  }

  /** Puts a new person into it, where there is one that takes them. */
  async admit(person: Author): Promise<void> {
    if (!this.#options?.admitsNew) return
    if (!this.#there && !(await this.#exists())) return
    this.#there = true
    await this.#ground.store.setCommunityMember({
      communityId: WELCOME_COMMUNITY_ID,
      personId: person.id,
      role: 'member',
      banned: false,
      at: this.#ground.clock.now(),
    })
    await this.#general.admit(WELCOME_COMMUNITY_ID, person)
  }

  async #exists(): Promise<boolean> {
    const { store } = this.#ground
    return (await store.communityStanding(WELCOME_COMMUNITY_ID, SYSTEM_PERSON.id)) !== null
  }

  async #make(name: string): Promise<void> {
    const { store, clock } = this.#ground
    const createdAt = clock.now()
    await store.adoptPerson({ ...SYSTEM_PERSON, createdAt, externalId: 'madang:system' })
    const { id, name: ownerName } = SYSTEM_PERSON
    try {
      await store.createCommunity({
        id: WELCOME_COMMUNITY_ID,
        name,
        visibility: 'public',
        createdAt,
        owner: { id, name: ownerName },
      })
    } catch (error) {
      // Another node was faster, or the store is in trouble.
      if (!(await this.#exists())) throw error
    }
  }
}
