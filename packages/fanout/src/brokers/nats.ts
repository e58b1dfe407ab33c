/**
 * The broker over NATS: core subjects, one per topic, on one connection. Needs the package `@nats-io/transport-node`, version 3, beside this one.
 *
 * Guarantees: those of every broker. A subscription counts when the server has answered after it, not when it was sent. A node drops its own frames by
 * its id, beside the server's own `no echo`, so that none comes back over another server of a NATS cluster. JetStream is not needed and not used.
 *
 * Costs: the server carries a frame only where a node subscribes to its topic. Ten bytes per frame say who published it. Interest is known to every server
 * of a NATS cluster, so topics that come and go by the ten thousand cost all of them.
 *
 * Failure: the driver's reconnecting is off, because it queues without a bound and gives up after ten attempts; here frames wait within the bounds below, and
 * the next server of the list is tried, with jittered back-off, for ever. A server that is killed, unreachable at start, or frozen (no answer within
 * `replyMsMax`), and one that cuts this node off as a slow consumer, are told by `onHealth`; afterwards each topic is subscribed anew and its gap told. Frames
 * that were under way and not confirmed are not sent again, and count as dropped. Where the server's permissions forbid a subscription, `onHealth` says that it
 * refuses, and it is asked again every `refusedMs`; NATS does not confirm that a publish was permitted. Frames of strangers are counted in `malformedFrames`.
 */
import { randomBytes } from 'node:crypto'
import type { Broker } from '../broker.ts'
import { LinkedBroker, type LinkedLimits, type LinkedOptions } from '../link/linked-broker.ts'
import { type NatsAccess, openConnection } from '../nats/connection.ts'
import { addressOf, type NatsServer, serverOf } from '../nats/server.ts'
import { checkPrefix } from '../nats/subject.ts'
import { ENVELOPE_BYTES, NODE_ID_BYTES } from '../redis/envelope.ts'

export type { NatsAccess } from '../nats/connection.ts'
export type NatsLimits = LinkedLimits

export const NATS_LIMITS: NatsLimits = {
  /** Larger frames are refused, in bytes: the server's default `max_payload` without our ten. Where the server takes less, larger ones are dropped and counted. */
  frameBytesMax: 1_048_576 - ENVELOPE_BYTES,
  /** Frames that wait, or that the server has not confirmed: past any of these three bounds `publish` is false. */
  queueFramesMax: 10_000,
  queueBytesMax: 67_108_864,
  /** A frame that waited longer, in ms, is dropped and counted instead of sent. */
  ageMsMax: 10_000,
  /** One attempt to connect, in ms. */
  connectMsMax: 5_000,
  /** Between two questions whether the server is alive, in ms; then how long it may take to answer. */
  heartbeatMs: 2_000,
  replyMsMax: 4_000,
  /** The waits between attempts to connect, in ms: jittered, doubling. */
  retryMsMin: 50,
  retryMsMax: 2_000,
  /** How long a subscription rests that the server has refused, in ms. */
  refusedMs: 10_000,
  /** How long `stop` waits for frames to leave, in ms. */
  stopMsMax: 2_000,
}

export interface NatsBrokerOptions extends LinkedOptions {
  /** `nats://host:4222`, `tls://user:pass@host`, `nats://token@host`: one, or several of one NATS cluster, tried in turn. */
  readonly servers: string | readonly string[]
  /** How to get in, where that is not in the address, and how to use TLS: the driver's own options. */
  readonly access?: NatsAccess
  /** What all subjects begin with: tokens of letters, digits, `_` and `-` (default 'madang'). Nodes with different prefixes do not hear each other. */
  readonly prefix?: string
  /** Any of NATS_LIMITS, whose values are the defaults. */
  readonly limits?: Partial<NatsLimits>
}

export interface NatsBroker extends Broker {
  /** Frames that came in and that no node of ours has published. */
  readonly malformedFrames: number
}

/** Throws a TypeError where an address or the prefix is none; a server that is not there is no error. */
export function createNatsBroker(options: NatsBrokerOptions): NatsBroker {
  const urls = typeof options.servers === 'string' ? [options.servers] : options.servers
  const [first, ...others] = urls.map(serverOf)
  if (first === undefined) throw new TypeError('a NATS broker needs at least one server')
  return new NatsLinkedBroker(options, [first, ...others], checkPrefix(options.prefix ?? 'madang'))
}

class NatsLinkedBroker extends LinkedBroker implements NatsBroker {
  readonly #counts: { malformed: number }

  constructor(options: NatsBrokerOptions, servers: [NatsServer, ...NatsServer[]], prefix: string) {
    const limits = { ...NATS_LIMITS, ...options.limits }
    const nodeId = randomBytes(NODE_ID_BYTES)
    const counts = { malformed: 0 }
    // Nodes begin at different servers, and go on to the next with each attempt.
    let turn = Math.floor((options.random ?? Math.random)() * servers.length)
    super({
      ...options,
      name: 'nats',
      where: `NATS at ${servers.map(addressOf).join(', ')}`,
      limits,
      open: (events, signal) =>
        openConnection({
          server: servers[turn++ % servers.length] ?? servers[0],
          access: options.access ?? {},
          prefix,
          nodeId,
          connectMsMax: limits.connectMsMax,
          events,
          signal,
          onMalformed: () => {
            counts.malformed += 1
          },
        }),
    })
    this.#counts = counts
  }

  get malformedFrames(): number {
    return this.#counts.malformed
  }
}
