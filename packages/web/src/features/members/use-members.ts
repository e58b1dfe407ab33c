/** The members of a channel or community, page by page. */
import type { ErrorBody, Member } from '@madang/client'

import { useSession } from '@madang/client/react'
import { useCallback, useEffect, useState } from 'react'
import type { Rest } from '../../rest.ts'
import { useClient } from '../../services.tsx'

export type MembersOf =
  | { readonly channelId: string; readonly communityId?: undefined }
  | { readonly communityId: string; readonly channelId?: undefined }

export interface Members {
  /** Undefined until the first page is there; kept while it is read again. */
  readonly members: readonly Member[] | undefined
  readonly error: ErrorBody | undefined
  readonly more: boolean
  loadMore(): void
}

interface State {
  readonly of: string
  readonly members?: readonly Member[]
  readonly next?: string | undefined
  readonly error?: ErrorBody
}

/** Reads the first page again when `version` changes, and where it could not be read, when the connection is back. */
export function useMembers(rest: Rest, of: MembersOf, version: unknown): Members {
  const asked = of.channelId ?? of.communityId
  const [state, setState] = useState<State>({ of: asked })
  const current = state.of === asked ? state : undefined
  const again = useComebacks(current?.error !== undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is `of` by value; `version` and `again` ask again.
  useEffect(() => {
    let stale = false
    const read = async () => {
      const outcome = await readPage(rest, of)
      if (stale) return
      setState(
        outcome.ok
          ? { of: asked, members: outcome.members, next: outcome.next }
          : { of: asked, error: outcome.error },
      )
    }
    void read()
    return () => {
      stale = true
    }
  }, [rest, asked, version, again])

  const next = current?.next
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is `of` by value.
  const loadMore = useCallback(() => {
    const read = async () => {
      const outcome = await readPage(rest, of, next)
      if (!outcome.ok) return
      setState((before) =>
        before.of === asked && before.next === next
          ? {
              of: asked,
              members: [...(before.members ?? []), ...outcome.members],
              next: outcome.next,
            }
          : before,
      )
    }
    void read()
  }, [rest, asked, next])

  return {
    members: current?.members,
    error: current?.error,
    more: next !== undefined,
    loadMore,
  }
}

/** Counts how often the connection has come back to something that had failed. What was read is not read again: everybody comes back at once. */
function useComebacks(failed: boolean): number {
  const online = useSession(useClient()).connection.status === 'online'
  const [count, setCount] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a failure while online would ask for ever.
  useEffect(() => {
    if (online && failed) setCount((before) => before + 1)
  }, [online])
  return count
}

function readPage(rest: Rest, of: MembersOf, after?: string) {
  const query = after === undefined ? {} : { after }
  return of.channelId !== undefined
    ? rest.call('listChannelMembers', { params: { channelId: of.channelId }, query })
    : rest.call('listCommunityMembers', { params: { communityId: of.communityId }, query })
}
