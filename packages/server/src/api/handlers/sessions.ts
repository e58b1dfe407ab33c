/** Coming in and going. The cookie is set and cleared by the door, which knows of cookies. */
import type { Core } from '../../core/core.ts'
import type { Handlers } from '../ask.ts'

type Names = 'createGuest' | 'createAccount' | 'createSession' | 'getSession' | 'deleteSession'

export function sessionHandlers({ people }: Core): Handlers<Names> {
  return {
    createGuest: ({ body }) => people.guest(body.name),
    createAccount: ({ body }) => people.register(body),
    createSession: ({ body }) => people.signIn(body),
    getSession: async ({ by }) => ({ person: by, operator: await people.isOperator(by.id) }),
    async deleteSession({ by, sessionId }) {
      // Whoever came by a token of another system has no session here to end.
      if (sessionId !== undefined) await people.signOut(by, sessionId)
      return {}
    },
  }
}
