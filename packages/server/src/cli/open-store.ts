/** Opens the store that the settings name, for as long as a command needs it. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createStore } from '../app/store.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { startProblem } from '../lifecycle/start-problem.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../ops/metrics.ts'
import { type Store, StoreError } from '../store/store.ts'
import { Failure } from './command.ts'

export { configOf } from './settings.ts'

/** Rejects with `Failure` where it cannot be opened, or does not do what is asked. */
export async function withStore<T>(config: Config, run: (store: Store) => Promise<T>): Promise<T> {
  await expectDatabase(config)
  const log = createLog({ level: 'silent', format: 'json', sink: { write() {} } })
  const around = { clock: systemClock, random: Math.random, log, metrics: createMetrics() }
  const store = createStore(config, around)
  try {
    await store.start()
    return await run(store)
  } catch (error) {
    throw failureOf(error, config)
  } finally {
    await store.stop()
  }
}

/** A command that looks into a folder makes no empty database there: somebody is in the wrong folder. */
async function expectDatabase({ store, dataDir }: Config): Promise<void> {
  if (store.kind !== 'sqlite') return
  try {
    await access(join(dataDir, 'madang.db'))
  } catch {
    throw new Failure(
      `There is no database in DATA_DIR (${dataDir}). Start the server once, or name its folder; \`madang migrate\` makes one.`,
    )
  }
}

export function failureOf(error: unknown, config: Config): unknown {
  if (error instanceof Failure) return error
  if (error instanceof StoreError && error.code === 'forbidden') {
    return new Failure('The API process at API_URL does not do this. Run the command there.')
  }
  const problem = startProblem(error, config)
  return problem === null ? error : new Failure(problem)
}
