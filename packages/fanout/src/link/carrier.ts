/** What a broker over one connection needs of that connection. */
import type { Frame, Topic } from '../broker.ts'

/**
 * A connection lives once: it does not come back by itself, and queues nothing while it is not there. All that is asked of it is carried out in the order of
 * the calls. None of its methods throws; after its end all of them reject.
 */
export interface Carrier {
  /** Resolves when frames that any node publishes from now on arrive here. Rejects where the server refuses. */
  subscribe(topic: Topic): Promise<void>
  unsubscribe(topic: Topic): Promise<void>
  /** Resolves when the server has the frame. Rejects where it cannot take it, or where that will never be known. */
  publish(topic: Topic, frame: Frame): Promise<void>
  /** Resolves at a sign of life. */
  check(): Promise<void>
  /** At once, and as often as one likes. */
  close(): void
}

/** What a carrier tells, never from within one of its methods. */
export interface CarrierEvents {
  onFrame(topic: Topic, frame: Frame): void
  /** The server has thrown frames away; without a topic: of any. */
  onGap(topic?: Topic): void
  /** The connection is gone. Called once at most, only after it was opened, and not after `close`. */
  onClosed(reason: string): void
}

/** Resolves when the connection is ready, or rejects and leaves nothing behind: at once where `signal` says that nobody wants it any more. */
export type OpenCarrier = (events: CarrierEvents, signal: AbortSignal) => Promise<Carrier>
