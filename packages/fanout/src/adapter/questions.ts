/** What one namespace asks of the other nodes, and waits for. */
import type { BroadcastOptions } from 'socket.io-adapter'
import type { Topic } from '../broker.ts'
import type { SocketDetails } from './base-adapter.ts'
import type { Codec } from './codec.ts'
import type { Exchange, Saying } from './exchange.ts'
import type { RequestName } from './options.ts'
import { flags, type Kind, kinds, type WireFrame } from './wire.ts'

/** Nodes did not answer. What the others said is in `responses` where Socket.IO puts it there. */
export class IncompleteError extends Error {
  /** Names of the nodes. */
  readonly missing: readonly string[]
  readonly responses: readonly unknown[]

  constructor(missing: readonly string[], responses: readonly unknown[]) {
    super(`timeout reached: missing ${missing.length} responses, of ${missing.join(', ')}`)
    this.name = 'IncompleteError'
    this.missing = missing
    this.responses = responses
  }
}

type OnServerAck = (error: Error | null, answers: unknown[]) => void

export class Questions {
  readonly #nsp: string
  readonly #exchange: Exchange
  readonly #codec: Codec
  readonly #topic: Topic
  #joining = 0

  constructor(nsp: string, exchange: Exchange, codec: Codec) {
    this.#nsp = nsp
    this.#exchange = exchange
    this.#codec = codec
    this.#topic = exchange.topics.namespace(nsp)
  }

  /** Sockets of other nodes were told to join, and not all of them are known to have. */
  get isJoining(): boolean {
    return this.#joining > 0
  }

  async fetch(opts: BroadcastOptions): Promise<SocketDetails[]> {
    const answers = await this.#gather('fetchSockets', kinds.fetch, opts)
    return answers.flatMap(([sockets]) => (Array.isArray(sockets) ? sockets.filter(isDetails) : []))
  }

  async ids(opts: BroadcastOptions): Promise<string[]> {
    const answers = await this.#gather('allSockets', kinds.ids, opts)
    return answers.flatMap(([ids]) => (Array.isArray(ids) ? ids.map(String) : []))
  }

  async join(opts: BroadcastOptions, rooms: string[]): Promise<void> {
    this.#joining += 1
    const saying = { ...this.#saying(opts), body: this.#codec.body([rooms]) }
    await this.#command('socketsJoin', [this.#topic], kinds.join, saying)
    this.#joining -= 1
  }

  leave(opts: BroadcastOptions, rooms: string[], topics: readonly Topic[]): Promise<void> {
    const saying = { ...this.#saying(opts), body: this.#codec.body([rooms]) }
    return this.#command('socketsLeave', topics, kinds.leave, saying)
  }

  disconnect(opts: BroadcastOptions, close: boolean, topics: readonly Topic[]): Promise<void> {
    const saying = { ...this.#saying(opts), flags: close ? flags.close : 0 }
    return this.#command('disconnectSockets', topics, kinds.disconnect, saying)
  }

  /**
   * A node's clients are counted when all of them have answered, or when the node is gone: so nobody waits for the clients of a node that
   * died after it had counted them.
   */
  emit(
    frame: Buffer,
    opts: BroadcastOptions,
    onClientCount: (clients: number) => void,
    onAck: (answer: unknown) => void,
  ): void {
    const timeoutMs = opts.flags?.timeout ?? this.#exchange.settings.requestTimeoutMs
    const saying = { ...this.#saying(opts), value: Math.ceil(timeoutMs), body: frame }
    const nodes = new Map<string, { counted?: number; acked: number }>()
    for (const node of this.#peers()) nodes.set(node, { acked: 0 })
    const onAnswer = (node: string, answer: WireFrame) => {
      const state = nodes.get(node)
      const values = this.#valuesOf(answer)
      if (state === undefined || values === undefined) return false
      if (answer.kind === kinds.ackCount) state.counted = Number(values[0])
      else {
        state.acked += 1
        onAck(values[0])
      }
      if (state.counted === undefined || state.acked < state.counted) return false
      onClientCount(state.counted)
      return true
    }
    this.#exchange.ask([this.#topic], kinds.eventWithAck, saying, {
      nodes: nodes.keys(),
      timeoutMs,
      onAnswer,
      onGone: (node) => onClientCount(nodes.get(node)?.acked ?? 0),
      // Socket.IO's own timer tells the caller.
      onEnd: (missing) => void this.#named('emitWithAck', missing),
    })
  }

  serverSideEmit(args: unknown[]): void {
    const onAck = args.at(-1)
    if (typeof onAck !== 'function') {
      const saying = { nsp: this.#nsp, body: this.#codec.body(args) }
      this.#exchange.publish([this.#topic], kinds.serverEmit, saying)
      return
    }
    const answers: unknown[] = []
    this.#ask([this.#topic], kinds.serverEmitWithAck, this.#bodySaying(args.slice(0, -1)), {
      onValues: (values) => void answers.push(values[0]),
      onEnd: (missing) => {
        const names = this.#named('serverSideEmit', missing)
        const error = names.length === 0 ? null : new IncompleteError(names, answers)
        ;(onAck as OnServerAck)(error, answers)
      },
    })
  }

  #bodySaying(values: readonly unknown[]): Saying {
    return { nsp: this.#nsp, body: this.#codec.body(values) }
  }

  /** A command to few rooms takes the way of the emits before it, so that it does not overtake them; who has nobody there is asked beside it. */
  #command(name: RequestName, topics: readonly Topic[], kind: Kind, saying: Saying): Promise<void> {
    return new Promise((resolve) => {
      const request = {
        onValues: () => {},
        onEnd: (missing: readonly string[]) => {
          this.#named(name, missing)
          resolve()
        },
      }
      if (topics.length === 1 && topics[0] === this.#topic) {
        this.#ask(topics, kind, saying, request)
        return
      }
      const repeated = (saying.flags ?? 0) | flags.repeated
      const value = this.#exchange.publish(topics, kind, { ...saying, flags: repeated })
      const { rooms = [], except = [] } = saying
      this.#ask([this.#topic], kinds.settle, { nsp: this.#nsp, rooms, except, value }, request)
    })
  }

  /** One answer per node. */
  #gather(name: RequestName, kind: Kind, opts: BroadcastOptions): Promise<unknown[][]> {
    return new Promise((resolve, reject) => {
      const answers: unknown[][] = []
      const request = {
        onValues: (values: unknown[]) => void answers.push(values),
        onEnd: (missing: readonly string[]) => {
          const names = this.#named(name, missing)
          if (names.length === 0 || !this.#exchange.settings.rejectIncomplete) resolve(answers)
          else reject(new IncompleteError(names, answers.flat(2)))
        },
      }
      this.#ask([this.#topic], kind, this.#saying(opts), request, opts.flags?.timeout)
    })
  }

  #ask(
    topics: readonly Topic[],
    kind: Kind,
    saying: Saying,
    request: { onValues(values: unknown[]): void; onEnd(missing: readonly string[]): void },
    timeoutMs = this.#exchange.settings.requestTimeoutMs,
  ): void {
    const onAnswer = (_node: string, answer: WireFrame) => {
      const values = this.#valuesOf(answer)
      if (values !== undefined) request.onValues(values)
      return values !== undefined
    }
    const { onEnd } = request
    this.#exchange.ask(topics, kind, saying, { nodes: this.#peers(), timeoutMs, onAnswer, onEnd })
  }

  #valuesOf({ body }: WireFrame): unknown[] | undefined {
    try {
      return this.#codec.values(body)
    } catch {
      this.#exchange.malformed(this.#exchange.topics.node(this.#exchange.node))
      return undefined
    }
  }

  #saying(opts: BroadcastOptions): Saying {
    return { nsp: this.#nsp, rooms: opts.rooms, except: opts.except ?? [] }
  }

  #peers(): ReadonlySet<string> {
    return this.#exchange.peers(this.#nsp)
  }

  /** The names of those who are missing, which an operator is told. */
  #named(request: RequestName, missing: readonly string[]): string[] {
    const names = this.#exchange.names(missing)
    if (names.length > 0) {
      this.#exchange.counters.requestsIncomplete += 1
      this.#exchange.tell({ kind: 'incomplete', request, nsp: this.#nsp, missing: names })
    }
    return names
  }
}

function isDetails(one: unknown): one is SocketDetails {
  if (typeof one !== 'object' || one === null) return false
  return 'id' in one && 'rooms' in one && Array.isArray(one.rooms)
}
