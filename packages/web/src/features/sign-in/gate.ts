/** Whether somebody is signed in: asked of the server at the start, and again whenever the connection is refused. */
import type { Client, ErrorBody, Outcome, Person, View } from '@madang/client'

import type { Rest } from '../../rest.ts'
import { createValue } from '../../value.ts'

export type GateView =
  /** `failed`: the server could not be reached, and is asked again. */
  | { readonly at: 'asking'; readonly failed: boolean }
  | { readonly at: 'outside'; readonly error?: ErrorBody }
  | { readonly at: 'inside'; readonly person: Person; readonly client: Client }

export type Answered = 'inside' | 'outside' | 'ask again'

/** What the answer to "who am I?" means. Only a clear no sends a person to the door. */
export function judge(answer: Outcome): Answered {
  if (answer.ok) return 'inside'
  return turnsOut(answer.error) ? 'outside' : 'ask again'
}

/** Whether a refusal means that we have to sign in (again). */
export function turnsOut(error: ErrorBody | undefined): boolean {
  return error?.code === 'unauthenticated' || error?.code === 'session_expired'
}

export interface Gate extends View<GateView> {
  /** Asks the server who we are. */
  start(): Promise<void>
  enter(person: Person): void
  /** Ends the session, and forgets who it was. Where the server does not answer one stays inside. */
  leave(): Promise<Outcome>
}

export interface GateParts {
  readonly rest: Rest
  connect(): Client
  /** Forgets what the app keeps in this browser of the person who leaves; the client forgets the rest. */
  forget(): void
  wait(ms: number): Promise<void>
}

const ASK_AGAIN_MS = 2_000

export function createGate(parts: GateParts): Gate {
  const value = createValue<GateView>({ at: 'asking', failed: false })

  const goOut = async (client: Client, error?: ErrorBody) => {
    value.set(error ? { at: 'outside', error } : { at: 'outside' })
    await client.stop()
  }

  // The server closes the connection of a session that ends: that is no news to whoever ended it.
  let leaving = false

  const enter = (person: Person) => {
    const client = parts.connect()
    value.set({ at: 'inside', person, client })
    const unwatch = client.session.subscribe(() => {
      const { status, error } = client.session.snapshot().connection
      if (leaving || status !== 'refused' || !turnsOut(error)) return
      unwatch()
      void goOut(client, error)
    })
    client.start()
  }

  return {
    snapshot: value.snapshot,
    subscribe: value.subscribe,
    enter,
    async start() {
      for (;;) {
        const answer = await parts.rest.call('getSession', {})
        if (answer.ok) return enter(answer.person)
        if (judge(answer) === 'outside') return value.set({ at: 'outside' })
        value.set({ at: 'asking', failed: true })
        await parts.wait(ASK_AGAIN_MS)
      }
    },
    async leave() {
      const view = value.snapshot()
      if (view.at !== 'inside') return { ok: true }
      leaving = true
      const outcome = await parts.rest.call('deleteSession', {})
      leaving = false
      if (!outcome.ok && !turnsOut(outcome.error)) return outcome
      parts.forget()
      value.set({ at: 'outside' })
      await view.client.forget()
      return { ok: true }
    },
  }
}
