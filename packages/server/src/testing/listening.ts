/** Notes everything that a socket is told, so that a test can wait for what may have come already. */
import type { DownName, DownPayload } from '@madang/protocol'
import type { Socket } from 'socket.io-client'

export interface Listening {
  /** Everything of one kind that came so far. */
  all<N extends DownName>(event: N): readonly DownPayload<N>[]
  /** Resolves to the first of one kind that fits, come or to come. */
  told<N extends DownName>(
    event: N,
    fits: (payload: DownPayload<N>) => boolean,
  ): Promise<DownPayload<N>>
}

export function listenTo(socket: Socket): Listening {
  const seen: { readonly event: string; readonly payload: unknown }[] = []
  const looks = new Set<() => void>()
  socket.onAny((event: string, payload: unknown) => {
    seen.push({ event, payload })
    for (const look of looks) look()
  })
  const all = <N extends DownName>(event: N) =>
    seen.flatMap((each) => (each.event === event ? [each.payload as DownPayload<N>] : []))
  return {
    all,
    told: (event, fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = all(event).find(fits)
          if (found === undefined) return
          looks.delete(look)
          resolve(found)
        }
        looks.add(look)
        look()
      }),
  }
}
