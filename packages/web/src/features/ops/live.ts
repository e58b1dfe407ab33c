/** Hears of the cluster over a socket of its own, once a second; where that is away it asks over HTTP until it is back. */
import type { openSocket, View } from '@madang/client'
import type { ClusterView, FollowTarget, Trace } from '@madang/protocol'
import { WIRE_VERSION } from '@madang/protocol/version'
import type { Rest } from '../../rest.ts'
import { createValue } from '../../value.ts'
import { NOTHING_SEEN, type OpsInput, type OpsState, stepOps } from './state.ts'

type Link = ReturnType<typeof openSocket>
type Listener = Parameters<typeof openSocket>[0]['listener']

export interface LiveParts {
  readonly open: typeof openSocket
  readonly rest: Pick<Rest, 'call'>
  /** Calls again and again until what it answers is called. */
  every(ms: number, act: () => void): () => void
  /** In ms; only differences count. */
  now(): number
  /** From 0 up to 1. */
  random(): number
}

export interface Live extends View<OpsState> {
  /** In place of what was followed before; undefined: nothing. */
  follow(target: FollowTarget | undefined): void
  /** Remembers that a node was told to drain. */
  told(nodeId: string): void
  start(): void
  /** Closes, and can be started again. */
  stop(): void
}

const beatMs = 500
/** Nothing was heard for so long: live is lost. Looks are a second apart. */
const silentMsMax = 4_000
const askMs = 5_000
/** A connection that tells nothing for so long is given up: it may have a node that hangs at the other end. */
const deadMsMax = 10_000
const reconnectMsMin = 500
const reconnectMsMax = 8_000
const ackTimeoutMs = 10_000

const nothing = () => {}
/** Chat is the other connection's. */
const CHAT = {
  ...{ event: nothing, digest: nothing, typing: nothing, presence: nothing, read: nothing },
  ...{ channel: nothing, gone: nothing, community: nothing, resume: nothing },
}

export const createLive = (parts: LiveParts): Live => new LiveCluster(parts)

class LiveCluster implements Live {
  readonly #parts: LiveParts
  readonly #value = createValue(NOTHING_SEEN)
  #link: Link | undefined
  #quiet: (() => void) | undefined
  #heardAt = Number.NEGATIVE_INFINITY
  #askedAt = Number.NEGATIVE_INFINITY
  #isFirst = true
  #connectAt = 0
  #openedAt = 0
  /** Since something was heard last. */
  #tries = 0

  constructor(parts: LiveParts) {
    this.#parts = parts
  }

  readonly snapshot = () => this.#value.snapshot()
  readonly subscribe = (changed: () => void) => this.#value.subscribe(changed)

  follow(target: FollowTarget | undefined): void {
    this.#take({ kind: 'follow', target })
    if (this.snapshot().mode === 'live') this.#observe()
    else this.#askedAt = Number.NEGATIVE_INFINITY
  }

  told(id: string): void {
    this.#take({ kind: 'drain', id })
  }

  start(): void {
    if (this.#quiet !== undefined) return
    this.#quiet = this.#parts.every(beatMs, () => this.#beat())
    this.#beat()
  }

  stop(): void {
    this.#quiet?.()
    this.#quiet = undefined
    this.#link?.close()
    this.#link = undefined
  }

  #take(input: OpsInput): void {
    this.#value.set(stepOps(this.#value.snapshot(), input))
  }

  #beat(): void {
    const now = this.#parts.now()
    if (this.#link === undefined && now >= this.#connectAt) this.#connect()
    const aliveAt = Math.max(this.#heardAt, this.#openedAt)
    if (this.#link !== undefined && now - aliveAt > deadMsMax) this.#again()
    if (now - this.#heardAt >= silentMsMax && now - this.#askedAt >= askMs) void this.#ask()
  }

  #connect(): void {
    this.#openedAt = this.#parts.now()
    this.#link = this.#parts.open({
      url: undefined,
      greeting: { wire: WIRE_VERSION, cursors: {} },
      pollingFirst: this.#tries > 2,
      ackTimeoutMs,
      listener: this.#listener(),
      refused: () => this.#again(),
      closed: () => this.#again(),
      // Silence is noticed by what is heard, above.
      unanswered: () => {},
    })
  }

  /** The link passes on whatever event its listener names; only its type leaves `cluster` and `trace` out. */
  #listener() {
    const listener = {
      ...CHAT,
      ready: () => this.#observe(),
      goaway: ({ withinMs }: { withinMs: number }) =>
        this.#again(Math.min(withinMs / 2, reconnectMsMin)),
      closed: () => this.#again(),
      cluster: (view: ClusterView) => {
        this.#tries = 0
        this.#heardAt = this.#parts.now()
        this.#take({ kind: 'view', view, by: 'live' })
      },
      trace: ({ entries }: Trace) => this.#take({ kind: 'trace', entries }),
    }
    return listener satisfies Listener
  }

  #observe(): void {
    const { target } = this.snapshot()
    const follow = target === undefined ? {} : { follow: target }
    this.#link?.request('observe', { cluster: true, ...follow }, (answer) => {
      if (answer?.ok === false) this.#take({ kind: 'lost', error: answer.error })
    })
  }

  /** Gone, or to be left: another connection is tried, later with each that failed. */
  #again(withinMs?: number): void {
    this.#link?.close()
    this.#link = undefined
    const longest = withinMs ?? Math.min(reconnectMsMax, reconnectMsMin * 2 ** this.#tries)
    this.#tries += 1
    this.#connectAt = this.#parts.now() + longest * this.#parts.random()
  }

  async #ask(): Promise<void> {
    const { rest, now } = this.#parts
    // The first answer comes while the socket is still being opened.
    const by = this.#isFirst ? 'waiting' : 'asking'
    this.#isFirst = false
    this.#askedAt = now()
    const { target } = this.snapshot()
    const [view, trace] = await Promise.all([
      rest.call('getCluster', {}),
      target && rest.call('follow', { body: { target } }),
    ])
    // The socket was faster.
    if (now() - this.#heardAt < silentMsMax) return
    this.#take(view.ok ? { kind: 'view', view, by } : { kind: 'lost', error: view.error })
    if (trace?.ok && this.snapshot().target === target) this.#take({ kind: 'trace', ...trace })
  }
}
