/** Who is kept out of a channel or community, page by page. */
import type { ErrorBody, Person } from '@madang/client'

import { useCallback, useEffect, useState } from 'react'
import type { Rest } from '../../rest.ts'
import type { Scope } from './acting.ts'

export interface Bans {
  /** Undefined until the first page is there. */
  readonly people: readonly Person[] | undefined
  readonly error: ErrorBody | undefined
  readonly more: boolean
  loadMore(): void
  /** Their ban was lifted. */
  forget(personId: string): void
}

interface State {
  readonly people?: readonly Person[]
  readonly next?: string | undefined
  readonly error?: ErrorBody
}

/** Reads once: the dialog that shows it is opened anew each time. */
export function useBans(rest: Rest, scope: Scope): Bans {
  const [state, setState] = useState<State>({})
  const id = scope.kind === 'channel' ? scope.channel.id : scope.community.id
  const read = useCallback(
    async (after: string | undefined, isStale: () => boolean) => {
      const outcome = await readPage(rest, scope.kind, id, after)
      if (isStale()) return
      setState(({ people = [] }) => {
        if (!outcome.ok) return { people, error: outcome.error }
        const known = new Set(people.map((person) => person.id))
        const added = outcome.banned.filter((person) => !known.has(person.id))
        return { people: [...people, ...added], next: outcome.next }
      })
    },
    [rest, scope.kind, id],
  )
  useEffect(() => {
    let stale = false
    void read(undefined, () => stale)
    return () => {
      stale = true
    }
  }, [read])
  return {
    people: state.people,
    error: state.error,
    more: state.next !== undefined,
    loadMore: () => void read(state.next, () => false),
    forget: (personId) =>
      setState((before) => ({
        ...before,
        people: (before.people ?? []).filter((person) => person.id !== personId),
      })),
  }
}

function readPage(rest: Rest, kind: Scope['kind'], id: string, after: string | undefined) {
  const query = after === undefined ? {} : { after }
  return kind === 'channel'
    ? rest.call('listChannelBans', { params: { channelId: id }, query })
    : rest.call('listCommunityBans', { params: { communityId: id }, query })
}
