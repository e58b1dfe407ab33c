/** The bounds of the Redis brokers. */
import type { LinkLimits } from '../link/link.ts'
import type { OutboxLimits } from '../link/outbox.ts'

export interface RedisLimits extends LinkLimits, OutboxLimits {
  /** Larger frames are refused by `publish`. Redis itself takes 512 MB. */
  readonly frameBytesMax: number
  /** How long `stop` waits for frames to leave. */
  readonly stopMsMax: number
  /** How long a command rests that the server has refused for now. */
  readonly refusedMs: number
  /** Cluster: the time between two looks at who serves which slot while all is well. */
  readonly topologyMs: number
  /** Cluster: the same while something is amiss; also the least time between any two looks. */
  readonly topologyMsMin: number
}

export const REDIS_LIMITS: RedisLimits = {
  frameBytesMax: 1_048_576,
  queueFramesMax: 10_000,
  queueBytesMax: 67_108_864,
  ageMsMax: 10_000,
  connectMsMax: 5_000,
  heartbeatMs: 2_000,
  replyMsMax: 5_000,
  retryMsMin: 50,
  retryMsMax: 2_000,
  refusedMs: 200,
  stopMsMax: 2_000,
  topologyMs: 15_000,
  topologyMsMin: 200,
}
