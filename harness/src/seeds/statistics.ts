/** Counting what happens: messages by the hour and CPU samples in a Redis of their own, which dies. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { redis } from '../../../tests/services/redis.ts'
import { type Claim, seen } from './claim.ts'
import { type Ground, type Node, ROOT, until } from './ground.ts'
import { Member } from './member.ts'

const seed = '001'
const COMMAND = join(ROOT, 'packages/server/src/cli/main.ts')
const commandMsMax = 60_000

interface Stats {
  readonly hours: readonly { readonly messages: Readonly<Record<string, number>> }[]
  readonly samples: readonly { readonly cpu: number }[]
}

/** The operator's command line, as of the node; resolves to what it printed. */
function madang({ url, server }: Node, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, DATA_DIR: server.dataDir, PORT: new URL(url).port }
  const options = { cwd: server.dataDir, env, timeout: commandMsMax, encoding: 'utf8' } as const
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [COMMAND, ...args], options, (error, output, complaint) => {
      if (error === null) resolve(output)
      else reject(new Error(`madang ${args[0]}: ${complaint || error.message}`))
    })
  })
}

async function statsOf(
  node: Node,
): Promise<{ readonly messages: number; readonly samples: number }> {
  const { hours, samples }: Stats = JSON.parse(await madang(node, 'stats', '--json'))
  const each = hours.flatMap(({ messages }) => Object.values(messages))
  return { messages: each.reduce((sum, count) => sum + count, 0), samples: samples.length }
}

/** Says so many things, one after the other; resolves to the longest that an acknowledgement took, in ms. */
async function say(who: Member, count: number): Promise<number> {
  let longestMs = 0
  for (let at = 0; at < count; at++) {
    const startedMs = performance.now()
    const answer = await who.send(who.place('general'), `message ${at}`)
    if (!answer.ok) throw new Error(`refused: ${answer.error?.code}`)
    longestMs = Math.max(longestMs, performance.now() - startedMs)
  }
  return Math.round(longestMs)
}

const hourly: Claim = {
  seed,
  says: 'Messages are counted by the hour in a Redis, and nobody notices when it dies',
  does: 'STATS_URL=redis://…; messages, Redis killed, as many more, Redis started again, as many more; `madang stats` is asked',
  needs: [redis],
  async try(ground: Ground) {
    const target = ground.keep(await redis.start())
    const node = await ground.node({ STATS_URL: target.url }, { data: 'statistics' })
    const who = await Member.comeIn(ground, node.url, 'Counter')
    await madang(node, 'operator', 'add', who.id)
    const count = ground.size(50, 10)
    await say(who, count)
    await until('the first count', async () => (await statsOf(node)).messages === count)
    await target.kill()
    const longestMs = await say(who, count)
    await target.restart()
    await say(who, count)
    await until('all counts', async () => (await statsOf(node)).messages === 3 * count)
    const { samples } = await statsOf(node)
    return seen(
      `counted ${3 * count} of ${3 * count} messages, those of the time without Redis among them; an acknowledgement took ${longestMs} ms at most meanwhile; samples of CPU and event loop: ${samples}`,
      { 'chat went on': who.cuts === 0 },
    )
  },
}

/** None where this tree has no command line to ask with. */
export const statistics: readonly Claim[] = existsSync(COMMAND) ? [hourly] : []
