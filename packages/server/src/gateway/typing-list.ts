/** Who is typing in one channel, as pure steps: each takes the list as it was and gives the list as it is. */
import type { Author, Id } from '@madang/protocol'

/** Everybody who is typing, in the order in which they began, and when it is forgotten, in ms of the clock of `now`. */
export type TypingList = ReadonlyMap<Id, { readonly author: Author; readonly until: number }>

export const nobodyTypes: TypingList = new Map()

/** A list that is full takes nobody new: nobody reads that many names. */
export function typed(
  list: TypingList,
  author: Author,
  until: number,
  peopleMax: number,
): TypingList {
  if (!list.has(author.id) && list.size >= peopleMax) return list
  return new Map(list).set(author.id, { author, until })
}

export function stopped(list: TypingList, personId: Id): TypingList {
  return list.has(personId) ? new Map([...list].filter(([id]) => id !== personId)) : list
}

export function expired(list: TypingList, now: number): TypingList {
  const left = [...list].filter(([, { until }]) => until > now)
  return left.length === list.size ? list : new Map(left)
}

/** Whether readers would see the same. */
export function samePeople(a: TypingList, b: TypingList): boolean {
  return a.size === b.size && [...a.keys()].every((id) => b.has(id))
}

export function people(list: TypingList): Author[] {
  return [...list.values()].map(({ author }) => author)
}
