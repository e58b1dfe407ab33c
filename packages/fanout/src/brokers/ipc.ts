/**
 * The broker of one host: its workers meet at the process that forks them, over a Unix domain socket (a named pipe on Windows).
 *
 * In the primary: `const ipc = await serveIpc()`, then `cluster.fork(ipc.env)` or `child_process.fork` with `ipc.env` in the environment.
 * In a worker: `createIpcBroker()`. The primary holds no sockets of clients and decodes nothing: it hands a frame's bytes on as they came.
 *
 * Guarantees: those of every broker. A frame reaches only workers that subscribe to its topic, in one hop through the primary; bytes stay bytes, with
 * no JSON and no structured clone, which the channel that Node itself opens between the two would cost. Once `subscribe` has resolved the primary
 * has carried it out. Processes that may not read the socket's folder, which is the primary's user's own, cannot listen or speak.
 *
 * Costs: one write per worker and turn of its event loop, however many frames leave in it, and in the primary one copy per receiving worker.
 *
 * Failure: the primary gone, frozen (no answer within `replyMsMax`) or of another version: `onHealth` says so, frames wait within the bounds below, and the
 * worker connects again with jittered back-off, subscribes to all it wants, and tells a gap for each topic. (Workers of node:cluster exit with their
 * primary unless told otherwise; those of child_process.fork live on.) A worker that is gone, even by SIGKILL, leaves nothing behind. A worker that reads too
 * slowly loses frames past the primary's `queueBytesMax`, and is told the topics before anything later of them. What makes no sense to the primary ends that
 * worker's connection, and is counted in `stats().malformed`.
 */
import type { Broker } from '../broker.ts'
import { openConnection } from '../ipc/connection.ts'
import { IPC_PATH_VARIABLE } from '../ipc/place.ts'
import { LinkedBroker, type LinkedLimits, type LinkedOptions } from '../link/linked-broker.ts'

export { type IpcServer, type IpcStats, type ServeIpcOptions, serveIpc } from '../ipc/primary.ts'

export type IpcLimits = LinkedLimits

export const IPC_LIMITS: IpcLimits = {
  /** Larger frames are refused, in bytes; the primary has a bound of its own. */
  frameBytesMax: 1_048_576,
  /** Frames that wait, or that the primary has not confirmed: past any of these three bounds `publish` is false. */
  queueFramesMax: 10_000,
  queueBytesMax: 16_777_216,
  /** A frame that waited longer, in ms, is dropped and counted instead of sent. */
  ageMsMax: 10_000,
  /** One attempt to connect, in ms. */
  connectMsMax: 5_000,
  /** Between two questions whether the primary is alive, in ms; then how long it may take to answer. */
  heartbeatMs: 2_000,
  replyMsMax: 4_000,
  /** The waits between attempts to connect, in ms: jittered, doubling. */
  retryMsMin: 20,
  retryMsMax: 1_000,
  /** How long a topic rests that the primary cannot take (longer than 32,767 characters), in ms. */
  refusedMs: 10_000,
  /** How long `stop` waits for frames to leave, in ms. */
  stopMsMax: 2_000,
}

export interface IpcBrokerOptions extends LinkedOptions {
  /** Where the primary listens. From the environment (MADANG_IPC_PATH, which `serveIpc().env` sets) unless given. */
  readonly path?: string
  /** Any of IPC_LIMITS, whose values are the defaults. */
  readonly limits?: Partial<IpcLimits>
}

/** Throws a TypeError where no path is given and the environment has none: the process was not forked with `serveIpc().env`. */
export function createIpcBroker(options: IpcBrokerOptions = {}): Broker {
  const path = options.path ?? process.env[IPC_PATH_VARIABLE]
  if (path === undefined || path === '') {
    throw new TypeError(
      `no path to a primary: fork with serveIpc().env, or set ${IPC_PATH_VARIABLE}`,
    )
  }
  const limits = { ...IPC_LIMITS, ...options.limits }
  return new LinkedBroker({
    ...options,
    name: 'ipc',
    where: `the primary at ${path}`,
    limits,
    open: (events, signal) => openConnection({ path, ...limits, events, signal }),
  })
}
