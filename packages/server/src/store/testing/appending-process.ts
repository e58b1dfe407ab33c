/** A process that appends to a SQLite store as fast as it can, and prints the seq of each acknowledged append: to be killed by a test. */
import { randomUUID } from 'node:crypto'
import { createSqliteStore } from '../sqlite.ts'

const [file = '', channelId = '', authorId = ''] = process.argv.slice(2)
const store = createSqliteStore({ file })
await store.start()

async function sender(): Promise<never> {
  for (;;) {
    const clientId = randomUUID()
    const entry = { kind: 'created', clientId, lane: 'chat', text: 'x'.repeat(100) } as const
    const author = { id: authorId, name: 'ann' }
    const append = {
      id: randomUUID(),
      channelId,
      author,
      needs: 'writer',
      createdAt: 1,
      entry,
    } as const
    const [result] = await store.append([append])
    if (result?.outcome !== 'appended') throw new Error(`refused: ${JSON.stringify(result)}`)
    process.stdout.write(`${result.event.seq} ${clientId}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, sender))
