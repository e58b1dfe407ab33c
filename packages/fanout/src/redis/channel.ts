/** What a topic is called at Redis. */
import type { Topic } from '../broker.ts'

/**
 * The prefix, then the topic with a few things written as `%` and their number: `%` itself; braces, because in a cluster what stands between them would
 * decide the slot in the whole name's place; and halves of surrogate pairs, which have no UTF-8.
 */
export function channelOf(prefix: string, topic: Topic): string {
  return (
    prefix +
    topic.replace(
      /[%{}]|\p{Surrogate}/gu,
      (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
  )
}
