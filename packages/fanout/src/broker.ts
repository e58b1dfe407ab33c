/** The contract of a broker: what carries frames between nodes. */

/** What a node subscribes to. Any string up to 200 characters; a broker encodes what its server cannot take. */
export type Topic = string

/** Opaque bytes between nodes. The receiver must not change them: brokers may hand the same bytes to several listeners. */
export type Frame = Uint8Array

/**
 * Carries opaque frames between nodes. A broker knows nothing of sockets, rooms or chat, and is never the truth: whoever needs every frame
 * numbers them, sees the hole, and reads what is missing elsewhere.
 *
 * Order: frames published by one node to one topic arrive at each subscriber in the order of publishing.
 * Delivery: at most once. Frames may be lost; a loss that the broker knows of is told through `onGap`, before any later frame of that topic.
 * Echo: a node does not get its own frames.
 * Failure: a server that is unreachable, at `start` or later, never makes a method throw or hang. It is reported through `onHealth`,
 * `subscribe` keeps what is wanted and makes it true when the server is back (`onGap` is told then), and `publish` queues within bounds.
 * Calls: `start` once, before anything else; `subscribe` and `unsubscribe` in any order and as often as one likes: the last call per topic wins.
 * After `stop` nothing happens any more: the listener is not called, `subscribe` and `unsubscribe` resolve, `publish` is false.
 */
export interface Broker {
  readonly name: string
  /** Frames that `publish` dropped so far. */
  readonly droppedFrames: number
  /** Resolves when the first attempt to reach the server has succeeded or failed; `onHealth` says which. */
  start(listener: BrokerListener): Promise<void>
  /** Resolves when frames that any node publishes from now on will arrive here; while the server is away, when it is known to be away. */
  subscribe(topic: Topic): Promise<void>
  /**
   * From the call on (not only once it has resolved) no frame of the topic reaches the listener, until it is subscribed anew. Resolves when the server
   * was told; while it is away, at once.
   */
  unsubscribe(topic: Topic): Promise<void>
  /**
   * Hands the frame over without waiting; the caller does not touch its bytes afterwards. False: the queue's bound was reached or the frame is too large, and
   * it was dropped and counted. True is no promise of arrival.
   */
  publish(topic: Topic, frame: Frame): boolean
  /** Lets queued frames leave (at most two seconds), then releases everything. Calling it twice is calling it once. */
  stop(): Promise<void>
}

/**
 * What a broker calls. Its methods are called in the order in which things happened, and never from within `subscribe`, `unsubscribe` or `publish`. They must not
 * throw; where one does, the broker carries on with the next call.
 */
export interface BrokerListener {
  onFrame(topic: Topic, frame: Frame): void
  /** Frames may have been lost since the last one; without a topic: on every topic. */
  onGap(topic?: Topic): void
  /** Called on every change, and once during `start`. */
  onHealth(health: BrokerHealth): void
}

export interface BrokerHealth {
  readonly connected: boolean
  /** For an operator's eyes: where it is, or why it is away. */
  readonly detail: string
}
