/** The example of an app that has Socket.IO already, as its reader runs it. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { redis } from '../../../tests/services/redis.ts'
import { type Claim, seen } from './claim.ts'
import { ROOT } from './ground.ts'

const DEMO = join(ROOT, 'examples/existing-socketio-app/demo.js')
const demoMsMax = 60_000

function runDemo(url: string): Promise<string> {
  const options = { env: { ...process.env, REDIS_URL: url }, timeout: demoMsMax } as const
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [DEMO], options, (error, output) => {
      if (error === null) resolve(output)
      else reject(error)
    })
  })
}

export const existingApp: Claim = {
  seed: '001',
  says: 'io.adapter(...): one line carries an existing app’s events between processes, over Redis',
  does: 'examples/existing-socketio-app: two servers of stock Socket.IO with createAdapter, a person at each',
  needs: [redis],
  async try(ground) {
    const carrier = ground.keep(await redis.start())
    const output = await runDemo(carrier.url)
    const heard = output.split('\n').filter((line) => line.includes(' hears '))
    return seen(heard.join('; '), { 'both hear both': heard.length === 4 })
  },
}
