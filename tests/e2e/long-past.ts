// A past that would take a server too long to be told.
import assert from 'node:assert/strict'
import type { Store } from '@madang/server/testing'
import type { Stage } from './stage.ts'

/** The most that a store takes in one commit. */
const COMMIT = 500

/** Writes `line 1 of many` and so on into #general, as an earlier life of the server would have. */
export async function writeLong(stage: Stage, lines: number): Promise<void> {
  const writer = await stage.spectator('Writer')
  const { id } = writer.place('general')
  writer.leave()
  await stage.killServer()
  await stage.withStore((store) => write(store, id, lines))
  await stage.restartServer()
}

async function write(store: Store, channelId: string, lines: number): Promise<void> {
  const { members } = await store.channelMembers(channelId, { limit: 10 })
  const author = members.find(({ person }) => person.name === 'Writer')?.person
  assert.ok(author)
  const now = Date.now()
  for (let from = 0; from < lines; from += COMMIT) {
    const batch = Array.from({ length: Math.min(COMMIT, lines - from) }, (_, at) => ({
      id: crypto.randomUUID(),
      channelId,
      author: { id: author.id, name: author.name },
      needs: 'writer' as const,
      createdAt: now - (lines - from - at) * 1_000,
      entry: {
        kind: 'created' as const,
        clientId: `line-${from + at}`,
        lane: 'chat' as const,
        text: `line ${from + at + 1} of many`,
      },
    }))
    const [first] = await store.append(batch)
    assert.equal(first?.outcome, 'appended')
  }
}
