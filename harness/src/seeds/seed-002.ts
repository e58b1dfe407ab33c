/** Communities and channels: sockets and API apart, and what people are told of what they do not look at. */
import { existsSync, readdirSync } from 'node:fs'
import { createClient, type TimelineMessage } from '@madang/client'
import { apart, ownBackend } from './apart.ts'
import { type Claim, type Seed, seen } from './claim.ts'
import { inNamespaces } from './gateway-chat.ts'
import { until } from './ground.ts'
import { Member } from './member.ts'
import { readinessOf } from './pages.ts'

const seed = '002'

const filesIn = (folder: string): number => (existsSync(folder) ? readdirSync(folder).length : 0)

const flow: Claim = {
  seed,
  says: 'The client talks to the socket server alone; the API stores, and its answer is what the channel gets',
  does: 'a gateway without a store before an API process; two people talk at the gateway; the API is asked over REST',
  async try(ground) {
    const { api, gateway } = await ground.once(apart)
    const [ann, bob] = [
      await Member.comeIn(ground, gateway.url, 'Ann'),
      await Member.comeIn(ground, gateway.url, 'Bob'),
    ]
    const channelId = ann.place('general')
    const answer = await ann.send(channelId, 'hello')
    await until('"hello" at the other', () => bob.heard('hello'))
    const heard = bob.messages.find(({ text }) => text === 'hello')
    const stored = await bob.rest.call('listEvents', {
      params: { channelId },
      query: { after: answer.seq - 1, limit: 1 },
    })
    const [own, theirs] = [gateway, api].map(({ server }) => filesIn(server.dataDir))
    return seen(
      `acknowledged as seq ${answer.seq}; the other got seq ${heard?.seq}, the API has seq ${stored.events[0]?.seq}, one id; files of the gateway: ${own}, of the API: ${theirs}`,
      {
        'one message everywhere':
          heard?.id === answer.id && stored.events[0]?.id === answer.id && answer.ok,
        'the gateway keeps nothing': own === 0 && theirs !== 0,
      },
    )
  },
}

const refusing: Claim = {
  seed,
  says: 'What the API refuses is broadcast to nobody',
  does: 'a backend of 400 lines (examples/own-backend) that refuses "spam", behind a gateway; three people, one says it',
  async try(ground) {
    const { url } = await ground.once(ownBackend)
    const names = ['Ann', 'Bob', 'Cho']
    const people = await Promise.all(names.map((name) => Member.comeIn(ground, url, name)))
    const [ann] = people
    if (ann === undefined) throw new Error('nobody came')
    const channelId = ann.place('lobby')
    await ann.send(channelId, 'one')
    const refused = await ann.send(channelId, 'buy spam')
    await ann.send(channelId, 'two')
    await until('"two" at everybody', () => people.every((one) => one.heard('two')))
    const texts = people.map((one) => one.texts(channelId).join(', '))
    return seen(
      `the sender: ok ${refused.ok}, ${refused.error?.code}, retry ${refused.error?.retry}; all three saw: ${[...new Set(texts)].join(' | ')}`,
      {
        'the sender is told': !refused.ok && refused.error?.code === 'forbidden',
        'nobody saw it': texts.every((one) => one === 'one, two'),
      },
    )
  },
}

const apiDead: Claim = {
  seed,
  says: 'With the API dead nobody is told a lie, and nobody is thrown out',
  does: 'the API killed (SIGKILL); a message sent meanwhile, and again under the same client id when it is back',
  async try(ground) {
    const { api, gateway } = await ground.once(apart)
    const ann = await Member.comeIn(ground, gateway.url, 'Ann')
    const bob = await Member.comeIn(ground, gateway.url, 'Bob')
    const channelId = ann.place('general')
    const clientId = crypto.randomUUID()
    await api.server.kill('SIGKILL')
    const during = await ann.send(channelId, 'meanwhile', { clientId })
    const readiness = await readinessOf(gateway.url)
    await api.restart()
    await until('the gateway ready', async () => (await readinessOf(gateway.url)) === '200 ready')
    const after = await ann.send(channelId, 'meanwhile', { clientId })
    const again = await ann.send(channelId, 'meanwhile', { clientId })
    await until('it at the other', () => bob.heard('meanwhile'))
    const times = bob.texts(channelId).filter((text) => text === 'meanwhile').length
    return seen(
      `meanwhile: ${during.error?.code}, retry ${during.error?.retry}, readiness ${readiness}; back: seq ${after.seq}, sent again: seq ${again.seq}; the other saw it ${times} time; connections broken: ${ann.cuts + bob.cuts}`,
      {
        'refused for now': !during.ok && during.error?.retry === 'later',
        'stored once': after.ok && again.ok && again.seq === after.seq && times === 1,
        'nobody was thrown out': ann.cuts + bob.cuts === 0,
      },
    )
  },
}

/** The states of one message, as a screen shows them, until it stands as `last`. */
async function screens(url: string, place: string, text: string, last: string): Promise<string[]> {
  const client = createClient({ url, guestName: 'Screen' })
  const states: string[] = []
  try {
    client.start()
    const channel = () => client.session.snapshot().channels.find(({ name }) => name === place)
    await until('the channel', () => channel() !== undefined)
    const handle = client.open(channel()?.id ?? '')
    await until('the first page', () => handle.snapshot().loaded)
    const look = (): void => {
      const shown = handle
        .snapshot()
        .items.find(
          (item): item is TimelineMessage => item.kind === 'message' && item.text === text,
        )
      if (shown !== undefined && states.at(-1) !== shown.state) states.push(shown.state)
    }
    handle.subscribe(look)
    handle.send(text)
    look()
    await until(`${text} as ${last}`, () => states.at(-1) === last)
    return states
  } finally {
    await client.stop()
  }
}

const optimistic: Claim = {
  seed,
  says: 'Optimistic UI: shown at once, and the acknowledgement says how it ended',
  does: 'our client sends what the backend takes, and what it refuses; its screen is read at each change',
  async try(ground) {
    const { url } = await ground.once(ownBackend)
    const taken = await screens(url, 'lobby', 'a good word', 'sent')
    const refused = await screens(url, 'lobby', 'more spam', 'failed')
    return seen(`taken: ${taken.join(' → ')}; refused: ${refused.join(' → ')}`, {
      'shown at once': taken[0] === 'pending' && refused[0] === 'pending',
      'told how it ended': taken.length === 2 && refused.length === 2,
    })
  },
}

const entering: Claim = {
  seed,
  says: 'Whoever enters a channel gets its earlier messages',
  does: 'ten messages, then somebody comes in and asks for history, in pages of four',
  async try(ground) {
    const { gateway } = await ground.once(apart)
    const made = { id: '' }
    const owner = await Member.comeIn(ground, gateway.url, 'Owner', async (rest) => {
      const community = await rest.call('createCommunity', {
        body: { name: 'History', visibility: 'public' },
      })
      const params = { communityId: community.community.id }
      const body = { kind: 'text', visibility: 'public', name: 'past' } as const
      made.id = (await rest.call('createChannel', { params, body })).channel.id
    })
    for (let at = 1; at <= 10; at++) await owner.send(made.id, `message ${at}`)
    const { communityId = '' } = owner.ready.channels.find(({ id }) => id === made.id) ?? {}
    const late = await Member.comeIn(ground, gateway.url, 'Late', (rest, personId) =>
      rest.call('setCommunityMember', { params: { communityId, personId }, body: {} }),
    )
    await late.socket.emitWithAck('join', { channelId: made.id })
    const texts: string[] = []
    let pages = 0
    for (let before: number | undefined; ; pages++) {
      const page = await late.socket.emitWithAck('history', {
        ...{ channelId: made.id, limit: 4 },
        ...(before !== undefined && { before }),
      })
      texts.unshift(...page.events.flatMap((one: { text?: string }) => one.text ?? []))
      before = page.events[0]?.seq
      if (!page.more) break
    }
    return seen(
      `${texts.length} messages in ${pages + 1} pages, from "${texts[0]}" to "${texts.at(-1)}"`,
      {
        'all ten in order':
          texts.join() === Array.from({ length: 10 }, (_, at) => `message ${at + 1}`).join(),
      },
    )
  },
}

const elsewhere: Claim = {
  seed,
  says: 'Unread messages in a channel, and news of another community, reach whoever looks elsewhere',
  does: 'somebody in three channels of two communities over one connection looks at one; others write three messages in each',
  async try(ground) {
    const { gateway } = await ground.once(apart)
    const ids: Record<string, string> = {}
    const owner = await Member.comeIn(ground, gateway.url, 'Writer', async (rest) => {
      for (const name of ['Work', 'Home']) {
        const { community } = await rest.call('createCommunity', {
          body: { name, visibility: 'public' },
        })
        ids[name] = community.id
        const params = { communityId: community.id }
        const body = { kind: 'text', visibility: 'public', name: `${name} news` } as const
        ids[`${name} news`] = (await rest.call('createChannel', { params, body })).channel.id
      }
    })
    const reader = await Member.comeIn(ground, gateway.url, 'Reader', async (rest, personId) => {
      for (const name of ['Work', 'Home']) {
        const params = { communityId: ids[name] ?? '', personId }
        await rest.call('setCommunityMember', { params, body: {} })
        const channel = { channelId: ids[`${name} news`] ?? '', personId }
        await rest.call('setChannelMember', { params: channel, body: {} })
      }
    })
    const [open = '', unseen = '', far = ''] = [
      reader.place('general'),
      ids['Work news'],
      ids['Home news'],
    ]
    await reader.socket.emitWithAck('sync', { close: [unseen, far] })
    for (let at = 1; at <= 3; at++)
      for (const channelId of [open, unseen, far]) await owner.send(channelId, `news ${at}`)
    const told = (channelId: string) =>
      reader.digests.findLast((one) => one.channelId === channelId)
    await until('a digest of both', () =>
      [unseen, far].every((one) => (told(one)?.messages ?? 0) >= 3),
    )
    await until('the open channel’s messages', () => reader.texts(open).length >= 3)
    const { channels } = await reader.rest.call('listUnread')
    const unread = (id: string) => channels.find(({ channelId }) => channelId === id)?.unread
    return seen(
      `open channel: ${reader.texts(open).length} messages; the others: none in full, ${reader.digests.length} digests; unread ${unread(unseen)} in the same community, ${unread(far)} in the other, one connection`,
      {
        'exact counts': unread(unseen) === 3 && unread(far) === 3,
        'the other community is named': told(far)?.communityId === ids.Home,
        'no full events of what is not open':
          reader.texts(unseen).length + reader.texts(far).length === 0,
      },
    )
  },
}

const onlyThere: Claim = {
  seed,
  says: 'A new message goes to the people of its channel, and to nobody else of the community',
  does: 'a private channel of two among four people of one community',
  async try(ground) {
    const { gateway } = await ground.once(apart)
    const [ann, bob, cho] = await Promise.all(
      ['Ann', 'Bob', 'Cho'].map((name) => Member.comeIn(ground, gateway.url, name)),
    )
    if (!ann || !bob || !cho) throw new Error('nobody came')
    const communityId = ann.ready.channels[0]?.communityId ?? ''
    const body = { kind: 'text', visibility: 'private', name: `two ${ann.id.slice(-4)}` } as const
    const { channel } = await ann.rest.call('createChannel', { params: { communityId }, body })
    await ann.rest.call('setChannelMember', {
      params: { channelId: channel.id, personId: bob.id },
      body: {},
    })
    await until('both there', async () =>
      (await bob.rest.call('listUnread')).channels.some(
        ({ channelId }) => channelId === channel.id,
      ),
    )
    await ann.send(channel.id, 'between us')
    await ann.send(ann.place('general'), 'for all')
    await until('both messages', () => bob.heard('between us') && cho.heard('for all'))
    const intruding = await cho.send(channel.id, 'let me in')
    return seen(
      `the two: heard; a third of the community: ${cho.heard('between us') ? 'heard it' : 'nothing'}, and writing there: ${intruding.error?.code}`,
      { 'nobody else': !cho.heard('between us'), 'nobody writes there': !intruding.ok },
    )
  },
}

export const seed002: Seed = {
  name: seed,
  title: 'communities and channels, sockets and API apart',
  claims: [flow, refusing, apiDead, optimistic, entering, elsewhere, onlyThere, ...inNamespaces],
}
