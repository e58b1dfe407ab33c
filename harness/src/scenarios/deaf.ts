/** A client that never reads: it costs what the limit says, is closed, and nobody else notices. */
import { LIMITS } from '@madang/protocol'
import { Deaf } from '../crowd/deaf.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 1_500
const CHECK_MS = 50
/** More than the kernel holds for one connection on loopback, and the limit besides. */
const WORDS_MAX = 5_000
const WAITING_MAX = 8

export const deaf: readonly Scenario[] = [
  {
    name: 'never-reads',
    story:
      'a client reads nothing, and says that it lives, while others say more than the system holds for it',
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I14'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { nodes: 1, broker: 'none', ours: 1, stock: 2 },
    figures: { unansweredSends: 0 },
    run: shout,
  },
]

async function shout({ crowd, keeper, nodes, nemesis, sleep, progress }: Stage): Promise<void> {
  const [node] = nodes
  if (node === undefined) return
  await sleep(CALM_MS)
  const { token } = await keeper.admit('deaf')
  crowd.pause()
  const client = await Deaf.open(node.url, token, keeper.hall)
  const rss = async () => Math.round((await node.metric('process_resident_memory_bytes')) / 2 ** 20)
  const before = await rss()
  try {
    await nemesis.strike('reads nothing', 'one client', async () => {
      const wasThere = (await node.metric('madang_sockets')) > crowd.all.length
      let words = 0
      while ((await node.metric('madang_sockets')) > crowd.all.length) {
        for (const one of crowd.all) {
          for (let open = one.waiting(); open < WAITING_MAX && words < WORDS_MAX; open++) {
            words += 1
            one.send(keeper.hall, `${words} `.padEnd(LIMITS.textCharsMax, 'x'))
          }
        }
        await sleep(CHECK_MS)
      }
      progress(`closed after ${words} messages; memory from ${before} to ${await rss()} MiB`)
      return wasThere
    })
  } finally {
    client.stop()
  }
  crowd.play()
  await sleep(CALM_MS)
}
