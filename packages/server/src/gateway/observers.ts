/** Shows operators the whole installation over their own sockets: once a second while somebody looks, and nothing at all while nobody does. */
import type { FollowTarget, TraceEntry } from '@madang/protocol'
import type { Clock, Timer } from '../clock.ts'
import type { Core } from '../core/core.ts'
import { Refusal } from '../core/refusal.ts'
import type { OperatorDesk } from '../doors/operators.ts'
import type { Session } from './session.ts'
import type { Wire } from './wire.ts'

/** Between two looks, in ms. */
export const observeMs = 1_000
/** Who ceased to be an operator is shown nothing more after so many looks. */
const looksTrusted = 5

const ROOM = 'operators'

export interface ObserversParts {
  readonly clock: Clock
  readonly core: Core
  readonly wire: Wire<Session>
  /** Absent: this node has nothing to show. */
  readonly desk: OperatorDesk | undefined
  /** Must not throw. */
  readonly onError: (error: unknown) => void
}

interface Observed {
  readonly cluster: boolean
  readonly follow: FollowTarget | undefined
  /** Node → the last entry of it that was told. */
  readonly told: Map<string, number>
  looks: number
}

export class Observers {
  readonly #parts: ObserversParts
  readonly #observed = new Map<Session, Observed>()
  #timer: Timer | undefined
  #isLooking = false

  constructor(parts: ObserversParts) {
    this.#parts = parts
  }

  /** In place of what the connection observed before. Rejects with `forbidden` for who is no operator. */
  async observe(session: Session, cluster: boolean, follow?: FollowTarget): Promise<void> {
    const { core, desk } = this.#parts
    if (desk === undefined || !(await core.people.isOperator(session.person.id))) {
      throw new Refusal('forbidden')
    }
    this.forget(session)
    if (session.ended || (!cluster && follow === undefined)) return
    this.#observed.set(session, { cluster, follow, told: new Map(), looks: 0 })
    if (cluster) session.connection.join(ROOM)
    this.#timer ??= this.#parts.clock.every(observeMs, () => void this.#look())
    void this.#look()
  }

  forget(session: Session): void {
    if (!this.#observed.delete(session)) return
    if (!session.ended) session.connection.leave(ROOM)
    if (this.#observed.size === 0) this.stop()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  /** A look that takes longer than a second is not overtaken by the next. */
  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      await this.#sweep()
      await Promise.all([this.#showCluster(), this.#showTraces()])
    } catch (error) {
      this.#parts.onError(error)
    } finally {
      this.#isLooking = false
    }
  }

  async #sweep(): Promise<void> {
    for (const [session, observed] of this.#observed) {
      observed.looks += 1
      if (observed.looks % looksTrusted !== 0) continue
      if (!(await this.#parts.core.people.isOperator(session.person.id))) this.forget(session)
    }
  }

  async #showCluster(): Promise<void> {
    const { desk, wire } = this.#parts
    if (desk === undefined || ![...this.#observed.values()].some(({ cluster }) => cluster)) return
    wire.emitTo(ROOM, 'cluster', await desk.cluster(), { droppable: true })
  }

  async #showTraces(): Promise<void> {
    const { desk } = this.#parts
    for (const [session, observed] of this.#observed) {
      if (desk === undefined || observed.follow === undefined) continue
      const { entries } = await desk.follow(observed.follow)
      // Asked for something else meanwhile, or gone.
      if (this.#observed.get(session) !== observed || session.ended) continue
      const fresh = entries.filter((entry) => isNew(observed.told, entry))
      if (fresh.length > 0) session.connection.emit('trace', { entries: fresh })
    }
  }
}

function isNew(told: Map<string, number>, { node, id }: TraceEntry): boolean {
  if (id <= (told.get(node) ?? 0)) return false
  told.set(node, id)
  return true
}
