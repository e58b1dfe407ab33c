/** Appends to channels' logs for the use cases: makes the entries, turns refusals into errors, and tells the outlet what was committed. */
import type { Author, ErrorCode, ErrorDetail, Id, LogEvent } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import type { NewId } from '../ids.ts'
import type { Append, AppendResult, Entry, Standing, Store } from '../store/store.ts'
import { channelSight, conceal } from './access.ts'
import type { Outlet } from './outlet.ts'
import { Refusal } from './refusal.ts'

export interface Appended {
  /** The event that was committed, or that stands for the repeated entry; null where a repeated entry never had one. */
  readonly event: LogEvent | null
  readonly repeated: boolean
}

export interface Wish {
  readonly channelId: Id
  readonly needs: Standing
  readonly entry: Entry
}

export interface AppenderParts {
  readonly store: Store
  readonly outlet: Outlet
  readonly clock: Clock
  readonly newId: NewId
}

export const authorOf = (person: Author): Author => ({ id: person.id, name: person.name })

export class Appender {
  readonly #parts: AppenderParts

  constructor(parts: AppenderParts) {
    this.#parts = parts
  }

  /** One entry. Rejects with `Refusal` where the store refuses it; who may not see the channel is told `not_found`. */
  async append(by: Author, wish: Wish): Promise<Appended> {
    const [result] = await this.appendAll(by, [wish])
    if (result === undefined) throw new Refusal('internal')
    if (result.outcome !== 'refused') {
      return { event: result.event, repeated: result.outcome === 'repeated' }
    }
    throw await this.#refusal(by, wish.channelId, result.code)
  }

  /** Many entries in one commit; each has its own result. */
  async appendAll(by: Author, wishes: readonly Wish[]): Promise<readonly AppendResult[]> {
    if (wishes.length === 0) return []
    const createdAt = this.#parts.clock.now()
    const author = authorOf(by)
    const entries = wishes.map(
      (wish): Append => ({ id: this.#parts.newId(), author, createdAt, ...wish }),
    )
    const results = await this.#parts.store.append(entries)
    const events = results.flatMap((result) =>
      result.outcome === 'appended' ? [result.event] : [],
    )
    this.committed(events)
    return results
  }

  /** Passes on what was committed, by whichever call of the store. */
  committed(events: readonly LogEvent[]): void {
    if (events.length > 0) this.#parts.outlet.committed(events)
  }

  async #refusal(by: Author, channelId: Id, code: ErrorCode): Promise<Refusal> {
    const place = await this.#parts.store.channelStanding(channelId, by.id)
    return new Refusal(conceal(code, channelSight(place)), detailOf(code))
  }
}

function detailOf(code: ErrorCode): ErrorDetail {
  return code === 'limit_reached' ? { limit: 'channelsPerPersonMax' } : {}
}

/** The place of what was appended, for the answers that tell it. Rejects with `not_found` where there never was such an event. */
export function placeOf({ event }: Appended): { readonly seq: number } {
  if (event === null) throw new Refusal('not_found')
  return { seq: event.seq }
}
