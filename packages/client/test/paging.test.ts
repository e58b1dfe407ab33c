import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createSqliteStore, startServer } from '@madang/server/testing'
import { createClient } from '../src/create-client.ts'
import type { OpenLink } from '../src/link.ts'
import { openSocket } from '../src/socket.ts'
import { guest, until } from './people.case.ts'

const LINES = 2_550

/** What a page asked for, and how many events it brought. */
interface Asked {
  readonly limit: number | undefined
  readonly events: number
}

test('a long past is read in pages that grow: the first is small, and the way back takes few', {
  timeout: 240_000,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'madang-paging-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const env = { DATA_DIR: folder }
  const channelId = await fill(folder, env)
  await using server = await startServer({ env })
  const pages: Asked[] = []
  const client = createClient({ url: server.url, guestName: 'Ann' }, { openLink: counted(pages) })
  const channel = client.open(channelId)
  client.start()
  try {
    await until(channel, (view) => view.loaded)
    const first = channel.snapshot().items.length
    const from = performance.now()
    while (channel.snapshot().more) await channel.loadOlder()
    const ms = performance.now() - from
    const lines = channel.snapshot().items.filter((item) => item.kind === 'message')
    t.diagnostic(`${lines.length} messages in ${pages.length} pages, ${ms.toFixed(0)} ms`)
    assert.equal(lines.length, LINES)
    assert.equal(first, 50)
    assert.deepEqual(
      pages.slice(0, 4).map(({ limit }) => limit),
      [50, 100, 200, 200],
    )
    assert.ok(pages.length <= 16, `${pages.length} pages`)
  } finally {
    await client.stop()
  }
})

/** Somebody has written so much in the first channel, in an earlier life of the server. */
async function fill(folder: string, env: Record<string, string>): Promise<string> {
  const before = await startServer({ env })
  const writer = await guest(before.url, 'Writer')
  const { id: channelId } = writer.client.session.snapshot().channels[0] ?? { id: '' }
  const author = writer.client.session.snapshot().person
  assert.ok(author)
  await writer.client.stop()
  await before.stop()
  const store = createSqliteStore({ file: join(folder, 'madang.db') })
  await store.start()
  for (let from = 0; from < LINES; from += 50) {
    const batch = Array.from({ length: 50 }, (_, at) => ({
      id: crypto.randomUUID(),
      channelId,
      author: { id: author.id, name: author.name },
      needs: 'writer' as const,
      createdAt: from + at,
      entry: {
        kind: 'created' as const,
        clientId: `line-${from + at}`,
        lane: 'chat' as const,
        text: `line ${from + at} ${'word '.repeat(20)}`,
      },
    }))
    const [first] = await store.append(batch)
    assert.equal(first?.outcome, 'appended')
  }
  await store.stop()
  return channelId
}

function counted(pages: Asked[]): OpenLink {
  return (parts) => {
    const link = openSocket(parts)
    return {
      retire: () => link.retire(),
      close: () => link.close(),
      request(name, payload, answered) {
        link.request(name, payload, (answer) => {
          if (name === 'history' && answer?.ok && 'events' in answer) {
            const limit = 'limit' in payload ? Number(payload.limit) : undefined
            pages.push({ limit, events: answer.events.length })
          }
          answered(answer)
        })
      },
    }
  }
}
