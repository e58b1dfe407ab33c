import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog, type LogOptions } from './log.ts'

function logged(options: Partial<LogOptions>) {
  const lines: string[] = []
  const sink = { write: (line: string) => void lines.push(line) }
  return { lines, log: createLog({ level: 'info', format: 'json', sink, ...options }) }
}

test('a line is JSON with time, level, facts and text', () => {
  const { log, lines } = logged({})
  log.child({ node: 'a' }).info({ channels: 3 }, 'Ready.')
  const { time, ...line } = JSON.parse(lines.join(''))
  assert.deepEqual(line, { level: 'info', node: 'a', channels: 3, msg: 'Ready.' })
  assert.match(time, /^\d{4}-\d\d-\d\dT/)
})

test('lines below the level are not written', () => {
  const { log, lines } = logged({ level: 'warn' })
  log.info({}, 'no')
  log.warn({}, 'yes')
  assert.equal(lines.length, 1)
  assert.equal(logged({ level: 'silent' }).lines.length, 0)
})

for (const format of ['json', 'pretty'] as const) {
  test(`secrets and what people wrote are not in a ${format} log, on the first two levels`, () => {
    const { log, lines } = logged({ format })
    const secret = {
      token: 'canary',
      cookie: 'canary',
      password: 'canary',
      authorization: 'canary',
    }
    log.info({ ...secret, text: 'canary', request: { ...secret, auth: { token: 'canary' } } }, 'x')
    assert.equal(lines.length, 1)
    assert.doesNotMatch(lines.join(), /canary/)
    assert.match(lines.join(), /not logged/)
  })
}

test('a pretty line is one readable line', () => {
  const { log, lines } = logged({ format: 'pretty' })
  log.warn({ channels: 3 }, 'The broker is away.')
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /^\[[\d:.]+\] WARN: The broker is away\. .*"channels":3.*\n$/)
})

test('an error is logged with its cause', () => {
  const { log, lines } = logged({})
  log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'Failed.')
  assert.match(JSON.parse(lines.join('')).err.message, /outer.*inner/)
})
