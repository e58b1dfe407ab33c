/** What the store holds when the nodes have gone, read from the store itself. */
import { join } from 'node:path'
import { createPostgresStore, createSqliteStore, type Store } from '@madang/server/testing'
import { factsOf } from '../history/facts.ts'
import type { Note } from '../history/record.ts'

export interface TruthOptions {
  readonly dataDir: string
  /** Undefined: SQLite, in the data folder. */
  readonly databaseUrl: string | undefined
  readonly channels: readonly string[]
  readonly people: readonly string[]
  readonly note: Note
}

const PAGE_EVENTS = 1_000

export async function tellTruth(options: TruthOptions): Promise<void> {
  const { dataDir, databaseUrl, channels, people, note } = options
  const store =
    databaseUrl === undefined
      ? createSqliteStore({ file: join(dataDir, 'madang.db') })
      : createPostgresStore({ url: databaseUrl })
  await store.start()
  try {
    for (const channel of channels) await tellLog(store, channel, note)
    await tellPlaces(store, channels, people, note)
  } finally {
    await store.stop()
  }
}

async function tellLog(store: Store, channelId: string, note: Note): Promise<void> {
  for (let after = 0; ; ) {
    const [page] = await store.eventsAfter([{ channelId, after, limit: PAGE_EVENTS }])
    for (const event of page?.events ?? []) note({ kind: 'truth', ...factsOf(event) })
    const last = page?.events.at(-1)?.seq
    if (last === undefined) return
    after = last
  }
}

async function tellPlaces(
  store: Store,
  channels: readonly string[],
  people: readonly string[],
  note: Note,
): Promise<void> {
  for (const person of people) {
    for (const channel of channels) {
      const place = await store.myChannel(channel, person)
      if (place === null) continue
      const { cursor, unread, role } = place
      note({ kind: 'place', person, channel, isMember: role !== null, cursor, unread })
    }
  }
}
