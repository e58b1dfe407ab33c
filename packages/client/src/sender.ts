/** Performs what the outbox decides: saves, emits, and hands what was sent to the timeline. */
import type { Id, Person } from '@madang/protocol'
import type { Environment } from './environment.ts'
import type { Answer } from './link.ts'
import { Machine } from './machine.ts'
import {
  changedChannels,
  type Draft,
  type Entry,
  entriesOf,
  newOutbox,
  type Outbox,
  type OutboxEffect,
  type OutboxInput,
  type Receipt,
  stepOutbox,
} from './outbox.ts'
import type { Vault } from './vault.ts'

export interface SenderParts {
  readonly environment: Environment
  readonly vault: Vault
  emit(draft: Draft, answered: (answer: Answer<'send'> | undefined) => void): void
  /** Acknowledged: its entry is gone from the outbox in the same turn. */
  sent(draft: Draft, receipt: Receipt): void
  changed(channelIds: ReadonlySet<Id>): void
  /** What storage held has been put before what was sent since. */
  restored(channelIds: ReadonlySet<Id>): void
}

export class Sender {
  readonly #parts: SenderParts
  readonly #machine: Machine<Outbox, OutboxInput, OutboxEffect>
  #owner: Id | undefined
  #owning: Promise<void> = Promise.resolve()
  /** Saves one after the other, so that the last one is what storage holds. */
  #saving: Promise<void> = Promise.resolve()
  #unsaved: { readonly revision: number; readonly drafts: readonly Draft[] } | undefined

  constructor(parts: SenderParts) {
    this.#parts = parts
    const { clock, dice } = parts.environment
    this.#machine = new Machine<Outbox, OutboxInput, OutboxEffect>({
      initial: newOutbox,
      step: stepOutbox,
      timer: { kind: 'timer' },
      clock,
      dice,
      perform: (effect) => this.#perform(effect),
      changed: (before, after) => {
        const channelIds = changedChannels(before, after)
        if (channelIds.size > 0) parts.changed(channelIds)
      },
    })
  }

  entriesOf(channelId: Id): readonly Entry[] {
    return entriesOf(this.#machine.state, channelId)
  }

  dispatch(input: Exclude<OutboxInput, { kind: 'restored' | 'switched' | 'saved' }>): void {
    this.#machine.dispatch(input)
  }

  /** Whose outbox it is. Reads what storage holds for them; nothing is emitted before. */
  own(person: Pick<Person, 'id'>): Promise<void> {
    if (this.#owner === person.id) return this.#owning
    // What was sent before anybody was known belongs to whoever we turn out to be.
    if (this.#owner !== undefined) this.#machine.dispatch({ kind: 'switched' })
    this.#owner = person.id
    this.#owning = this.#restore(person.id)
    return this.#owning
  }

  /** Drops what is unsent, and whose it was. */
  forget(): void {
    this.#machine.dispatch({ kind: 'switched' })
    this.#owner = undefined
  }

  /** Resolves when everything that should be in storage is there. */
  async saved(): Promise<void> {
    await this.#saving
  }

  async #restore(owner: Id): Promise<void> {
    await this.#saving
    const drafts = await this.#parts.vault.drafts(owner)
    if (this.#owner !== owner) return
    this.#machine.dispatch({ kind: 'restored', drafts })
    this.#parts.restored(new Set(drafts.map((draft) => draft.channelId)))
  }

  #perform(effect: OutboxEffect): void {
    switch (effect.kind) {
      case 'save':
        this.#save(effect)
        break
      case 'sent':
        this.#parts.sent(effect.draft, effect.receipt)
        break
      case 'emit': {
        const { draft, attempt } = effect
        this.#parts.emit(draft, (answer) => this.#answered(draft.clientId, attempt, answer))
      }
    }
  }

  #answered(clientId: string, attempt: number, answer: Answer<'send'> | undefined): void {
    const outcome = !answer
      ? ({ outcome: 'unknown' } as const)
      : answer.ok
        ? ({ outcome: 'sent', ...answer } as const)
        : ({ outcome: 'refused', error: answer.error } as const)
    this.#machine.dispatch({ kind: 'answered', clientId, attempt, answer: outcome })
  }

  /** Revisions that come while one is written are written as one. */
  #save(effect: OutboxEffect & { kind: 'save' }): void {
    const idle = this.#unsaved === undefined
    this.#unsaved = effect
    const owner = this.#owner
    if (idle && owner !== undefined) this.#saving = this.#saving.then(() => this.#write(owner))
  }

  async #write(owner: Id): Promise<void> {
    const next = this.#unsaved
    this.#unsaved = undefined
    if (!next) return
    await this.#parts.vault.keepDrafts(owner, next.drafts)
    this.#machine.dispatch({ kind: 'saved', revision: next.revision })
  }
}
