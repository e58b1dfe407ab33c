/** A form's life while it is sent: busy, and what came of it. */
import { type FormEvent, useState } from 'react'

export interface Submit<E> {
  readonly busy: boolean
  readonly error: E | undefined
  onSubmit(event: FormEvent): void
}

/** `act` resolves to what is wrong, or to nothing. A second press while the first is under way does nothing. */
export function useSubmit<E>(act: () => Promise<E | undefined>): Submit<E> {
  const [state, setState] = useState<{ busy: boolean; error: E | undefined }>({
    busy: false,
    error: undefined,
  })
  const run = async () => {
    setState({ busy: true, error: undefined })
    setState({ busy: false, error: await act() })
  }
  return {
    ...state,
    onSubmit(event) {
      event.preventDefault()
      if (!state.busy) void run()
    },
  }
}
