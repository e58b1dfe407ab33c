/** Asks the server once, for somebody who waits for the outcome. */
import type { UpName, UpRequest, UpResult } from '@madang/protocol'
import type { Link } from './link.ts'
import { errorFrom, NOT_CONNECTED, OUTCOME_UNKNOWN } from './refusals.ts'
import type { Outcome } from './types.ts'

/** `done` runs before anything later is heard from the server. Never rejects. */
export function ask<N extends UpName>(
  link: Link | undefined,
  name: N,
  payload: UpRequest<N>,
  done: (result: UpResult<N>) => void = () => {},
): Promise<Outcome<UpResult<N>>> {
  if (!link) return Promise.resolve({ ok: false, error: NOT_CONNECTED })
  return new Promise((resolve) => {
    link.request(name, payload, (answer) => {
      if (!answer) return resolve({ ok: false, error: OUTCOME_UNKNOWN })
      if (answer.ok) {
        done(answer)
        return resolve(answer)
      }
      resolve({ ok: false, error: errorFrom(answer.error) ?? OUTCOME_UNKNOWN })
    })
  })
}
