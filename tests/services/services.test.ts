// The real servers that tests run: each starts, answers, survives a kill, and leaves nothing behind.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { nats } from './nats.ts'
import { nginx } from './nginx.ts'
import { need, type Service } from './part.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'

async function isReachable(port: number): Promise<boolean> {
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

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

for (const service of [redis, nats, postgres, nginx] as readonly Service[]) {
  const { skip } = await need(service)

  test(`${service.name} starts, comes back after a kill, and is gone after stop`, {
    skip,
  }, async () => {
    const server = await service.start()
    try {
      const first = server.pid
      assert.equal(await isReachable(server.port), true)
      assert.ok(server.url.includes(`127.0.0.1:${server.port}`))

      await server.kill()
      assert.equal(isRunning(first), false)
      await server.restart()
      assert.notEqual(server.pid, first)
      assert.equal(await isReachable(server.port), true)
    } finally {
      await server.stop()
    }
    await server.stop()
    assert.equal(await isReachable(server.port), false)
  })
}

test('two of a kind run beside each other', { skip: (await need(redis)).skip }, async () => {
  const [one, other] = await Promise.all([redis.start(), redis.start()])
  assert.notEqual(one.port, other.port)
  await Promise.all([one.stop(), other.stop()])
})

test('a server that does not come up says why', { skip: (await need(redis)).skip }, async () => {
  await assert.rejects(redis.start({ args: ['--no-such-setting', '1'] }), /no-such-setting/)
})
