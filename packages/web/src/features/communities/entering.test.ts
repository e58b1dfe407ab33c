import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRest } from '../../rest.ts'
import { routeInto } from './entering.ts'

const channel = (id: string, role: string | null) => ({
  ...{ id, communityId: 'c', kind: 'text', visibility: 'public', name: id, topic: '' },
  ...{ createdAt: 0, epoch: 'e', head: 0, messages: 0, cursor: 0, unread: 0, role },
})

const restOf = (status: number, reply: object) =>
  createRest(
    async () => new Response(JSON.stringify(reply), { status }),
    async () => {},
  )

test('who joins a community comes into the channel that they are in from the start', async () => {
  const channels = [channel('a', null), channel('general', 'member')]
  assert.deepEqual(await routeInto(restOf(200, { channels }), 'c'), {
    page: 'channel',
    communityId: 'c',
    channelId: 'general',
  })
})

test('a community without such a channel, or a server that is away, leads to the community', async () => {
  const away = { code: 'unavailable', text: 'away', retry: 'later' }
  for (const rest of [restOf(200, { channels: [channel('a', null)] }), restOf(503, away)]) {
    assert.deepEqual(await routeInto(rest, 'c'), { page: 'community', communityId: 'c' })
  }
})
