import { after } from 'node:test'
import { need } from '../../../../../tests/services/part.ts'
import { postgres } from '../../../../../tests/services/postgres.ts'
import { raceCases } from '../cases/races.case.ts'
import { createPostgresStore } from '../postgres.ts'
import { emptyDatabase, newDatabase } from '../testing/postgres-database.ts'

const { skip } = await need(postgres)
const server = skip === false ? await postgres.start() : undefined
after(() => server?.stop())

raceCases({
  name: 'postgres',
  missing: skip,
  async newStores(count, limits) {
    if (!server) throw new Error('there is no server')
    // Many that start at once are to find nothing at all.
    const { url, remove } = await (count > 2 ? newDatabase : emptyDatabase)(server)
    const newStore = () => createPostgresStore({ url, connectionsMax: 4, limits })
    return { stores: Array.from({ length: count }, newStore), remove }
  },
})
