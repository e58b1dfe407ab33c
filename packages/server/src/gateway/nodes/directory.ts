/** This node's entry in the store's directory of nodes, and what it knows of the others. */
import type { Clock, Timer } from '../../clock.ts'
import type { NodeRecord, NodeStore } from '../../store/nodes.ts'

export const DIRECTORY_LIMITS = {
  /** Between two announcements, in ms: jittered by a fifth. */
  announceMs: 5_000,
  /** A node that was silent so long is forgotten by the others, in ms: more than clocks of hosts differ, and many announcements. */
  silentMsMax: 60_000,
  /** What was read of the others counts so long, in ms. */
  cachedMsMax: 5_000,
  /** The same for a list of all of them, which operators look at. */
  listedMsMax: 1_000,
  /** The store is asked about the others at most so often, in ms, however many unknown names are asked for. */
  readMsMin: 250,
} as const

export interface DirectoryOptions {
  readonly store: NodeStore
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly node: string
  /** Made anew at each start; nobody can guess it. */
  readonly secret: string
  /** The store did not take an announcement, or gave no answer. Must not throw. */
  readonly onError: (error: unknown) => void
}

interface Known {
  readonly atMs: number
  readonly nodes: ReadonlyMap<string, NodeRecord>
}

export class Directory {
  readonly #options: DirectoryOptions
  #address: string | undefined
  #timer: Timer | undefined
  #announcing: Promise<void> = Promise.resolve()
  #known: Known = { atMs: Number.NEGATIVE_INFINITY, nodes: new Map() }
  /** A read that has not begun yet: whoever asks now may wait for it. */
  #next: Promise<void> | undefined
  #readTimer: { readonly timer: Timer; readonly giveUp: () => void } | undefined
  /** A backend of a team's own need not keep a directory. */
  #isLeftOut = false
  #isStopped = false

  constructor(options: DirectoryOptions) {
    this.#options = options
  }

  get secret(): string {
    return this.#options.secret
  }

  /** Resolves when the others can find this node, or it is known that they cannot yet: sessions that they do not find start anew. */
  async start(address: string): Promise<void> {
    this.#address = address
    await this.#announce()
    this.#schedule()
  }

  /** Undefined where no such node is known. Never rejects: what cannot be read is not known. */
  async find(node: string): Promise<NodeRecord | undefined> {
    const isFresh =
      this.#options.clock.monotonic() - this.#known.atMs < DIRECTORY_LIMITS.cachedMsMax
    const found = this.#known.nodes.get(node)
    if (found !== undefined && isFresh) return found
    await this.#read()
    return this.#known.nodes.get(node)
  }

  /** All that are known, at most a second old. Never rejects. */
  async all(): Promise<readonly NodeRecord[]> {
    const ageMs = this.#options.clock.monotonic() - this.#known.atMs
    if (ageMs >= DIRECTORY_LIMITS.listedMsMax) await this.#read()
    return [...this.#known.nodes.values()]
  }

  /** Calling it twice is calling it once. */
  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#timer?.cancel()
    this.#readTimer?.timer.cancel()
    this.#readTimer?.giveUp()
    await this.#announcing
    if (this.#address === undefined || this.#isLeftOut) return
    const { store, node, secret, onError } = this.#options
    await store.forgetNode(node, secret).catch(onError)
  }

  async #announce(): Promise<void> {
    const { store, clock, node, secret, onError } = this.#options
    const seenAt = clock.now()
    const record = { id: node, address: this.#address ?? '', secret, seenAt }
    try {
      await store.announceNode(record, seenAt - DIRECTORY_LIMITS.silentMsMax)
    } catch (error) {
      this.#isLeftOut = isRefusal(error)
      onError(error)
    }
  }

  #schedule(): void {
    if (this.#isStopped || this.#isLeftOut) return
    const waitMs = DIRECTORY_LIMITS.announceMs * (0.9 + 0.2 * this.#options.random())
    this.#timer = this.#options.clock.after(waitMs, () => {
      this.#announcing = this.#announce()
      void this.#announcing.then(() => this.#schedule())
    })
  }

  /** A read that begins after this call: a node announces itself before it gives out a session, so whoever shows one finds its node. */
  #read(): Promise<void> {
    this.#next ??= this.#soon().then(() => {
      this.#next = undefined
      return this.#readNow()
    })
    return this.#next
  }

  #soon(): Promise<void> {
    const { clock } = this.#options
    const waitMs = this.#known.atMs + DIRECTORY_LIMITS.readMsMin - clock.monotonic()
    if (waitMs <= 0 || this.#isStopped) return Promise.resolve()
    return new Promise((resolve) => {
      this.#readTimer = { timer: clock.after(waitMs, resolve), giveUp: resolve }
    })
  }

  /** Where the store does not answer, what was known goes on to count. */
  async #readNow(): Promise<void> {
    if (this.#isStopped || this.#isLeftOut) return
    const atMs = this.#options.clock.monotonic()
    this.#known = { atMs, nodes: this.#known.nodes }
    try {
      const nodes = await this.#options.store.nodes()
      this.#known = { atMs, nodes: new Map(nodes.map((node) => [node.id, node])) }
    } catch (error) {
      this.#options.onError(error)
    }
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'forbidden'
