/** A list that is read over HTTP when a view opens, and read again on demand. */
import type { ErrorBody } from '@madang/client'

import { useCallback, useEffect, useState } from 'react'
import type { CallName, Input, Reply, Rest } from './rest.ts'

export interface Answer<T> {
  /** Undefined until the first answer; kept while it is read again. */
  readonly data: T | undefined
  readonly error: ErrorBody | undefined
  reload(): void
}

/** Reads again whenever what is asked changes, by value, or `version` does. */
export function useAnswer<N extends CallName>(
  rest: Rest,
  name: N,
  input: Input<N>,
  version: unknown = 0,
): Answer<Reply<N>> {
  const asked = JSON.stringify([name, input])
  const [state, setState] = useState<{ asked: string; data?: Reply<N>; error?: ErrorBody }>({
    asked,
  })
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is the input by value; `round` and `version` ask again.
  useEffect(() => {
    let stale = false
    const read = async () => {
      const outcome = await rest.call(name, input)
      if (stale) return
      setState(outcome.ok ? { asked, data: outcome } : { asked, error: outcome.error })
    }
    void read()
    return () => {
      stale = true
    }
  }, [rest, asked, round, version])
  const current = state.asked === asked ? state : undefined
  const reload = useCallback(() => setRound((before) => before + 1), [])
  return { data: current?.data, error: current?.error, reload }
}
