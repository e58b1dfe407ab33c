// Where the demo finds a Redis: at REDIS_URL, or a server of its own on a free port, if there is one to start.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Resolves with its address and what ends it. */
export async function ensureRedis() {
  const url = process.env.REDIS_URL
  if (url) return { url, stop: async () => {} }
  const port = await freePort()
  const quiet = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--port', String(port)]
  const child = spawn('redis-server', quiet, { stdio: 'ignore' })
  const died = once(child, 'exit').then(() => 'exit')
  child.once('error', () => child.emit('exit', 1))
  while (!(await answers(port))) {
    if ((await Promise.race([died, wait(50)])) !== 'exit') continue
    throw new Error('no Redis: set REDIS_URL, or install redis-server')
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      child.kill()
      await died
    },
  }
}

async function answers(port) {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}
