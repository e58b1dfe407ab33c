// The example as its reader runs it, over a real Redis.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { need } from '../../tests/services/part.ts'
import { redis } from '../../tests/services/redis.ts'

const found = await need(redis)
const DEMO = fileURLToPath(new URL('./demo.js', import.meta.url))

async function run(redisUrl: string): Promise<{ code: number; said: string; complained: string }> {
  const child = spawn(process.execPath, [DEMO], {
    env: { ...process.env, REDIS_URL: redisUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await exited
  return { code, said, complained }
}

test('people at two servers hear each other, and count each other', {
  skip: found.skip,
}, async () => {
  const server = await redis.start()
  try {
    const { code, said, complained } = await run(server.url)
    assert.equal(complained, '')
    assert.equal(code, 0, said)
    assert.match(said, /ada is at \S+; people in the room, at all servers: 1\n/)
    assert.match(said, /ben is at \S+; people in the room, at all servers: 2\n/)
    const heard = said
      .split('\n')
      .filter((line) => line.includes(' hears '))
      .sort()
    assert.deepEqual(heard, [
      'ada hears ada: hello from the first server',
      'ada hears ben: hello from the second',
      'ben hears ada: hello from the first server',
      'ben hears ben: hello from the second',
    ])
  } finally {
    await server.stop()
  }
})
