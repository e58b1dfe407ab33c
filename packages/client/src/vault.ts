/**
 * What the client keeps in storage, under which keys. Storage that fails is storage that forgets: no chat stops because a browser's is full.
 *
 *   madang:<server>:person            who we were last, so that what is unsent can be shown and added to before the server answers
 *   madang:<server>:guest             the guest's token, and the name it was asked for under
 *   madang:<server>:outbox:<person>   unsent messages
 */
import type { Person } from '@madang/protocol'
import type { StoredGuest } from './credentials.ts'
import type { Draft } from './outbox.ts'
import type { ClientStorage } from './types.ts'

/** Of what is written; raise it when its shape changes. What has another number is not read. */
const VERSION = 1

export class Vault {
  readonly #storage: ClientStorage
  readonly #prefix: string
  /** What was written or removed here, so that storage that fails or lags does not make us forget who we are while we run. */
  readonly #written = new Map<string, string | null>()

  constructor(storage: ClientStorage, server: string) {
    this.#storage = storage
    this.#prefix = `madang:${server}:`
  }

  async person(): Promise<Person | undefined> {
    const value = await this.#read('person')
    if (!hasTexts(value, 'id', 'name', 'kind')) return undefined
    const { id, name, kind } = value as unknown as Person
    return { id, name, kind }
  }

  async keepPerson({ id, name, kind }: Person): Promise<void> {
    await this.#write('person', { id, name, kind })
  }

  async guest(): Promise<StoredGuest | undefined> {
    const value = await this.#read('guest')
    if (!hasTexts(value, 'token', 'name')) return undefined
    const { token, name } = value as unknown as StoredGuest
    return { token, name }
  }

  async keepGuest({ token, name }: StoredGuest): Promise<void> {
    await this.#write('guest', { token, name })
  }

  async forgetGuest(): Promise<void> {
    await this.#remove('guest')
  }

  async drafts(personId: string): Promise<readonly Draft[]> {
    const value = await this.#read(`outbox:${personId}`)
    const rows = isRecord(value) && Array.isArray(value.drafts) ? value.drafts : []
    return rows.filter(isDraft)
  }

  async keepDrafts(personId: string, drafts: readonly Draft[]): Promise<void> {
    if (drafts.length === 0) await this.#remove(`outbox:${personId}`)
    else await this.#write(`outbox:${personId}`, { drafts })
  }

  /** Everything that is kept of this person, and of the guest. */
  async forget(personId: string | undefined): Promise<void> {
    await Promise.all([
      this.#remove('person'),
      this.#remove('guest'),
      personId === undefined ? undefined : this.#remove(`outbox:${personId}`),
    ])
  }

  async #read(key: string): Promise<unknown> {
    try {
      const written = this.#written.get(key)
      const text = written === undefined ? await this.#storage.get(this.#prefix + key) : written
      const value: unknown = text ? JSON.parse(text) : undefined
      return isRecord(value) && value.version === VERSION ? value : undefined
    } catch {
      return undefined
    }
  }

  async #write(key: string, value: object): Promise<void> {
    const text = JSON.stringify({ version: VERSION, ...value })
    this.#written.set(key, text)
    await this.#storage.set(this.#prefix + key, text).catch(() => {})
  }

  async #remove(key: string): Promise<void> {
    this.#written.set(key, null)
    await this.#storage.remove(this.#prefix + key).catch(() => {})
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function hasTexts(value: unknown, ...fields: string[]): value is Record<string, unknown> {
  return isRecord(value) && fields.every((field) => typeof value[field] === 'string')
}

function isDraft(value: unknown): value is Draft {
  return hasTexts(value, 'clientId', 'channelId', 'text') && typeof value.createdAt === 'number'
}
