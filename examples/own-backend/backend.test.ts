// The backend as a store, by the suite that every store passes, and as its reader runs it: behind a gateway, with stock clients.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { DownPayload, LogEvent } from '@madang/protocol'
import { backendCases } from '@madang/server/store-cases'
import { io } from 'socket.io-client'
import { createBackend } from './backend.js'

const START = fileURLToPath(new URL('./start.js', import.meta.url))

const secret = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'

async function listening(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close()
      await once(server, 'close')
    },
  }
}

backendCases({
  name: 'a backend of one file',
  secret,
  newBackend: () => listening(createBackend({ secret })),
  skip: {
    'a text that not every database keeps is refused, and the others of its batch are not':
      'it keeps every text',
    'a question moves on, and only a question does': 'it has no questions: it refuses them',
    'a rename is kept with the channel': 'its channels keep their names: it refuses new ones',
    'a community lists its channels to each as they may see them': 'it leaves `channels` out',
    'public communities are to be found, others are not': 'it leaves `communities` out',
    'members are listed by name in pages, each once': 'it leaves the lists of members out',
    'the banned are listed by name in pages until the ban is lifted, apart from the members':
      'it leaves the lists of the banned out',
    'two who open the same direct channel at once get one': 'it leaves `channelByKey` out',
    'nobody is in more channels than may be': 'it has no such limit',
    'whoever may make fewer channels than others is refused where there are so many, those that they do not see among them':
      'it has no such limit',
    'whoever is disabled has no session, is no operator, and is told of as a change of their places, until they are enabled':
      'it changes nobody: who may come in is its own affair',
    'whom another system vouches for is refused while disabled':
      'it changes nobody: who may come in is its own affair',
    'the version of a person’s places changes with each of them, and with nothing else':
      'it has one version for everybody: a change costs the others a read',
    'a node that says that it runs is known, and by its latest words': 'it keeps no directory',
    'who speaks forgets those that are silent, and never itself': 'it keeps no directory',
    'a node that stops is forgotten, but not whoever took over its name': 'it keeps no directory',
    'many that start at once are all known': 'it keeps no directory',
    'nobody is an operator until somebody is made one, and may cease to be':
      'it knows no operators',
    'who is not there is not changed, and is no operator': 'it knows no operators',
    'a new name is the name in every list, and what was not named stays': 'it knows no operators',
    'people are listed in pages, and found by id, login and a part of the name':
      'it knows no operators',
    'counts of all nodes are added up, and the same count written again is the same':
      'it keeps no counts',
    'samples are the averages of each node over the step that is asked for': 'it keeps no counts',
    'only what is asked for is answered: times, names, the latest of too many':
      'it keeps no counts',
    'what is old is forgotten with the next write': 'it keeps no counts',
    'a login and an external id belong to one person': 'it has no passwords',
  },
})

test('people chat over it, and what its own rule refuses only the sender learns of', async () => {
  await using example = await start()
  const [ann, bob] = [await visit(example.url, 'Ann'), await visit(example.url, 'Bob')]
  try {
    const channel = ann.ready.channels[0] ?? assert.fail()
    assert.equal(channel.name, 'lobby')
    const say = (text: string) =>
      ann.socket.emitWithAck('send', { channelId: channel.id, clientId: text, text })
    const first = await say('hello')
    assert.equal(first.ok, true, JSON.stringify(first))
    const refused = await say('buy-SPAM-here')
    assert.deepEqual(
      [refused.ok, refused.error.code, refused.error.retry],
      [false, 'forbidden', 'never'],
    )
    const edit = { channelId: channel.id, target: first.seq, text: 'spam after all' }
    assert.equal((await ann.socket.emitWithAck('edit', edit)).error.code, 'forbidden')
    const last = await say('goodbye')
    assert.equal(last.seq, first.seq + 1, 'a refusal leaves no hole')
    await bob.heard('goodbye')
    const texts = bob.texts()
    assert.deepEqual(texts, ['hello', 'goodbye'])
    assert.deepEqual(
      { ...(await say('hello')), duplicate: false },
      { ...first },
      'a retry gets the first answer',
    )
  } finally {
    ann.socket.disconnect()
    bob.socket.disconnect()
  }
})

test('what it leaves out is refused, and disturbs nothing', async () => {
  await using example = await start()
  const post = (path: string, body: object, token?: string) =>
    fetch(`${example.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    })
  const guest = await post('/api/guests', { name: 'Ann' })
  assert.equal(guest.status, 201)
  const { session } = (await guest.json()) as { session: { token: string } }
  const headers = { authorization: `Bearer ${session.token}` }
  const listed = await fetch(`${example.url}/api/communities`, { headers })
  assert.equal(listed.status, 403)
  assert.equal(((await listed.json()) as { code: string }).code, 'forbidden')
  assert.equal((await fetch(`${example.url}/api/unread`, { headers })).status, 200)
})

/** The example as its reader starts it, on free ports. */
async function start() {
  const child = spawn(process.execPath, [START, '--no-web', '--port', '0', '--host', '127.0.0.1'], {
    env: {
      ...process.env,
      BACKEND_PORT: '0',
      LOG_FORMAT: 'json',
      LAG_LIMIT_MS: '0',
      DRAIN_SECONDS: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      said += piece
      const found = /Madang is ready: (http:\/\/[^"\s]+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)))
  })
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      const [code] = await exited
      assert.equal(code, 0, said)
    },
  }
}

/** A stock client that notes what it hears. */
async function visit(url: string, name: string) {
  const socket = io(url, { auth: { name }, transports: ['websocket'], forceNew: true })
  const events: LogEvent[] = []
  let look = () => {}
  socket.on('event', (event: LogEvent) => {
    events.push(event)
    look()
  })
  const ready = await new Promise<DownPayload<'ready'>>((resolve, reject) => {
    socket.once('ready', resolve)
    socket.once('connect_error', reject)
  })
  const texts = () => events.flatMap((event) => (event.kind === 'created' ? [event.text] : []))
  const heard = (text: string) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (texts().includes(text)) resolve()
      }
      look()
    })
  return { socket, ready, texts, heard }
}
