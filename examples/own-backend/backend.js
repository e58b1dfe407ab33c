// A team's own backend behind Madang's socket servers, in one file and without a dependency. It keeps the contract of docs/reference/store-api.md: what it
// appends is broadcast, what it refuses nobody sees. State is in memory only: a restart forgets everything.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

const PREFIX = '/internal/v1/store/'
const bodyBytesMax = 16 * 2 ** 20

const fail = (code) => {
  throw Object.assign(new Error(code), { code })
}
const STATUS = { not_found: 404, conflict: 409, banned: 403, invalid: 400 }
const refused = (code) => ({ outcome: 'refused', code })
const repeated = (event) => ({ outcome: 'repeated', event: event ?? null })
const byName = (a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1)
const leads = (role) => role === 'owner' || role === 'moderator'

/** What is kept. `bannedWords` nobody may say; with a `lobby` newcomers find themselves in a channel. */
function emptyState({ bannedWords = [], lobby = false } = {}) {
  return {
    ...{ bannedWords, lobby, epoch: randomBytes(8).toString('hex') },
    version: 0,
    persons: new Map(),
    byExternalId: new Map(),
    sessions: new Map(),
    /** Id → { facts, members: person's id → { name, role, banned, joinedAt } } */
    communities: new Map(),
    /** Id → { facts, members, cursors, messages, log }; events are kept in their present state. */
    channels: new Map(),
    /** Author and client id → the first event with them. */
    once: new Map(),
  }
}

const channelFacts = (state, { facts, log, messages }) => ({
  ...facts,
  epoch: state.epoch,
  head: log.length,
  messages,
})

const personOf = (state, id) => state.persons.get(id) ?? fail('not_found')
const communityOf = (state, id) => state.communities.get(id) ?? fail('not_found')

function append(state, append) {
  const { author, entry } = append
  const channel = state.channels.get(append.channelId)
  if (!channel) return refused('not_found')
  const first = entry.clientId && state.once.get(`${author.id} ${entry.clientId}`)
  if (first) {
    const isSame = first.channelId === append.channelId && first.kind === entry.kind
    return isSame ? repeated(first) : refused('conflict')
  }
  const message = channel.log.find(({ seq, kind }) => seq === entry.target && kind === 'created')
  const code = lacking(state, channel, author, append.needs, message) ?? ourRule(state, entry)
  const effect = EFFECTS[entry.kind]
  return code || !effect ? refused(code ?? 'forbidden') : effect(state, channel, append, message)
}

/** The one thing that makes this backend ours: who says a banned word is told `forbidden`, and nobody else sees the message. */
function ourRule(state, { text }) {
  const said = text?.toLowerCase() ?? ''
  return state.bannedWords.some((word) => said.includes(word)) ? 'forbidden' : undefined
}

/** Why the author may not; undefined where they may. */
function lacking(state, channel, author, needs, message) {
  if (needs === 'nothing') return undefined
  const inside = channel.members.get(author.id)
  const around = state.communities.get(channel.facts.communityId).members.get(author.id)
  const isOpen = channel.facts.kind === 'live' && channel.facts.visibility === 'public'
  const asCommunity =
    around?.banned || inside?.banned ? 'banned' : around?.role ? undefined : 'not_member'
  const asMember = asCommunity ?? (inside?.role ? undefined : 'not_member')
  const asWriter = isOpen ? asCommunity : asMember
  if (needs === 'community') return asCommunity
  if (needs === 'member') return asMember
  if (needs === 'writer') return asWriter
  const moderates = leads(around?.role) || (around?.role && !inside?.banned && leads(inside?.role))
  if (moderates && !around.banned) return undefined
  const isOwn = needs === 'author' && (!message || message.author.id === author.id)
  return asWriter ?? (isOwn ? undefined : 'forbidden')
}

function add(state, channel, { id, channelId, author, createdAt, entry }, facts) {
  const seq = channel.log.length + 1
  if (facts.subject) state.version += 1
  const event = { kind: entry.kind, id, channelId, seq, createdAt, author, ...facts }
  channel.log.push(event)
  if (entry.clientId) state.once.set(`${author.id} ${entry.clientId}`, event)
  return { outcome: 'appended', event }
}

const aboutSubject = (channel, id) => channel.log.findLast(({ subject }) => subject?.id === id)

function enter(state, channel, append) {
  const { subject, role } = append.entry
  const around = state.communities.get(channel.facts.communityId).members.get(subject.id)
  const inside = channel.members.get(subject.id)
  if (!state.persons.has(subject.id)) return refused('not_found')
  if (inside?.banned || around?.banned) return refused('banned')
  if (inside?.role) return repeated(aboutSubject(channel, subject.id))
  if (!around?.role) return refused('not_member')
  const { name } = state.persons.get(subject.id)
  channel.members.set(subject.id, { name, role, banned: false, joinedAt: append.createdAt })
  channel.cursors.set(subject.id, channel.log.length + 1)
  return add(state, channel, append, { subject, role })
}

function end(state, channel, append) {
  const { subject, reason } = append.entry
  const inside = channel.members.get(subject.id)
  if (!inside?.role) return repeated(aboutSubject(channel, subject.id))
  inside.role = null
  return add(state, channel, append, { subject, ...(reason !== undefined && { reason }) })
}

const EFFECTS = {
  created(state, channel, append) {
    const { clientId, lane, text } = append.entry
    const result = add(state, channel, append, { clientId, lane, text })
    channel.messages += 1
    channel.cursors.set(append.author.id, result.event.seq)
    return result
  },
  edited(state, channel, append, message) {
    if (!message) return refused('not_found')
    if (message.deletedAt !== undefined) return refused('message_deleted')
    const { target, text } = append.entry
    if (message.text === text) return repeated(channel.log[(message.rev ?? target) - 1])
    const result = add(state, channel, append, { target, text })
    Object.assign(message, { text, editedAt: append.createdAt, rev: result.event.seq })
    return result
  },
  deleted(state, channel, append, message) {
    if (!message) return refused('not_found')
    const { target } = append.entry
    if (message.deletedAt !== undefined) return repeated(channel.log[message.rev - 1])
    const result = add(state, channel, append, { target })
    Object.assign(message, { text: null, deletedAt: append.createdAt, rev: result.event.seq })
    // What was deleted is nowhere to be read any more.
    for (const event of channel.log)
      if (event.kind === 'edited' && event.target === target) event.text = null
    channel.messages -= 1
    return result
  },
  joined: enter,
  invited: enter,
  left: end,
  kicked: end,
  role(state, channel, append) {
    const { subject, role } = append.entry
    const inside = channel.members.get(subject.id)
    if (!inside?.role) return refused('not_found')
    inside.role = role
    return add(state, channel, append, { subject, role })
  },
  banned(state, channel, append) {
    const { subject, reason } = append.entry
    const inside = channel.members.get(subject.id) ?? { joinedAt: append.createdAt }
    if (inside.banned) return repeated(aboutSubject(channel, subject.id))
    if (!state.persons.has(subject.id)) return refused('not_found')
    const { name } = state.persons.get(subject.id)
    channel.members.set(subject.id, { ...inside, name, role: null, banned: true })
    return add(state, channel, append, { subject, ...(reason !== undefined && { reason }) })
  },
  unbanned(state, channel, append) {
    const { subject } = append.entry
    const inside = channel.members.get(subject.id)
    if (!inside?.banned) return repeated(aboutSubject(channel, subject.id))
    inside.banned = false
    return add(state, channel, append, { subject })
  },
}

function placeOf(state, channel, personId) {
  const cursor = channel.cursors.get(personId) ?? 0
  const isUnread = ({ kind, author, deletedAt }) =>
    kind === 'created' && author.id !== personId && deletedAt === undefined
  const place = {
    ...channelFacts(state, channel),
    role: channel.members.get(personId)?.role ?? null,
    cursor,
    unread: channel.log.slice(cursor).filter(isUnread).length,
  }
  if (channel.facts.kind !== 'direct') return place
  const peers = [...channel.members].map(([id, { name }]) => ({ id, name }))
  return { ...place, peers: peers.filter(({ id }) => id !== personId).sort(byName) }
}

function belongingsOf(state, personId) {
  const own = [...state.communities.values()].filter(({ members }) => members.get(personId)?.role)
  const ids = new Set(own.map(({ facts }) => facts.id))
  const isOurs = ({ facts, members }) => {
    const isWatched = facts.kind === 'live' && facts.visibility === 'public'
    const inside = members.get(personId)
    return ids.has(facts.communityId) && (inside?.role || (isWatched && !inside?.banned))
  }
  return {
    personId,
    version: `${personId} ${state.version}`,
    communities: own
      .map(({ facts, members }) => ({ ...facts, role: members.get(personId).role }))
      .sort(byName),
    channels: [...state.channels.values()]
      .filter(isOurs)
      .map((channel) => placeOf(state, channel, personId))
      .sort(byName),
  }
}

function newChannel(state, { key: _, author, members, ...given }) {
  communityOf(state, given.communityId)
  if (state.channels.has(given.id)) fail('conflict')
  const channel = {
    facts: given,
    messages: 0,
    log: [],
    members: new Map(),
    cursors: new Map(),
  }
  state.channels.set(given.id, channel)
  const common = { channelId: given.id, author, createdAt: given.createdAt }
  const results = members.map(({ person, role, eventId }) => {
    const kind = person.id === author.id ? 'joined' : 'invited'
    return enter(state, channel, { ...common, id: eventId, entry: { kind, subject: person, role } })
  })
  return {
    channel: channelFacts(state, channel),
    events: results.flatMap(({ event }) => event ?? []),
  }
}

function setCommunityMember(state, { communityId, personId, banned, at, ...change }) {
  const { members } = communityOf(state, communityId)
  const { name } = personOf(state, personId)
  const role = banned ? null : change.role
  const known = members.get(personId)
  if (known?.banned && role !== null) fail('banned')
  const joinedAt = known?.role ? known.joinedAt : at
  members.set(personId, { name, role, banned, joinedAt })
  state.version += 1
  return null
}

/** Everybody who comes is put into the one channel that there always is. */
function welcome(state, { id, name, createdAt }) {
  if (!state.lobby) return
  const [communityId, channelId] = ['1', '2'].map((n) => `00000000-0000-7000-8000-0000000000a${n}`)
  const author = { id, name }
  if (!state.communities.has(communityId)) {
    const facts = { id: communityId, name: 'Our own', visibility: 'public', createdAt }
    state.communities.set(communityId, { facts, members: new Map() })
    const lobbyFacts = { kind: 'text', visibility: 'public', name: 'lobby', topic: '', createdAt }
    newChannel(state, { id: channelId, communityId, ...lobbyFacts, author, members: [] })
  }
  const change = { communityId, personId: id, role: 'member', banned: false, at: createdAt }
  setCommunityMember(state, change)
  const entry = { kind: 'joined', subject: author, role: 'member' }
  enter(state, state.channels.get(channelId), { id, channelId, author, createdAt, entry })
}

/** Kinds that a page of history has in their messages. */
const FOLDED = new Set(['edited', 'deleted', 'question'])

// --- The contract: a method's arguments by name, and its result ---

function newPerson(state, person) {
  const { id, name, kind, externalId, createdAt } = person
  if (state.persons.has(id)) fail('conflict')
  state.persons.set(id, { id, name, kind })
  if (externalId !== undefined) state.byExternalId.set(externalId, id)
  welcome(state, { id, name, createdAt })
  return true
}

const METHODS = {
  append: (state, { entries }) => entries.map((entry) => append(state, entry)),
  createPerson: (state, { person }) => newPerson(state, person),
  adoptPerson(state, { person }) {
    const known = state.byExternalId.get(person.externalId)
    if (known === undefined) newPerson(state, person)
    return Object.assign(personOf(state, known ?? person.id), { name: person.name })
  },
  createSession: (state, { session }) => void state.sessions.set(session.id, session) ?? null,
  deleteSession: (state, { id }) => state.sessions.delete(id),
  createCommunity(state, { community: { owner, ...facts } }) {
    if (state.communities.has(facts.id)) fail('conflict')
    const { name } = personOf(state, owner.id)
    const row = { name, role: 'owner', banned: false, joinedAt: facts.createdAt }
    state.communities.set(facts.id, { facts, members: new Map([[owner.id, row]]) })
    return null
  },
  setCommunityMember: (state, { change }) => setCommunityMember(state, change),
  createChannel: (state, { channel }) => newChannel(state, channel),
  moveCursors: (state, { moves }) =>
    moves.map(({ personId, channelId, seq }) => {
      const channel = state.channels.get(channelId) ?? fail('not_found')
      const before = channel.cursors.get(personId) ?? 0
      channel.cursors.set(personId, Math.max(before, Math.min(seq, channel.log.length)))
      const { cursor, unread } = placeOf(state, channel, personId)
      return { cursor, unread }
    }),
  ping: () => null,
  eventsAfter: (state, { requests }) =>
    requests.map(({ channelId, after, limit }) => {
      const log = state.channels.get(channelId)?.log ?? []
      return { channelId, events: log.slice(after, after + limit), head: log.length }
    }),
  history(state, { request: { channelId, before, after, limit } }) {
    const log = state.channels.get(channelId)?.log ?? []
    const shown = log.filter(({ kind }) => !FOLDED.has(kind))
    const isForward = after !== undefined
    const found = shown.filter(({ seq }) => (isForward ? seq > after : seq < (before ?? Infinity)))
    const events = isForward
      ? found.slice(0, limit)
      : found.slice(Math.max(0, found.length - limit))
    return { events, head: log.length, more: found.length > events.length }
  },
  heads(state, { channelIds }) {
    const known = channelIds.filter((id) => state.channels.has(id))
    return Object.fromEntries(known.map((id) => [id, state.channels.get(id).log.length]))
  },
  person: (state, { id }) => state.persons.get(id) ?? null,
  session(state, { id, now }) {
    const session = state.sessions.get(id)
    if (!session || session.expiresAt <= now) return null
    return { session, person: personOf(state, session.personId) }
  },
  communityStanding(state, { communityId, personId }) {
    const community = state.communities.get(communityId)
    if (!community) return null
    const row = community.members.get(personId)
    return { community: community.facts, role: row?.role ?? null, banned: row?.banned ?? false }
  },
  channel(state, { channelId }) {
    const channel = state.channels.get(channelId)
    return channel ? channelFacts(state, channel) : null
  },
  channelStanding(state, { channelId, personId }) {
    const channel = state.channels.get(channelId)
    if (!channel) return null
    const row = channel.members.get(personId)
    return {
      ...METHODS.communityStanding(state, { communityId: channel.facts.communityId, personId }),
      channel: channelFacts(state, channel),
      channelRole: row?.role ?? null,
      channelBanned: row?.banned ?? false,
    }
  },
  myChannel(state, { channelId, personId }) {
    const channel = state.channels.get(channelId)
    return channel ? placeOf(state, channel, personId) : null
  },
  placeVersions: (state, { personIds }) =>
    Object.fromEntries(personIds.map((id) => [id, `${id} ${state.version}`])),
  missingSessions: (state, { ids, now }) =>
    ids.filter((id) => !(state.sessions.get(id)?.expiresAt > now)),
  belongings: (state, { personIds }) => personIds.map((id) => belongingsOf(state, id)),
}

// --- HTTP ---

const digest = (text) => createHash('sha256').update(text).digest()

async function answer(state, request) {
  const { pathname } = new URL(request.url, 'http://backend')
  const name = pathname.startsWith(PREFIX) ? pathname.slice(PREFIX.length) : ''
  // What is left out here, a gateway does without.
  if (!Object.hasOwn(METHODS, name)) return [501, { code: 'not_found' }]
  if (Number(request.headers['content-length']) > bodyBytesMax) return [413, { code: 'too_large' }]
  try {
    return [200, { result: METHODS[name](state, await json(request)) }]
  } catch (error) {
    const code = Object.hasOwn(STATUS, error.code) ? error.code : 'internal'
    if (code === 'internal') process.stderr.write(`${name}: ${error.stack}\n`)
    return [STATUS[code] ?? 500, { code }]
  }
}

/** An HTTP server that does not listen yet. Only who shows the secret is answered. */
export function createBackend({ secret, ...options }) {
  const state = emptyState(options)
  const wanted = digest(`Bearer ${secret}`)
  return createServer({ keepAliveTimeout: 65_000 }, async (request, response) => {
    const isLetIn = timingSafeEqual(digest(request.headers.authorization ?? ''), wanted)
    const [status, body] = isLetIn ? await answer(state, request) : [401, {}]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
}

if (import.meta.main) {
  const { API_SECRET: secret, PORT = '4000', BANNED_WORDS = 'spam' } = process.env
  const bannedWords = BANNED_WORDS.toLowerCase().split(',')
  const server = createBackend({ secret, bannedWords, lobby: true })
  server.listen(Number(PORT), '127.0.0.1', () => {
    process.stdout.write(`backend: http://127.0.0.1:${server.address().port}\n`)
  })
}
