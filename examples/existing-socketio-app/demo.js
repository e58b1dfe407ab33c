// Two servers, and a person at each, who talk. With `--stay` the servers stay, for browsers.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { io } from 'socket.io-client'
import { ensureRedis } from './redis.js'

const SERVER = fileURLToPath(new URL('./server.js', import.meta.url))
const ROOM = 'lobby'
const ports = process.argv.includes('--stay') ? [3001, 3002] : [0, 0]

const redis = await ensureRedis()
const servers = []
try {
  for (const port of ports) servers.push(await startServer(port))
  const people = [await person('ada', servers[0]), await person('ben', servers[1])]
  const [ada, ben] = people
  await says(ada, 'hello from the first server', people)
  await says(ben, 'hello from the second', people)
  for (const { socket } of people) socket.disconnect()
  if (ports[0] !== 0) await stay()
} finally {
  await Promise.all(servers.map(stop))
  await redis.stop()
}

/** Resolves when it says where it listens. */
async function startServer(port) {
  const child = spawn(process.execPath, [SERVER], {
    env: { ...process.env, PORT: String(port), REDIS_URL: redis.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return { child, url: String(line).trim().split(' ').at(-1) }
}

/** Resolves when they are in the room. */
async function person(name, { url }) {
  const socket = io(url, { auth: { name }, forceNew: true })
  await once(socket, 'connect')
  const { people } = await socket.emitWithAck('join', ROOM)
  print(`${name} is at ${url}; people in the room, at all servers: ${people}`)
  return { name, socket }
}

/** Resolves when all of them heard it. */
async function says({ name, socket }, text, people) {
  const heard = people.map((one) => hears(one, name, text))
  socket.emit('chat', ROOM, text)
  await Promise.all(heard)
}

function hears({ name, socket }, from, text) {
  return new Promise((resolve) => {
    socket.on('chat', function listen(chat) {
      if (chat.from !== from || chat.text !== text) return
      socket.off('chat', listen)
      print(`${name} hears ${from}: ${text}`)
      resolve()
    })
  })
}

async function stay() {
  print(`Open ${servers.map(({ url }) => url).join(' and ')} in two browsers; Ctrl-C ends it.`)
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve)
  })
}

async function stop({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}

function print(line) {
  process.stdout.write(`${line}\n`)
}
