// The backend, and one of Madang's socket servers in front of it: open http://localhost:3000 in two windows. Arguments are the socket server's own.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createBackend } from './backend.js'

const GATEWAY = join(import.meta.dirname, '../../scripts/start.ts')
const { BACKEND_PORT = '4000', BANNED_WORDS = 'spam' } = process.env

const secret = randomBytes(32).toString('hex')
const bannedWords = BANNED_WORDS.toLowerCase().split(',')
const backend = createBackend({ secret, bannedWords, lobby: true })
backend.listen(Number(BACKEND_PORT), '127.0.0.1')
await once(backend, 'listening')
const url = `http://127.0.0.1:${backend.address().port}`
process.stdout.write(`The backend listens at ${url}; it refuses: ${bannedWords.join(', ')}\n`)

const gateway = spawn(process.execPath, [GATEWAY, ...process.argv.slice(2)], {
  env: { ...process.env, ROLES: 'gateway', API_URL: url, API_SECRET: secret },
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => gateway.kill(signal))
const [code] = await once(gateway, 'exit')
backend.close()
backend.closeAllConnections()
process.exitCode = code ?? 1
