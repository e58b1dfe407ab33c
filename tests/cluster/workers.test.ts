// Clients of every transport through several workers on one port, with nothing that would bring a client back to the same one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spawnServer } from '@madang/server/testing'
import { converse } from './crowd.ts'

const EACH = 200

test(`${EACH} clients of each transport talk through three workers`, async () => {
  await using server = await spawnServer({
    args: ['--workers', '3'],
    env: { RATE_SCALE: '10000' },
  })
  await converse(server.url, EACH)
  const page = await (await fetch(`${server.url}/metrics`)).text()
  for (const outcome of ['request', 'upgrade']) {
    const handed = new RegExp(
      `^madang_handed_over_total\\{worker="\\d",outcome="${outcome}"\\}`,
      'm',
    )
    assert.match(page, handed, 'else nothing was proved')
  }
  assert.doesNotMatch(page, /outcome="unknown"/)
})
