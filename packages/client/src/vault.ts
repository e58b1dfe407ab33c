/**
 * What the client keeps in storage, under which keys. Storage that fails is storage that forgets: no chat stops because a browser's is full.
 *
 *   madang:<server>:person            who we were last, so that what is unsent can be shown and added to before the server answers
 *   madang:<server>:guest             the guest's token, and the name it was asked for under
 *   madang:<server>:outbox:<person>   unsent messages, of all pages
 */
import type { Person } from '@madang/protocol'
import { BOUNDS } from './bounds.ts'
import { type Clock, systemClock, type Timer } from './clock.ts'
import type { StoredGuest } from './credentials.ts'
import { type KeptDrafts, mergedDrafts } from './kept-drafts.ts'
import type { Draft } from './outbox.ts'
import type { ClientStorage } from './types.ts'

/** Of what is written; raise it when its shape changes. What has another number is not read. */
const VERSION = 1
const HANGS = 'TimeoutError'

export interface VaultParts {
  readonly clock?: Clock
  /** The storage fails, and why; undefined: it works again. Told when it changes. */
  troubled?(reason: string | undefined): void
}

export class Vault {
  readonly #storage: ClientStorage
  readonly #prefix: string
  readonly #parts: VaultParts
  /** What was written or removed here, so that storage that fails or lags does not make us forget who we are while we run. */
  readonly #written = new Map<string, string | null>()
  /** What this page knows to be kept of a person's unsent messages, and what it wants to be. */
  readonly #drafts = new Map<string, KeptDrafts>()
  #trouble: string | undefined

  constructor(storage: ClientStorage, server: string, parts: VaultParts = {}) {
    this.#storage = storage
    this.#prefix = `madang:${server}:`
    this.#parts = parts
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
    const key = `${this.#prefix}outbox:${personId}`
    const known = this.#drafts.get(personId)
    const text = await this.#within(() => this.#storage.get(key), null)
    // What could not be written is known here and nowhere else.
    if (text === null || (known && known.wanted !== known.kept)) return known?.wanted ?? []
    const rows = rowsOf(text)
    this.#drafts.set(personId, { kept: rows, wanted: rows })
    return rows
  }

  /** Other pages keep theirs under the same key: only what this page has added, changed or resolved is changed. */
  async keepDrafts(personId: string, wanted: readonly Draft[]): Promise<void> {
    const key = `${this.#prefix}outbox:${personId}`
    const { kept } = this.#drafts.get(personId) ?? { kept: [] }
    this.#drafts.set(personId, { kept, wanted })
    let isNewer = false
    const change = (text: string | undefined): string | undefined => {
      isNewer = versionOf(text) > VERSION
      if (isNewer) return text
      // An outbox that is empty is there all the same: where it is not, somebody has cleared the storage under us.
      const before = text === undefined ? [] : kept
      return versioned({ drafts: mergedDrafts(rowsOf(text), before, wanted) })
    }
    const isKept = await this.#within(async () => {
      await this.#update(key, change)
      // What a newer version of the application keeps here is not ours to overwrite.
      if (isNewer) throw new Error('VersionError')
    }, null)
    if (isKept !== null) this.#drafts.set(personId, { kept: wanted, wanted })
  }

  /** Everything that is kept of this person, and of the guest. */
  async forget(personId: string | undefined): Promise<void> {
    if (personId !== undefined) this.#drafts.delete(personId)
    await Promise.all([
      this.#remove('person'),
      this.#remove('guest'),
      personId === undefined ? undefined : this.#remove(`outbox:${personId}`),
    ])
  }

  async #read(key: string): Promise<Record<string, unknown> | undefined> {
    const written = this.#written.get(key)
    if (written !== undefined) return parsed(written ?? undefined)
    return parsed(await this.#within(() => this.#storage.get(this.#prefix + key), undefined))
  }

  async #write(key: string, value: object): Promise<void> {
    const text = versioned(value)
    this.#written.set(key, text)
    await this.#within(() => this.#storage.set(this.#prefix + key, text), undefined)
  }

  async #remove(key: string): Promise<void> {
    this.#written.set(key, null)
    await this.#within(() => this.#storage.remove(this.#prefix + key), undefined)
  }

  /** Storage of one's own that has no `update` is a page's own, too. */
  async #update(
    key: string,
    change: (value: string | undefined) => string | undefined,
  ): Promise<void> {
    if (this.#storage.update) return this.#storage.update(key, change)
    const text = change(await this.#storage.get(key))
    if (text === undefined) await this.#storage.remove(key)
    else await this.#storage.set(key, text)
  }

  /** What storage answers; `otherwise` where it fails, or says nothing in time: some browsers' does for ever after waking up. */
  async #within<T, U>(act: () => Promise<T>, otherwise: U): Promise<T | U> {
    const { clock = systemClock } = this.#parts
    let timer: Timer | undefined
    // One that hangs is not waited for again and again, or nobody would ever get as far as connecting.
    const waitMs = this.#trouble === HANGS ? BOUNDS.storageAgainMsMax : BOUNDS.storageMsMax
    try {
      const value = await new Promise<T>((resolve, reject) => {
        timer = clock.after(waitMs, () => reject(new Error(HANGS)))
        act().then(resolve, reject)
      })
      this.#tell(undefined)
      return value
    } catch (thrown) {
      this.#tell(reasonOf(thrown))
      return otherwise
    } finally {
      timer?.cancel()
    }
  }

  #tell(trouble: string | undefined): void {
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    this.#parts.troubled?.(trouble)
  }
}

/** A browser's own reason by its name, which is the same in all of them: `QuotaExceededError`. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.name === 'Error' ? thrown.message : thrown.name
}

function versioned(value: object): string {
  return JSON.stringify({ version: VERSION, ...value })
}

/** An empty one for what is no record. */
function recordOf(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

const versionOf = (text: string | undefined): number => Number(recordOf(text).version ?? 0)

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  const value = recordOf(text)
  return value.version === VERSION ? value : undefined
}

function rowsOf(text: string | undefined): readonly Draft[] {
  const rows = parsed(text)?.drafts
  return Array.isArray(rows) ? rows.filter(isDraft) : []
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
