import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStore } from './sqlite.ts'
import { storeCases } from './store.case.ts'

storeCases({
  name: 'sqlite',
  async newStore() {
    const dir = await mkdtemp(join(tmpdir(), 'madang-sqlite-'))
    const store = createSqliteStore({ file: join(dir, 'madang.db') })
    return { store, remove: () => rm(dir, { recursive: true, force: true }) }
  },
})
