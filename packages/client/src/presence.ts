/** Who is online, by community. Pure. */
import type { DownPayload, Id } from '@madang/protocol'
import type { PresenceView } from './types.ts'

export type Presence = ReadonlyMap<Id, PresenceView>

export function presenceOf(rows: DownPayload<'ready'>['presence']): Presence {
  return new Map(rows.map(({ communityId, online, count }) => [communityId, { online, count }]))
}

/** Who came replaces who was there under another name; `count` is the server's, since large communities tell counts only. */
export function withPresence(presence: Presence, notice: DownPayload<'presence'>): Presence {
  const { communityId, online, offline, count } = notice
  const before = presence.get(communityId)?.online ?? []
  const replaced = new Set([...offline, ...online.map((person) => person.id)])
  const people = [...before.filter((person) => !replaced.has(person.id)), ...online]
  return new Map(presence).set(communityId, { online: people, count })
}

export function withoutCommunity(presence: Presence, communityId: Id): Presence {
  if (!presence.has(communityId)) return presence
  const next = new Map(presence)
  next.delete(communityId)
  return next
}
