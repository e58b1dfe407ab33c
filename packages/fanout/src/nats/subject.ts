/** What a topic is called at NATS. */
import type { Topic } from '../broker.ts'

/**
 * The prefix and one token. What is not a letter, a digit, `_`, `-` or `:` is written as `%` and two hex digits per byte of its UTF-8, halves of surrogate pairs
 * as `%u` and four, the empty topic as `%`: dots would make tokens, `*` and `>` patterns, white space the end of the command. Two topics never share a
 * subject. 200 characters become 1,800 at most, well below the 4,096 that a server takes as one line.
 */
export function subjectOf(prefix: string, topic: Topic): string {
  if (topic === '') return `${prefix}.%`
  return `${prefix}.${topic.replace(/[^\w:-]/gu, escaped)}`
}

function escaped(one: string): string {
  if (/\p{Surrogate}/u.test(one)) return `%u${one.charCodeAt(0).toString(16)}`
  return [...Buffer.from(one)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

/** Throws a TypeError where a prefix is no row of plain tokens: subscriptions would listen to patterns, or to nothing. */
export function checkPrefix(prefix: string): string {
  if (/^[\w-]+(\.[\w-]+)*$/.test(prefix)) return prefix
  throw new TypeError(
    `a NATS prefix is tokens of letters, digits, _ and -, not ${JSON.stringify(prefix)}`,
  )
}
