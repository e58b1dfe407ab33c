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
const reconnectMsMin = 500
const reconnectMsMax = 8_000
const ackTimeoutMs = 10_000

const nothing = () => {}
/** Chat is the other connection's. */
const CHAT = {
  ...{ event: nothing, digest: nothing, typing: nothing, presence: nothing, read: nothing },
  ...{ channel: nothing, gone: nothing, community: nothing, resume: nothing },
}

export function createLive(parts: LiveParts): Live {
  const value = createValue(NOTHING_SEEN)
  const take = (input: OpsInput) => value.set(stepOps(value.snapshot(), input))
  let link: Link | undefined
  let quiet = nothing
  let heardAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let connectAt = 0
  let tries = 0

  const ask = async () => {
    askedAt = parts.now()
    const { target } = value.snapshot()
    const [view, trace] = await Promise.all([
      parts.rest.call('getCluster', {}),
      target && parts.rest.call('follow', { body: { target } }),
    ])
    if (parts.now() - heardAt < silentMsMax) return
    if (view.ok) take({ kind: 'view', view, by: tries === 0 ? 'waiting' : 'asking' })
    else take({ kind: 'lost', error: view.error })
    if (trace?.ok && value.snapshot().target === target) take({ kind: 'trace', ...trace })
  }

  const observe = () => {
    const { target } = value.snapshot()
    const follow = target === undefined ? {} : { follow: target }
    link?.request('observe', { cluster: true, ...follow }, (answer) => {
      if (answer?.ok === false) take({ kind: 'lost', error: answer.error })
    })
  }

  /** Gone, or to be left: another connection is tried, later with each that failed. */
  const again = (withinMs?: number) => {
    link?.close()
    link = undefined
    const longest = withinMs ?? Math.min(reconnectMsMax, reconnectMsMin * 2 ** tries)
    tries += 1
    connectAt = parts.now() + longest * parts.random()
  }

  const listener = {
    ...CHAT,
    ready: observe,
    goaway: ({ withinMs }: { withinMs: number }) => again(Math.min(withinMs / 2, reconnectMsMin)),
    closed: () => again(),
    cluster(view: ClusterView) {
      tries = 0
      heardAt = parts.now()
      take({ kind: 'view', view, by: 'live' })
    },
    trace({ entries }: Trace) {
      take({ kind: 'trace', entries })
    },
  }

  const connect = () => {
    link = parts.open({
      url: undefined,
      greeting: { wire: WIRE_VERSION, cursors: {} },
      pollingFirst: tries > 2,
      ackTimeoutMs,
      // The link passes on whatever event its listener names; only its type leaves these two out.
      listener: listener satisfies Listener,
      refused: () => again(),
      closed: () => again(),
    })
  }

  const beat = () => {
    const now = parts.now()
    if (link === undefined && now >= connectAt) connect()
    if (now - heardAt < silentMsMax || now - askedAt < askMs) return
    // Connected, and told nothing: it may have a node that hangs at the other end.
    if (link !== undefined && Number.isFinite(heardAt)) again()
    void ask()
  }

  return {
    snapshot: value.snapshot,
    subscribe: value.subscribe,
    follow(target) {
      take({ kind: 'follow', target })
      if (value.snapshot().mode === 'live') observe()
      else askedAt = Number.NEGATIVE_INFINITY
    },
    told: (id) => take({ kind: 'drain', id }),
    start() {
      if (quiet !== nothing) return
      quiet = parts.every(beatMs, beat)
      beat()
    },
    stop() {
      quiet()
      quiet = nothing
      link?.close()
      link = undefined
    },
  }
}
