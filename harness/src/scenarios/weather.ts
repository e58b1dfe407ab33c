/** What networks and devices do to connections: half-open, slow, sliced, reset, far behind. */
import type { FaultProxy } from '../proxy/proxy.ts'
import type { Weather } from '../proxy/weather.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 1_500
const CHECK_MS = 50
const RESETS = 20
const RESET_EVERY_MS = 500
const BEHIND_EVENTS = 10_000
/** Sends that one talker may have waiting. */
const WAITING_MAX = 64

export const weather: readonly Scenario[] = [
  {
    ...row(
      'half-open',
      'the clients of one node hear nothing and are heard no more, until both sides give up',
    ),
    run: halfOpen,
  },
  {
    ...row('sliced', 'every byte travels in a packet of its own'),
    stage: { proxied: ['clients'], nodes: 2, ours: 3, stock: 3, sendsPerSecond: 10 },
    run: (stage) => through(stage, stage.links.clients, { sliceBytes: 1 }, 8_000),
  },
  {
    ...row('throttled', 'the clients of one node are given less than is said to them'),
    run: (stage) =>
      through(stage, stage.links.clients.slice(0, 1), { bytesPerSecond: 2_000 }, 15_000),
  },
  {
    ...row('slow-network', 'everything takes 200 ms, and up to 150 ms longer'),
    run: (stage) => through(stage, stage.links.clients, { delayMs: 200, jitterMs: 150 }, 15_000),
  },
  {
    ...row('reset-storm', `all connections are reset every ${RESET_EVERY_MS} ms, ${RESETS} times`),
    run: resetAgainAndAgain,
  },
  {
    ...row('far-behind', `clients are away for ${BEHIND_EVENTS.toLocaleString('en')} events`),
    stage: { proxied: ['clients'], nodes: 2, ours: 4, stock: 8 },
    run: fallBehind,
  },
]

function row(name: string, story: string): Omit<Scenario, 'run'> {
  return {
    name,
    story,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I11', 'I12'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { proxied: ['clients'], ours: 6, stock: 6 },
    figures: { unansweredSends: 0 },
  }
}

async function through(
  stage: Stage,
  proxies: readonly FaultProxy[],
  change: Partial<Weather>,
  ms: number,
): Promise<void> {
  const { nemesis, links, sleep, crowd } = stage
  const passed = () => proxies.reduce((sum, proxy) => sum + proxy.traffic.bytes, 0)
  await sleep(CALM_MS)
  await nemesis.strike(
    Object.keys(change).join(' and '),
    proxies.map(({ name }) => name).join(),
    async () => {
      const before = passed()
      for (const proxy of proxies) await proxy.set(change)
      await sleep(ms)
      return passed() > before
    },
  )
  await links.fair()
  await crowd.online()
  await sleep(CALM_MS)
}

async function halfOpen({ nodes, links, nemesis, crowd, sleep }: Stage): Promise<void> {
  const [node] = nodes
  const [proxy] = links.clients
  if (node === undefined || proxy === undefined) return
  await sleep(CALM_MS)
  await nemesis.strike('silent', proxy.name, async () => {
    const count = crowd.onlineCount()
    const held = await node.metric('madang_sockets')
    await proxy.set({ path: 'silent' })
    // Each side has only its own timeout to go by.
    while ((await node.metric('madang_sockets')) > 0) await sleep(CHECK_MS)
    while (crowd.onlineCount() > count - held) await sleep(CHECK_MS)
    return held > 0
  })
  await links.fair()
  await crowd.online()
  await sleep(CALM_MS)
}

async function resetAgainAndAgain({ links, nemesis, crowd, sleep }: Stage): Promise<void> {
  await sleep(CALM_MS)
  await nemesis.strike('resets', 'all clients', async () => {
    let ended = 0
    for (let count = 0; count < RESETS; count++) {
      for (const proxy of links.clients) ended += proxy.reset()
      await sleep(RESET_EVERY_MS)
    }
    return ended > crowd.all.length
  })
  await crowd.online()
  await sleep(CALM_MS)
}

/** The clients of the first node are away while those of the second talk. */
async function fallBehind({
  links,
  nemesis,
  crowd,
  keeper,
  sleep,
  progress,
}: Stage): Promise<void> {
  const [proxy] = links.clients
  await sleep(CALM_MS)
  crowd.pause()
  await nemesis.strike('away', 'clients to node-1', async () => {
    const count = crowd.onlineCount()
    await proxy?.set({ path: 'refused' })
    while (crowd.onlineCount() === count) await sleep(CHECK_MS)
    const talkers = crowd.all.filter((one) => one.isOnline())
    const head = async () => (await keeper.heads()).get(keeper.hall) ?? 0
    const first = await head()
    let words = 0
    for (let now = first; now < first + BEHIND_EVENTS; now = await head()) {
      for (const one of talkers) {
        for (let open = one.waiting(); open < WAITING_MAX; open++) {
          words += 1
          one.send(keeper.hall, `word ${words} of ${one.who}`)
        }
      }
      await sleep(CHECK_MS)
    }
    progress(`they are ${(await head()) - first} events behind`)
    return proxy !== undefined
  })
  await links.fair()
  await crowd.online()
  crowd.play()
  await sleep(CALM_MS)
}
