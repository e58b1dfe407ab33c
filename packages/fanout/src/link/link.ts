/** One connection that is kept: opened again for as long as it is wanted, and asked now and then whether it is alive. */
import type { Clock, Timer } from '../clock.ts'
import { type RetryLimits, retryDelayMs } from './retry.ts'

export interface LinkLimits extends RetryLimits {
  /** How long one attempt to connect may take. */
  readonly connectMsMax: number
  /** The time between two questions whether the server is alive. */
  readonly heartbeatMs: number
  /** A server that does not answer within this is away, whatever its connection says. */
  readonly replyMsMax: number
}

export interface LinkOptions<Connection> {
  /** Opens a connection that calls `closed` once when it is gone, and not before this has resolved. Gives up when `signal` says so. */
  connect(closed: (reason: string) => void, signal: AbortSignal): Promise<Connection>
  close(connection: Connection): void
  /** Asks the server for a sign of life. Rejects where the connection is not worth keeping. */
  check(connection: Connection): Promise<void>
  onUp(connection: Connection): void
  /** The connection is gone. Not called for attempts that fail. */
  onDown(connection: Connection, reason: string): void
  readonly limits: LinkLimits
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
}

/**
 * A deadline is waited for in so many parts, each begun when the one before has fired: a process that got no processor for a while blames itself for one part
 * at most, and reads what has come in meanwhile before it blames the server.
 */
const DEADLINE_PARTS = 5

export class Link<Connection> {
  readonly #options: LinkOptions<Connection>
  #connection: Connection | undefined
  #detail = 'not started'
  #failures = 0
  /** Changes with each attempt and each end, so that what belongs to an older one is known by it. */
  #round = 0
  #timer: Timer | undefined
  #stopped = false
  /** Ends the attempt that is going on. */
  #attempting: AbortController | undefined
  #isKnown = false
  #known: (() => void)[] = []

  constructor(options: LinkOptions<Connection>) {
    this.#options = options
  }

  get connection(): Connection | undefined {
    return this.#connection
  }

  /** Whether the server is known to be away: an attempt has failed, or the connection was lost, and no new one is there. */
  get isAway(): boolean {
    return this.#connection === undefined && this.#isKnown
  }

  /** Why the connection is away. */
  get detail(): string {
    return this.#detail
  }

  /** Resolves when the first attempt has succeeded or failed. */
  start(): Promise<void> {
    this.#attempt()
    return this.known()
  }

  /** Resolves as soon as it is known whether the server is there. */
  known(): Promise<void> {
    if (this.#isKnown || this.#stopped) return Promise.resolve()
    return new Promise((resolve) => this.#known.push(resolve))
  }

  /** Gives up the connection of this moment and opens another one. */
  drop(reason: string): void {
    if (this.#connection !== undefined) this.#end(reason)
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#round += 1
    this.#timer?.cancel()
    this.#attempting?.abort()
    const connection = this.#connection
    this.#connection = undefined
    if (connection !== undefined) this.#options.close(connection)
    this.#tellKnown()
  }

  #attempt(): void {
    const { clock, limits } = this.#options
    this.#round += 1
    const round = this.#round
    this.#timer?.cancel()
    this.#timer = clock.after(limits.connectMsMax, () => {
      if (round === this.#round) this.#failed(`no connection within ${limits.connectMsMax} ms`)
    })
    const closed = (reason: string) => {
      if (round === this.#round && this.#connection !== undefined) this.#end(reason)
    }
    this.#attempting = new AbortController()
    this.#options.connect(closed, this.#attempting.signal).then(
      (connection) => {
        if (round === this.#round) this.#up(connection)
        else this.#options.close(connection)
      },
      (error: unknown) => {
        if (round === this.#round) this.#failed(reasonOf(error))
      },
    )
  }

  #up(connection: Connection): void {
    this.#timer?.cancel()
    this.#connection = connection
    this.#beatLater()
    this.#options.onUp(connection)
    this.#tellKnown()
  }

  #failed(reason: string): void {
    this.#round += 1
    this.#attempting?.abort()
    this.#detail = reason
    this.#tryLater()
    this.#tellKnown()
  }

  #end(reason: string): void {
    const connection = this.#connection
    if (connection === undefined) return
    this.#round += 1
    this.#connection = undefined
    this.#detail = reason
    this.#options.close(connection)
    this.#tryLater()
    this.#options.onDown(connection, reason)
  }

  #tryLater(): void {
    const { clock, limits, random } = this.#options
    this.#timer?.cancel()
    this.#failures += 1
    const delayMs = retryDelayMs(this.#failures, random(), limits)
    this.#timer = clock.after(delayMs, () => this.#attempt())
  }

  #beatLater(): void {
    const { clock, limits } = this.#options
    this.#timer = clock.after(limits.heartbeatMs, () => this.#beat())
  }

  #beat(): void {
    const connection = this.#connection
    if (connection === undefined) return
    const round = this.#round
    const { limits } = this.#options
    const isOver = () => round !== this.#round
    this.#afterParts(DEADLINE_PARTS, () => {
      if (!isOver()) this.#end(`no answer within ${limits.replyMsMax} ms`)
    })
    this.#options.check(connection).then(
      () => {
        if (isOver()) return
        // Only a connection that has proved itself ends the back-off: one that is cut at once does not come back faster and faster.
        this.#failures = 0
        this.#timer?.cancel()
        this.#beatLater()
      },
      (error: unknown) => {
        if (!isOver()) this.#end(reasonOf(error))
      },
    )
  }

  #afterParts(parts: number, run: () => void): void {
    const { clock, limits } = this.#options
    this.#timer = clock.after(limits.replyMsMax / DEADLINE_PARTS, () => {
      if (parts > 1) this.#afterParts(parts - 1, run)
      else run()
    })
  }

  #tellKnown(): void {
    this.#isKnown = true
    const known = this.#known
    this.#known = []
    for (const tell of known) tell()
  }
}

export const reasonOf = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : String(error)
