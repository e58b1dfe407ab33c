import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { after, test } from 'node:test'
import { type Clock, systemClock } from '../../clock.ts'
import { fetchJson } from './fetch-json.ts'

const closing: (() => void)[] = []
after(() => {
  for (const close of closing) close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/`
}

const bounds = { timeoutMs: 5_000, bytesMax: 1_000 }

test('a document is read', async () => {
  const url = await serve((_, response) => response.end('{"keys":[]}'))
  assert.deepEqual(await fetchJson(fetch, url, systemClock, bounds), { keys: [] })
})

test('a document that is too large is refused before it is all read', async () => {
  let closed = false
  const url = await serve((_, response) => {
    const writing = setInterval(() => response.write('x'.repeat(500)), 1)
    response.on('close', () => {
      closed = true
      clearInterval(writing)
    })
  })
  await assert.rejects(fetchJson(fetch, url, systemClock, bounds), /larger than 1000 bytes/)
  while (!closed) await new Promise((resolve) => setImmediate(resolve))
})

test('a redirect is not followed', async () => {
  let visits = 0
  const elsewhere = await serve((_, response) => {
    visits += 1
    response.end('{}')
  })
  const url = await serve((_, response) => response.writeHead(302, { location: elsewhere }).end())
  await assert.rejects(fetchJson(fetch, url, systemClock, bounds))
  assert.equal(visits, 0)
})

test('an answer that is no success is a failure', async () => {
  const url = await serve((_, response) => response.writeHead(503).end('{"keys":[]}'))
  await assert.rejects(fetchJson(fetch, url, systemClock, bounds), /503/)
})

test('what is no JSON is a failure', async () => {
  const url = await serve((_, response) => response.end('<html>'))
  await assert.rejects(fetchJson(fetch, url, systemClock, bounds), SyntaxError)
})

test('a server that never answers is given up, and no timer is left', async () => {
  const alarms: (() => void)[] = []
  let cancelled = 0
  const clock: Clock = {
    ...systemClock,
    after(_, run) {
      alarms.push(run)
      return {
        cancel: () => {
          cancelled += 1
        },
      }
    },
  }
  const url = await serve(() => {
    for (const alarm of alarms) alarm()
  })
  await assert.rejects(fetchJson(fetch, url, clock, bounds), /took too long/)
  assert.deepEqual([alarms.length, cancelled], [1, 1])
})
