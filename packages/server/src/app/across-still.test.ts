// A node is stopped where it stands, for longer than it takes to be in doubt of its clients: what was asked of it meanwhile does not undo what was done elsewhere.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'socket.io-client'
import { freeze } from '../../../../tests/services/freeze.ts'
import { GATEWAY_BOUNDS } from '../gateway/bounds.ts'
import { spawnServer } from '../testing/spawn-server.ts'
import { guest, visit } from '../testing/visitor.ts'

interface Answer {
  readonly ok: boolean
  readonly seq: number
  readonly error?: { readonly code: string; readonly retryAfterMs?: number }
}

const asked = (socket: Socket, event: string, payload: object): Promise<Answer> =>
  socket.emitWithAck(event, payload)

test('an edit that was asked of a node while it stood still is refused, and the one that was made elsewhere stays', {
  timeout: 120_000,
}, async () => {
  await using one = await spawnServer()
  await using two = await spawnServer({ dataDir: one.dataDir })
  const ann = await guest(one.url, 'Ann')
  const { channelId } = ann
  const auth = { token: ann.token }
  using websocket = await visit(one.url, { auth })
  using polling = await visit(one.url, { auth, transports: ['polling'] })
  const transports = await Promise.all(
    [websocket, polling].map(async ({ socket }, at) => {
      const what = { channelId, clientId: `c${at}`, text: 'first' }
      return { socket, target: (await asked(socket, 'send', what)).seq }
    }),
  )

  await freeze(one.pid)
  const late = transports.map(({ socket, target }) =>
    asked(socket, 'edit', { channelId, target, text: 'late' }),
  )
  using elsewhere = await visit(two.url, { auth })
  for (const { target } of transports) {
    const { ok } = await asked(elsewhere.socket, 'edit', { channelId, target, text: 'newer' })
    assert.equal(ok, true)
  }
  await sleep(GATEWAY_BOUNDS.pauseMsMax + 500)
  one.signal('SIGCONT')

  for (const { ok, error } of await Promise.all(late)) {
    assert.deepEqual(
      [ok, error?.code, error?.retryAfterMs],
      [false, 'unavailable', GATEWAY_BOUNDS.pauseRetryMs],
    )
  }
  const textsNow = async () => {
    const { events } = await ann.rest.call('listEvents', {
      params: { channelId },
      query: { after: 0 },
    })
    return transports.map(({ target }) => {
      const last = events.findLast((event) => event.kind === 'edited' && event.target === target)
      return last?.kind === 'edited' ? last.text : undefined
    })
  }
  assert.deepEqual(await textsNow(), ['newer', 'newer'])
  // Both have their way back by themselves.
  for (const { socket, target } of transports) {
    const again = { channelId, target, text: 'once more' }
    while (!(await asked(socket, 'edit', again)).ok) await sleep(50)
  }
  assert.deepEqual(await textsNow(), ['once more', 'once more'])
  assert.match(one.output(), /This node stood still\./)
})
