/** Sockets apart from what decides: a gateway before our own API process, and one before a backend of somebody's own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Ground, ROOT, until } from './ground.ts'
import { readinessOf } from './pages.ts'

const API_SECRET = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'
const BACKEND = join(ROOT, 'examples/own-backend/backend.js')

/** A socket server, and the API process that keeps the truth. */
export async function apart(ground: Ground) {
  const api = await ground.node({ API_SECRET, ROLES: 'api' }, { data: 'api' })
  const env = { API_SECRET, DIALECTS: 'communities', ROLES: 'gateway', API_URL: api.url }
  const gateway = await ground.node(env, { data: 'gateway' })
  await until('both ready', async () =>
    (await Promise.all([api.url, gateway.url].map(readinessOf))).every(
      (one) => one === '200 ready',
    ),
  )
  return { api, gateway }
}

/** A backend of somebody's own, that refuses what has "spam" in it, and a socket server before it. */
export async function ownBackend(ground: Ground) {
  const child = spawn(process.execPath, [BACKEND], {
    env: { ...process.env, API_SECRET, PORT: '0', BANNED_WORDS: 'spam' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  ground.later(() => {
    process.off('exit', kill)
    kill()
  })
  const [line] = await once(child.stdout, 'data')
  const url = String(line).trim().split(' ').at(-1) ?? ''
  const env = { API_SECRET, DIALECTS: 'communities', ROLES: 'gateway', API_URL: url }
  return ground.node(env, { data: 'own-gateway' })
}
