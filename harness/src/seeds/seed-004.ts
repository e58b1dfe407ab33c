/** What fan-out costs: brokers by bytes, one socket over all partitions, no room for each socket, one connection for all tabs, lanes of a live chat. */
import { chromium } from '../../../tests/services/chromium.ts'
import { nats } from '../../../tests/services/nats.ts'
import { redis } from '../../../tests/services/redis.ts'
import { tell } from '../../../tests/services/redis-talk.ts'
import { type AdapterKind, labelOf, OURS, STOCK } from '../bytes/candidates.ts'
import { type ComparisonPlan, compare, deliveryOf, netOf, type Row } from '../bytes/comparison.ts'
import { type Claim, type Seed, seen } from './claim.ts'
import { oursWithout, stockThatLeaves } from './default-room.ts'
import { type Ground, until } from './ground.ts'
import { Member } from './member.ts'
import { readinessOf } from './pages.ts'
import { tabsOf } from './tabs.ts'

const seed = '004'

const COMPARED: readonly AdapterKind[] = [
  'stock-redis-cluster',
  'ours-cluster-ioredis',
  'ours-cluster-node-redis',
  'ours-partitioned',
  'ours-nats',
]

/** The experiment of the write-up, three servers and two chats and a question of everybody, with fewer people. */
async function bytes(ground: Ground): Promise<ReadonlyMap<AdapterKind, Row>> {
  const hasNats = (await nats.find()).found
  const wanted = COMPARED.filter((kind) => kind !== 'ours-nats' || hasNats)
  const plan: ComparisonPlan = {
    candidates: [...STOCK, ...OURS].filter(({ kind }) => wanted.includes(kind)),
    ...{ sized: [], sizes: [], sizedPeople: 0, sizedMessagesEach: 0 },
    ...{ servers: 3, people: ground.size(60, 15), messagesEach: 3 },
    ...{ growthMessagesEach: 1, emptyServers: 1, rooms: 3 },
    // A beat in one stretch and none in the other would tell of beats, and not of messages.
    heartbeatMs: 3_600_000,
  }
  const { rows } = await compare(plan, () => {})
  return new Map(rows.map((row) => [row.candidate.kind, row]))
}

const kilo = (value: number): string => `${(value / 1_000).toFixed(1)} KB`

function told(row: Row): string {
  const { base } = row
  const net = netOf(base)
  const { expected } = base.delivered
  return `${labelOf(row.candidate)}: ${kilo(net.perMessage)} a message; delivered of ${expected}: ${deliveryOf([base])}`
}

async function rowOf(ground: Ground, kind: AdapterKind): Promise<Row> {
  const row = (await ground.once(bytes)).get(kind)
  if (row === undefined) throw new Error(`${kind} was not compared`)
  return row
}

const experiment =
  'three chat servers in processes of their own, people at each, two chats and a question of everybody; TCP payload through the broker is counted'

const everyNode: Claim = {
  seed,
  says: 'The Redis adapter broadcasts to every node of a Redis Cluster; an event belongs on one',
  does: `${experiment}: the stock adapter beside ours on six nodes`,
  needs: [redis],
  async try(ground) {
    const stock = await rowOf(ground, 'stock-redis-cluster')
    const ours = await rowOf(ground, 'ours-cluster-ioredis')
    const times = netOf(stock.base).perMessage / netOf(ours.base).perMessage
    return seen(`${told(stock)}; ${told(ours)}; ${times.toFixed(1)} times less`, {
      'all delivered': deliveryOf([stock.base, ours.base]) === 'all',
      'less than half of it': times > 2,
    })
  },
}

const delivers = (says: string, kind: AdapterKind, needs: Claim['needs'] = [redis]): Claim => ({
  seed,
  says,
  does: experiment,
  needs,
  async try(ground) {
    const row = await rowOf(ground, kind)
    const all = [row.base, row.rooms, row.beside]
    return seen(told(row), { 'each message once at everybody': deliveryOf(all) === 'all' })
  },
})

const partitions: Claim = {
  seed,
  says: 'Partitioned Redis, and still one socket for all rooms',
  does: 'two servers over two Redis servers; one client in many channels, somebody at the other server writes in each',
  needs: [redis],
  async try(ground) {
    const carriers = [ground.keep(await redis.start()), ground.keep(await redis.start())]
    const env = { REDIS_URL: carriers.map(({ url }) => url).join() }
    const nodes = [
      await ground.node(env, { data: 'partitions' }),
      await ground.node(env, { data: 'partitions' }),
    ]
    const [first, second] = nodes.map(({ url }) => url)
    for (const { url } of nodes)
      await until('ready', async () => (await readinessOf(url)) === '200 ready')
    const count = ground.size(16, 8)
    const ids: string[] = []
    const writer = await Member.comeIn(ground, second ?? '', 'Writer', async (rest) => {
      const communityId = (await rest.call('listUnread')).channels[0]?.communityId ?? ''
      for (let at = 0; at < count; at++) {
        const body = { kind: 'text', visibility: 'public', name: `part ${at}` } as const
        const made = await rest.call('createChannel', { params: { communityId }, body })
        ids.push(made.channel.id)
      }
    })
    const reader = await Member.comeIn(ground, first ?? '', 'Reader', async (rest, personId) => {
      for (const channelId of ids)
        await rest.call('setChannelMember', { params: { channelId, personId }, body: {} })
    })
    for (const [at, id] of ids.entries()) await writer.send(id, `to ${at}`)
    await until('all messages', () => ids.every((_, at) => reader.heard(`to ${at}`)))
    const topics = await Promise.all(
      carriers.map(async ({ port }) => Number(await tell(port, 'PUBSUB CHANNELS madang*'))),
    )
    return seen(
      `one socket, ${count} channels, a message from each; topics on the two Redis servers: ${topics.join(' and ')}`,
      { 'both are used': topics.every((held) => held > 1), 'never cut': reader.cuts === 0 },
    )
  },
}

const defaultRoom: Claim = {
  seed,
  says: 'No room of its own for each socket, and a broadcast still leaves its sender out',
  does: 'three sockets, one broadcasts: stock Socket.IO whose sockets leave their own rooms, and two servers with createAdapter(broker, { defaultRoom: false })',
  async try(ground) {
    const stock = await stockThatLeaves(ground)
    const ours = await oursWithout(ground)
    const words = ({ sender, others, rooms }: typeof ours) =>
      `${rooms} rooms kept, the sender hears itself ${sender} times, the others ${others.join(' and ')}`
    return seen(`stock: ${words(stock)}; ours: ${words(ours)}, a message to one id reaches it`, {
      'the sender is left out': ours.sender === 0 && ours.others.join() === '1,1',
      'no rooms are kept': ours.rooms === 0,
      'one can be told alone': ours.direct,
      'stock shows the fault': stock.sender === 1,
    })
  },
}

const oneConnection: Claim = {
  seed,
  says: 'SharedWorker: the tabs of a browser share one socket',
  does: 'the web app in ten tabs of Chromium; one says something',
  needs: [chromium],
  async try(ground) {
    const { tabs, connections, showing } = await tabsOf(ground.size(10, 4))
    return seen(`${tabs} tabs, ${connections} connection; ${showing} tabs show the message, once`, {
      'one connection': connections === 1,
      'all show it': showing === tabs,
    })
  },
}

const lanes: Claim = {
  seed,
  says: 'Chat, questions and notices of a live broadcast',
  does: 'people in a live channel: two chats and a question each; the owner gives a notice and answers a question; a viewer tries a notice',
  async try(ground) {
    const { url } = await ground.node({}, { data: 'live' })
    let channelId = ''
    const owner = await Member.comeIn(ground, url, 'Owner', async (rest) => {
      const communityId = (await rest.call('listUnread')).channels[0]?.communityId ?? ''
      const body = { kind: 'live', visibility: 'public', name: 'broadcast' } as const
      channelId = (await rest.call('createChannel', { params: { communityId }, body })).channel.id
    })
    const viewers = await Promise.all(
      Array.from({ length: ground.size(50, 8) }, async (_, at) => {
        const viewer = await Member.comeIn(ground, url, `viewer ${at}`)
        await viewer.socket.emitWithAck('join', { channelId })
        return viewer
      }),
    )
    await Promise.all(
      viewers.map(async (viewer) => {
        for (const lane of ['chat', 'chat', 'question'])
          await viewer.send(channelId, 'hello', { lane })
      }),
    )
    const notice = await owner.send(channelId, 'welcome', { lane: 'notice' })
    const refused = await viewers[0]?.send(channelId, 'mine', { lane: 'notice' })
    const everybody = [owner, ...viewers]
    const all = 3 * viewers.length + 1
    const had = (one: Member) => one.messages.filter((message) => message.channelId === channelId)
    await until('everything', () => everybody.every((one) => had(one).length >= all))
    const question = had(owner).find(({ lane }) => lane === 'question')
    const answered = await owner.socket.emitWithAck('question', {
      ...{ channelId, target: question?.seq, state: 'answered' },
    })
    const each = (lane: string) => had(owner).filter((message) => message.lane === lane).length
    const orders = new Set(
      everybody.map((one) =>
        had(one)
          .map(({ seq }) => seq)
          .join(),
      ),
    )
    return seen(
      `${everybody.length} people, each got ${each('chat')} chats, ${each('question')} questions, ${each('notice')} notice in one order; a viewer’s notice: ${refused?.error?.code}; a question answered: ${answered.ok}`,
      {
        'one order': orders.size === 1,
        'by lane': each('chat') === 2 * viewers.length && each('question') === viewers.length,
        'notices are for moderators': notice.ok && refused?.ok === false,
        'a question has a state': answered.ok,
      },
    )
  },
}

export const seed004: Seed = {
  name: seed,
  title: 'what fan-out costs, and a live chat',
  claims: [
    everyNode,
    delivers('Sharded pub/sub works with ioredis', 'ours-cluster-ioredis'),
    delivers('Sharded pub/sub works with node-redis', 'ours-cluster-node-redis'),
    delivers('NATS instead of Redis', 'ours-nats', [nats]),
    delivers('Partitions: an event goes to the one Redis that has its room', 'ours-partitioned'),
    partitions,
    defaultRoom,
    oneConnection,
    lanes,
  ],
}
