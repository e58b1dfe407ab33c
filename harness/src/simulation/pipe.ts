/** The network between one client and its node, for one connection: everything takes its time, arrives in order, or does not arrive. */
import type { FakeClock } from '@madang/fanout/testing'
import type { ErrorBody, UpName } from '@madang/protocol'
import { type MemoryClient, Refused, type SimNode } from '@madang/server/simulation'
import type { History, Line } from './history.ts'
import { type Cursors, Tap } from './tap.ts'

export interface PipeParts {
  readonly line: Line
  readonly auth: { readonly token?: string; readonly cursors?: Cursors }
  readonly clock: FakeClock
  readonly random: () => number
  readonly history: History
  readonly lagMsMax: number
  /** A request without an answer counts as unknown after so long, in ms. */
  readonly ackTimeoutMs: number
  /** Where a connection would be taken to now. */
  choose(): SimNode | undefined
  /** Whether anything passes between the node and its clients now. */
  reaches(node: SimNode): boolean
  heard(event: string, payload: unknown): void
  refused(error: ErrorBody): void
  /** Called once, and last but for the answers that are owed. */
  closed(reason: string): void
}

type Answered = (answer: unknown) => void

/** Until a connection to where nobody listens is refused, in ms. */
const NOBODY_MS = 200

/** One direction: in order, whatever each takes. */
class Way {
  readonly #clock: FakeClock
  readonly #waiting: { readonly run: () => void; readonly dueAt: number }[] = []
  #stalled = false

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  pass(lagMs: number, run: () => void): void {
    if (lagMs === 0 && !this.#stalled && this.#waiting.length === 0) {
      run()
      return
    }
    const dueAt = this.#clock.monotonic() + lagMs
    this.#waiting.push({ run, dueAt })
    this.#clock.after(lagMs, () => this.#pump())
  }

  stall(stalled: boolean): void {
    this.#stalled = stalled
    this.#pump()
  }

  clear(): void {
    this.#waiting.length = 0
  }

  /** Whoever follows somebody slower comes right after. */
  #pump(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#stalled || next.dueAt > this.#clock.monotonic()) return
      this.#waiting.shift()
      next.run()
    }
  }
}

export class Pipe {
  readonly #parts: PipeParts
  readonly #tap: Tap
  readonly #up: Way
  readonly #down: Way
  readonly #owed = new Set<Answered>()
  #node: SimNode | undefined
  #memory: MemoryClient | undefined
  #over = false
  #retired = false

  constructor(parts: PipeParts) {
    this.#parts = parts
    this.#tap = new Tap(parts.history, parts.line, parts.auth.cursors)
    this.#up = new Way(parts.clock)
    this.#down = new Way(parts.clock)
    void this.#connect()
  }

  get node(): SimNode | undefined {
    return this.#node
  }

  /** Whether it has ended for the client; retired ones have not as long as they are owed answers. */
  get over(): boolean {
    return this.#over
  }

  request(name: UpName, payload: object, answered: Answered): void {
    const { clock, ackTimeoutMs } = this.#parts
    const once: Answered = (answer) => {
      if (!this.#owed.delete(once)) return
      timer.cancel()
      answered(answer)
      if (this.#retired && this.#owed.size === 0) this.close()
    }
    const timer = clock.after(ackTimeoutMs, () => once(undefined))
    this.#owed.add(once)
    this.#send(() =>
      this.#memory?.ask(name, payload, (answer) =>
        this.#receive(() => {
          // Also where nobody waits for it any more.
          this.#tap.answered(name, payload, answer)
          once(answer)
        }),
      ),
    )
  }

  retire(): void {
    this.#retired = true
    if (this.#owed.size === 0) this.close()
  }

  close(): void {
    if (this.#over) return
    this.#end()
    this.#memory?.close()
    this.#settle()
  }

  /** The client knows at once, the node after so long. */
  break(reason: string, lateMs = 0): void {
    if (this.#over) return
    this.#end()
    if (lateMs === 0) this.#memory?.close()
    else this.#parts.clock.after(lateMs, () => this.#memory?.close())
    if (!this.#retired) this.#parts.closed(reason)
    this.#settle()
  }

  stall(stalled: boolean): void {
    this.#up.stall(stalled)
    this.#down.stall(stalled)
  }

  setBehind(behind: boolean): void {
    this.#memory?.setBehind(behind)
  }

  /** Nothing that was on its way arrives. */
  #end(): void {
    this.#over = true
    this.#up.clear()
    this.#down.clear()
  }

  /** What was asked is not answered any more. */
  #settle(): void {
    for (const answered of [...this.#owed]) answered(undefined)
  }

  #lagMs(): number {
    const { lagMsMax, random } = this.#parts
    return lagMsMax === 0 ? 0 : Math.floor(random() * lagMsMax)
  }

  #send(run: () => void): void {
    this.#up.pass(this.#lagMs(), () => {
      if (!this.#over) run()
    })
  }

  #receive(run: () => void): void {
    if (this.#over) return
    this.#down.pass(this.#lagMs(), () => {
      if (!this.#over) run()
    })
  }

  async #connect(): Promise<void> {
    const { choose, reaches, clock, auth, refused } = this.#parts
    const node = choose()
    if (node === undefined) {
      clock.after(NOBODY_MS, () => this.break('nobody listens'))
      return
    }
    this.#node = node
    if (!reaches(node)) this.stall(true)
    await new Promise<void>((resolve) => this.#send(resolve))
    try {
      this.#attach(node, await node.wire.connect({ auth }, () => this.#over))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.#receive(() => {
        this.#end()
        refused(error.error)
      })
    }
  }

  #attach(node: SimNode, memory: MemoryClient): void {
    this.#memory = memory
    if (this.#over) {
      memory.close()
      return
    }
    const { history, line } = this.#parts
    history.tell(`device ${line.device}.${line.connection} is connected to ${node.name}`)
    const { seen } = memory
    memory.onSeen = (one) => {
      // What was seen is not looked at again.
      seen.length = 0
      this.#receive(() => this.#heard(one.event, one.payload))
    }
    for (const one of [...seen]) memory.onSeen(one)
  }

  #heard(event: string, payload: unknown): void {
    if (this.#retired) return
    this.#tap.heard(event, payload)
    this.#parts.heard(event, payload)
    if (event === 'closed') this.break('the server closed')
  }
}
