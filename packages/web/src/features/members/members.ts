/** Who is in a channel, in the order a reader looks for them. Pure. */
import type { Member } from '@madang/client'

export interface MemberSections {
  readonly online: readonly Member[]
  readonly offline: readonly Member[]
}

const byName = (a: Member, b: Member): number => a.person.name.localeCompare(b.person.name)

export function memberSections(
  members: readonly Member[],
  online: ReadonlySet<string>,
): MemberSections {
  const sorted = [...members].sort(byName)
  return {
    online: sorted.filter(({ person }) => online.has(person.id)),
    offline: sorted.filter(({ person }) => !online.has(person.id)),
  }
}

/** Names that contain what was typed, whatever the case. */
export function filterByName(members: readonly Member[], typed: string): readonly Member[] {
  const wanted = typed.trim().toLocaleLowerCase()
  return members.filter(({ person }) => person.name.toLocaleLowerCase().includes(wanted))
}

export const notIn = (all: readonly Member[], inside: readonly Member[]): readonly Member[] => {
  const ids = new Set(inside.map(({ person }) => person.id))
  return all.filter(({ person }) => !ids.has(person.id))
}
