/** Writing: send, edit, delete, question. */
import type { Handlers } from './call.ts'

// Core is called in the turn in which the request came in: what one client sends in order is appended in order.
export const messages: Pick<Handlers, 'send' | 'edit' | 'delete' | 'question'> = {
  async send({ core }, { session, request: { lane, ...what }, answer }) {
    const sent = core.messages.send(session.person, { ...what, ...(lane && { lane }) })
    const { id, seq, createdAt, duplicate } = await sent
    answer({ id, seq, createdAt, duplicate })
  },

  async edit({ core }, { session, request: { clientId, ...what }, answer }) {
    const { seq } = await core.messages.edit(session.person, {
      ...what,
      ...(clientId && { clientId }),
    })
    answer({ seq })
  },

  async delete({ core }, { session, request: { clientId, ...what }, answer }) {
    const { seq } = await core.messages.delete(session.person, {
      ...what,
      ...(clientId && { clientId }),
    })
    answer({ seq })
  },

  async question({ core }, { session, request: { clientId, ...what }, answer }) {
    const { seq } = await core.messages.question(session.person, {
      ...what,
      ...(clientId && { clientId }),
    })
    answer({ seq })
  },
}
