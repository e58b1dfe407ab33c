/** The truth behind an API process, asked over HTTP: ours with `ROLES=api`, or a team's own backend that keeps the same contract. */
import { LIMITS } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { GroupCommit } from './group-commit.ts'
import { CALLS, Caller, type RemoteReport } from './remote/caller.ts'
import { Exchange } from './remote/exchange.ts'
import { METHODS, methodNames } from './remote/methods.ts'
import type { MethodName } from './remote/row.ts'
import { type ApiState, Watch } from './remote/watch.ts'
import { type Append, type AppendResult, type Store, StoreError } from './store.ts'

export interface RemoteOptions {
  /** Of the API process, as `http://host:port`; a path in it comes before the contract's. */
  readonly url: string
  readonly secret: string
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly report: RemoteReport
}

/** A store that also says how it stands with its API process. */
export interface RemoteStore extends Store {
  readonly state: ApiState
}

/** How long calls that are under way are waited for when the store stops, in ms. */
const stopMsMax = 3_000

type Ask = (...args: readonly unknown[]) => Promise<unknown>

/** Starts whether or not the API process is there; while it is not, every method rejects with `unavailable` at once. */
export function createRemoteStore(options: RemoteOptions): RemoteStore {
  const { clock, random, report } = options
  const exchange = new Exchange({ ...options, connectionsMax: CALLS.connectionsMax })
  const watch: Watch = new Watch({
    probe: () => caller.probe(),
    clock,
    random,
    onChange: (state, detail) => tell(report, options.url, state, detail),
  })
  const caller = new Caller({
    exchange,
    clock,
    random,
    report,
    state: () => watch.state,
    onDoubt: () => watch.doubt(),
  })
  let phase: 'new' | 'open' | 'closed' = 'new'
  let stopped: Promise<void> | undefined
  const under = new Set<Promise<unknown>>()

  /** Refuses when the store is not open, and lets `stop` wait for the call. */
  const tracked =
    (ask: Ask): Ask =>
    async (...args) => {
      if (phase !== 'open') {
        throw new StoreError('unavailable', 'The store is not open.')
      }
      const call = ask(...args)
      under.add(call)
      try {
        return await call
      } finally {
        under.delete(call)
      }
    }

  async function stop(): Promise<void> {
    const timer = clock.after(stopMsMax, () => exchange.close())
    await Promise.allSettled(under)
    timer.cancel()
    watch.stop()
    exchange.close()
  }

  return {
    ...methodsOf(caller, tracked),
    name: 'remote',
    get state() {
      return watch.state
    },
    start() {
      if (phase !== 'new') {
        return Promise.reject(new StoreError('unavailable', 'The store was started already.'))
      }
      phase = 'open'
      return watch.start()
    },
    stop() {
      phase = 'closed'
      stopped ??= stop()
      return stopped
    },
  }
}

function methodsOf(
  caller: Caller,
  tracked: (ask: Ask) => Ask,
): Omit<Store, 'name' | 'start' | 'stop'> {
  const asks = methodNames.map((name): [MethodName, Ask] => {
    const { itemsMax } = METHODS[name]
    const ask = itemsMax === undefined ? single(caller, name) : grouped(caller, name, itemsMax)
    return [name, tracked(ask)]
  })
  // The table has a row for every method, and each row's schemas are held against the method's types where it is made.
  return Object.fromEntries(asks) as unknown as Omit<Store, 'name' | 'start' | 'stop'>
}

function single(caller: Caller, name: MethodName): Ask {
  return (...args) => caller.call(name, args)
}

/** Calls of the same moment share a request, and those that come while one is under way wait for the next: the slower the API, the larger the requests. */
function grouped(caller: Caller, name: MethodName, batchMax: number): Ask {
  const group = new GroupCommit<unknown, unknown>({
    batchMax,
    queueMax: LIMITS.appendQueueMax,
    defer: (run) => void setImmediate(run),
    async commit(items) {
      const answers = await caller.call(name, [items], items.length)
      return Array.isArray(answers) ? settled(name, items, answers) : []
    },
  })
  return (items) => group.submit(Array.isArray(items) ? items : [])
}

/**
 * An append that was made a second time, because the first answer was lost, finds its own event there: it is the one that appended it. Without this the node would
 * believe that another had told its readers.
 */
function settled(
  name: MethodName,
  items: readonly unknown[],
  answers: readonly unknown[],
): readonly unknown[] {
  if (name !== 'append') return answers
  return (answers as readonly AppendResult[]).map((answer, index): AppendResult => {
    const { id } = items[index] as Append
    const isOwn = answer.outcome === 'repeated' && answer.event?.id === id
    return isOwn && answer.event ? { outcome: 'appended', event: answer.event } : answer
  })
}

function tell(report: RemoteReport, url: string, state: ApiState, detail: string): void {
  if (state === 'up') report.info('The API process answers.', { api: url })
  else
    report.warn('The API process is away: requests are refused as unavailable.', {
      api: url,
      detail,
    })
}
