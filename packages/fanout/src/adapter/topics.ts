/** The names of topics: pure, so that every node comes to the same. */
import { createHash } from 'node:crypto'
import type { Topic } from '../broker.ts'
import type { Name } from './wire.ts'

/** What every broker takes (see `Topic`). */
const topicLengthMax = 200

export interface Topics {
  /** What all nodes hear: who is there. */
  readonly cluster: Topic
  /** What one node alone hears: answers to its requests. */
  node(node: string): Topic
  /** What every node with this namespace hears. */
  namespace(nsp: string): Topic
  /** What every node with a member of this room hears. */
  room(nsp: string, room: Name): Topic
}

export function topicsOf(prefix: string): Topics {
  return {
    cluster: `${prefix}:c`,
    node: (node) => `${prefix}:n:${node}`,
    namespace: (nsp) => short(prefix, `a:${nsp}`),
    // The length says where the namespace ends, whatever both names hold.
    room: (nsp, room) =>
      short(prefix, `${typeof room === 'number' ? 'i' : 'r'}${nsp.length}:${nsp}${String(room)}`),
  }
}

/** What is too long, or cannot be said in UTF-8, goes by its hash. */
function short(prefix: string, rest: string): Topic {
  const topic = `${prefix}:${rest}`
  if (topic.length <= topicLengthMax && topic.isWellFormed()) return topic
  const hash = createHash('sha256').update(Buffer.from(rest, 'utf16le')).digest('base64url')
  return `${prefix}:h:${hash}`
}
