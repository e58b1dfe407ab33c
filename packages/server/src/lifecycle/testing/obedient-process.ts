/** A process that obeys signals and does nothing else, but for what its first argument says. */
import { systemClock } from '../../clock.ts'
import { createLog, fileSink } from '../../log.ts'
import { obeySignals, type Stoppable } from '../signals.ts'

const [what] = process.argv.slice(2)
const log = createLog({ level: 'info', format: 'json', sink: fileSink(1) })
const never = () => new Promise<never>(() => {})
const alive = setInterval(() => {}, 1_000)

const app: Stoppable = {
  async drain() {
    log.info({}, 'drains')
    if (what === 'hang') await never()
  },
  async stop() {
    log.info({}, 'stops')
    clearInterval(alive)
    return what === 'unclean' ? ['store'] : []
  },
}
obeySignals({ host: process, app, clock: systemClock, log, shutdownMsMax: 500, faultMsMax: 500 })
log.info({}, 'listens')
if (what === 'reject') void Promise.reject(new Error('nobody caught this'))
if (what === 'throw') {
  setImmediate(() => {
    throw new Error('nobody caught this')
  })
}
