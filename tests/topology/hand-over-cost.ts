// What a long-polling request costs that is handed over, beside a direct one: node tests/topology/hand-over-cost.ts. Linux only: reads /proc.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { spawnServer } from '@madang/server/testing'

const REQUESTS = 6_000
const SESSIONS = 16
/** The kernel counts in hundredths of a second. */
const US_PER_TICK = 10_000
const POLLING = '/socket.io/?EIO=4&transport=polling'

const agent = new Agent({ keepAlive: true, maxSockets: SESSIONS })

function ask(url: string, method = 'GET', body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent }, (response) => {
      let text = ''
      response.on('data', (piece) => {
        text += piece
      })
      response.on('end', () => resolve(text))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

function cpuUs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * US_PER_TICK
}

const env = { RATE_SCALE: '1000000', DRAIN_SECONDS: '0' }
await using owner = await spawnServer({ env: { ...env, NODE_ID: 'owner' } })
await using other = await spawnServer({
  dataDir: owner.dataDir,
  env: { ...env, NODE_ID: 'other' },
})

async function measure(name: string, url: string): Promise<void> {
  const opened = await Promise.all(Array.from({ length: SESSIONS }, () => ask(owner.url + POLLING)))
  const sids = opened.map((text): string => JSON.parse(text.slice(1)).sid)
  const before = [cpuUs(owner.pid), cpuUs(other.pid)] as const
  await Promise.all(
    sids.map(async (sid) => {
      for (let at = 0; at < REQUESTS / SESSIONS; at++) {
        // Engine.IO's noop packet: read, and nothing else.
        assert.equal(await ask(`${url}${POLLING}&sid=${sid}`, 'POST', '6'), 'ok')
      }
    }),
  )
  const each = (now: number, then: number) => `${Math.round((now - then) / REQUESTS)} µs`
  const [at, between] = [each(cpuUs(owner.pid), before[0]), each(cpuUs(other.pid), before[1])]
  process.stdout.write(`${name}: ${at} at the node of the session, ${between} at the other\n`)
}

for (const round of ['to warm up', 'measured']) {
  process.stdout.write(`${round}\n`)
  await measure('  direct', owner.url)
  await measure('  handed over', other.url)
}
agent.destroy()
