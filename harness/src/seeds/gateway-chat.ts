/** The claims on communities as namespaces, in the write-up's own events. */
import { createRestClient, type RestClient } from '@madang/server/testing'
import { apart, ownBackend } from './apart.ts'
import { type Claim, seen } from './claim.ts'
import { type Ground, until } from './ground.ts'
import { Browser, type ChatAnswer, newCommunity, type Place, type Speaker } from './namespaces.ts'
import { metricOf, readinessOf } from './pages.ts'

const seed = '002'

interface Guest {
  readonly id: string
  readonly token: string
  readonly rest: RestClient
}

async function newGuest(url: string, name: string): Promise<Guest> {
  const stranger = createRestClient(url)
  const { person, session } = await stranger.call('createGuest', { body: { name } })
  return { id: person.id, token: session.token, rest: stranger.as(session.token) }
}

/** Three members of one community at the gateway, one of whom has not joined the channel, and a stranger. */
async function community(ground: Ground) {
  const { gateway } = await ground.once(apart)
  const { url } = gateway
  const owner = await newGuest(url, 'Owner')
  const place = await newCommunity(owner.rest, 'Studio')
  const members = [owner]
  for (const name of ['Bob', 'Cho']) {
    const member = await newGuest(url, name)
    const params = { communityId: place.communityId, personId: member.id }
    await member.rest.call('setCommunityMember', { params, body: {} })
    members.push(member)
  }
  const speakers = await Promise.all(
    members.map(({ token }) => new Browser(ground, url, token).enter(place.communityId)),
  )
  const [ann, bob, cho] = speakers
  if (!ann || !bob || !cho) throw new Error('nobody came')
  for (const one of [ann, bob]) await one.join([place.channelId])
  return { url, place, ann, bob, cho, speakers }
}

const words = ({ heard }: Speaker): string => heard.map(([event]) => event).join(', ') || 'nothing'

const namespaces: Claim = {
  seed,
  says: 'A namespace for each community, made by nobody beforehand',
  does: 'a member, somebody who is none, and somebody with an id that is no community’s connect to /socket/commu-<id>',
  async try(ground) {
    const { url, place } = await ground.once(community)
    const stranger = await newGuest(url, 'Stranger')
    const reason = (communityId: string) =>
      new Browser(ground, url, stranger.token).enter(communityId).then(
        () => 'let in',
        (error: Error) => error.message,
      )
    const [asStranger, nowhere] = [
      await reason(place.communityId),
      await reason('00000000-0000-4000-8000-000000000000'),
    ]
    return seen(`member: let in; stranger: ${asStranger}; no such community: ${nowhere}`, {
      'only members': asStranger !== 'let in',
      'only what there is': nowhere !== 'let in',
    })
  },
}

const chat: Claim = {
  seed,
  says: 'chat new, modify, delete: the sender is answered {written, chatInfo}, the others of the channel are told',
  does: 'join {channels} by two of three; one writes, modifies, deletes through the gateway; what each heard is compared',
  async try(ground) {
    const { place, ann, bob, cho } = await ground.once(community)
    const { channelId } = place
    const made = await ann.chat({ chatType: 'new', channelId, content: 'hello' })
    const id = made.chatInfo?.id
    const changed = await ann.chat({ chatType: 'modify', channelId, id, content: 'hello!' })
    const gone = await ann.chat({ chatType: 'delete', channelId, id })
    await until('all three at the other', () => bob.heard.length >= 3)
    const answers = [made, changed, gone].map(({ written }) => written)
    return seen(
      `written: ${answers.join(', ')}; the other in the channel: ${words(bob)}; the sender: ${words(ann)}; a member who has not joined it: ${words(cho)}`,
      {
        'all written': answers.every(Boolean) && id !== undefined,
        'the channel is told': words(bob) === 'new-chat, modify-chat, delete-chat',
        'nobody else is': ann.heard.length + cho.heard.length === 0,
      },
    )
  },
}

const refusing: Claim = {
  seed,
  says: 'Where the API says no, written is false and nothing is broadcast',
  does: 'the same events before a backend that refuses "spam"',
  async try(ground) {
    const { url } = await ground.once(ownBackend)
    const people = [await newGuest(url, 'Dan'), await newGuest(url, 'Eve')]
    const [first] = (await people[0]?.rest.call('listUnread'))?.channels ?? []
    const communityId = first?.communityId ?? ''
    const channelId = first?.channelId ?? ''
    const [dan, eve] = await Promise.all(
      people.map(async ({ token }) => {
        const speaker = await new Browser(ground, url, token).enter(communityId)
        await speaker.join([channelId])
        return speaker
      }),
    )
    if (!dan || !eve) throw new Error('nobody came')
    const refused = await dan.chat({ chatType: 'new', channelId, content: 'buy spam' })
    const taken = await dan.chat({ chatType: 'new', channelId, content: 'good day' })
    await until('the good one', () => eve.heard.length > 0)
    return seen(
      `"spam": written ${refused.written}, ${refused.error?.code}; the next: written ${taken.written}; the other heard: ${eve.heard.map(([, { content }]) => content).join(', ')}`,
      {
        'not written': !refused.written && refused.chatInfo === null,
        'only the good one was heard': eve.heard.length === 1 && taken.written,
      },
    )
  },
}

const apiDead: Claim = {
  seed,
  says: 'Where the API is dead, written is false, and the sockets stay',
  does: 'the API killed, chat, the API started again, chat',
  async try(ground) {
    const { api, gateway } = await ground.once(apart)
    const { place, ann, bob, speakers } = await ground.once(community)
    const { channelId } = place
    const before = bob.heard.length
    await api.server.kill('SIGKILL')
    const during = await ann.chat({ chatType: 'new', channelId, content: 'meanwhile' })
    await api.restart()
    await until('the gateway ready', async () => (await readinessOf(gateway.url)) === '200 ready')
    const after = await ann.chat({ chatType: 'new', channelId, content: 'again' })
    await until('it at the other', () => bob.heard.length > before)
    const cuts = speakers.reduce((sum, one) => sum + one.cuts, 0)
    return seen(
      `dead: written ${during.written}, ${during.error?.code}, retry ${during.error?.retry}; back: written ${after.written}; the other heard ${bob.heard.length - before}; connections broken: ${cuts}`,
      {
        'no lie': !during.written && during.error?.retry === 'later',
        'goes on': after.written && bob.heard.length - before === 1,
        'the sockets stay': cuts === 0,
      },
    )
  },
}

const many: Claim = {
  seed,
  says: 'Many namespaces of one client: what do they cost?',
  does: 'one client enters the namespaces of all its communities over one connection; a message in each',
  async try(ground) {
    const { gateway } = await ground.once(apart)
    const { url } = gateway
    const owner = await newGuest(url, 'Collector')
    const count = ground.size(90, 10)
    const places: Place[] = []
    for (let at = 0; at < count; at++) places.push(await newCommunity(owner.rest, `Club ${at}`))
    const before = await metricOf(url, 'http_active_connections')
    const browser = new Browser(ground, url, owner.token)
    const startedMs = performance.now()
    const speakers = await Promise.all(places.map(({ communityId }) => browser.enter(communityId)))
    const tookMs = performance.now() - startedMs
    const opened = (await metricOf(url, 'http_active_connections')) - before
    const answers: ChatAnswer[] = []
    for (const [at, speaker] of speakers.entries()) {
      const channelId = places[at]?.channelId
      answers.push(await speaker.chat({ chatType: 'new', channelId, content: 'hello' }))
    }
    const written = answers.filter((answer) => answer.written).length
    const errors = new Set(answers.flatMap(({ error }) => error?.code ?? []))
    return seen(
      `${count} namespaces in ${Math.round(tookMs)} ms over ${opened} connection; ${written} of ${count} messages written${[...errors].map((code) => `, ${code}`).join('')}`,
      { 'one connection': opened <= 1, 'all written': written === count },
    )
  },
}

export const inNamespaces: readonly Claim[] = [namespaces, chat, refusing, apiDead, many]
