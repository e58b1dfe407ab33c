import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { need } from '../../../../tests/services/part.ts'
import { postgres } from '../../../../tests/services/postgres.ts'
import { createRestClient } from '../testing/rest-client.ts'
import { startServer } from '../testing/start-server.ts'

const { skip } = await need(postgres)

test('two nodes share what is in one PostgreSQL database, and leave the data folder alone', {
  skip,
}, async () => {
  const database = await postgres.start()
  const folder = await mkdtemp(join(tmpdir(), 'madang-folder-'))
  const env = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data') }
  const [one, other] = await Promise.all([startServer({ env }), startServer({ env })])
  try {
    const at = createRestClient(one.url)
    const { session } = await at.call('createGuest', { body: { name: 'ann' } })
    const ann = createRestClient(other.url, session.token)
    const { community, channels } = await ann.call('createCommunity', { body: { name: 'Yard' } })
    const channelId = channels[0]?.id ?? assert.fail()
    const text = { clientId: 'once', text: 'hello' }
    const said = await ann.call('createMessage', { params: { channelId }, body: text })
    const again = await at
      .as(session.token)
      .call('createMessage', { params: { channelId }, body: text })
    assert.deepEqual(again, { ...said, duplicate: true })
    assert.equal(community.name, 'Yard')
    assert.deepEqual(await readdir(folder), [])
  } finally {
    await Promise.all([one.stop(), other.stop()])
    await database.stop()
    await rm(folder, { recursive: true })
  }
})
