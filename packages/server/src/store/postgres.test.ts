import { after } from 'node:test'
import { need } from '../../../../tests/services/part.ts'
import { postgres } from '../../../../tests/services/postgres.ts'
import { createPostgresStore } from './postgres.ts'
import { storeCases } from './store.case.ts'
import { emptyDatabase } from './testing/postgres-database.ts'

const { skip } = await need(postgres)
const server = skip === false ? await postgres.start() : undefined
after(() => server?.stop())

storeCases({
  name: 'postgres',
  missing: skip,
  async newStore() {
    if (!server) throw new Error('there is no server')
    const { url, remove } = await emptyDatabase(server)
    return { store: createPostgresStore({ url, connectionsMax: 4 }), remove }
  },
})
