import { systemClock } from '../clock.ts'
import { createRemoteStore } from './remote.ts'
import { createSqliteStore } from './sqlite.ts'
import { storeCases } from './store.case.ts'
import { SECRET, serveStore } from './testing/store-api-server.ts'

storeCases({
  name: 'remote, over HTTP and SQLite',
  async newStore() {
    const truth = createSqliteStore({ file: ':memory:' })
    await truth.start()
    const api = await serveStore(truth)
    const store = createRemoteStore({
      url: api.url,
      secret: SECRET,
      clock: systemClock,
      random: Math.random,
      report: { called() {}, warn() {}, info() {} },
    })
    return {
      store,
      async remove() {
        await api.close()
        await truth.stop()
      },
    }
  },
})
