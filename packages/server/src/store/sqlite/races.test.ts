import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { raceCases } from '../cases/races.case.ts'
import { createSqliteStore } from '../sqlite.ts'
import { patient } from '../testing/patient.ts'

raceCases({
  name: 'sqlite',
  async newStores(count, limits) {
    const dir = await mkdtemp(join(tmpdir(), 'madang-sqlite-'))
    const file = join(dir, 'madang.db')
    // Waiting for the other would hold up the thread that the other runs on.
    const newStore = () => patient(createSqliteStore({ file, busyTimeoutMs: 0, limits }))
    return {
      stores: Array.from({ length: count }, newStore),
      remove: () => rm(dir, { recursive: true, force: true }),
    }
  },
})
