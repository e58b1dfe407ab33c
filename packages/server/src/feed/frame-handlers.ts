/** Pairs each kind of frame with the one handler that takes it. */
import type { FrameBody, FrameKind, NodeFrame } from './frame-kinds.ts'
import type { NodeTopic } from './topics.ts'

export type FrameHandler<K extends FrameKind> = (topic: NodeTopic, body: FrameBody<K>) => void
export type FrameHandlers = { [K in FrameKind]?: FrameHandler<K> }

export function setHandler<K extends FrameKind>(
  handlers: { [P in K]?: FrameHandler<P> },
  kind: K,
  handler: FrameHandler<K>,
): void {
  handlers[kind] = handler
}

/** A kind that nobody takes goes nowhere. */
export function handFrame(handlers: FrameHandlers, topic: NodeTopic, frame: NodeFrame): void {
  switch (frame.kind) {
    case 'event':
      handlers.event?.(topic, frame.body)
      break
    case 'notice':
      handlers.notice?.(topic, frame.body)
      break
    case 'typing':
      handlers.typing?.(topic, frame.body)
      break
    case 'presence':
      handlers.presence?.(topic, frame.body)
      break
    case 'rates':
      handlers.rates?.(topic, frame.body)
      break
    case 'pulse':
      handlers.pulse?.(topic, frame.body)
      break
  }
}
