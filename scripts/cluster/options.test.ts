import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namesLike, readCommand } from './commands.ts'
import { readOptions } from './options.ts'

const problemOf = (...args: readonly string[]): string => {
  const reading = readOptions(args)
  return reading.outcome === 'refused' ? reading.problem : reading.outcome
}

test('every option has a value that counts where none is given', () => {
  const reading = readOptions([])
  assert.ok(reading.outcome === 'options')
  const { broker, nodes, port, web, data } = reading.options
  assert.deepEqual(
    { broker, nodes, port, web, data },
    {
      broker: 'redis',
      nodes: 3,
      port: 8080,
      web: true,
      data: undefined,
    },
  )
})

test('what is asked for is what is read', () => {
  const reading = readOptions([
    '--broker',
    'nats',
    '--store=sqlite',
    '--nodes',
    '2',
    '--port',
    '0',
    '--data',
    'x',
    '--no-web',
  ])
  assert.deepEqual(reading, {
    outcome: 'options',
    options: { broker: 'nats', store: 'sqlite', nodes: 2, port: 0, data: 'x', web: false },
  })
  assert.deepEqual(readOptions(['--help', '--port', 'x']), { outcome: 'help' })
})

test('what cannot be is refused, with what could be', () => {
  assert.match(problemOf('--broker', 'kafka'), /redis, redis-cluster, nats, none/)
  assert.match(problemOf('--store', 'mysql'), /postgres, sqlite/)
  assert.match(problemOf('--nodes', '0'), /from 1 to 9/)
  assert.match(problemOf('--port', '65536'), /from 0 to 65535/)
  assert.match(problemOf('--colour'), /--colour/)
})

const NAMES = ['nginx', 'node-1', 'node-2', 'redis-1', 'redis-2']

test('a command names a part, or several of one kind', () => {
  assert.deepEqual(readCommand(' kill node-1 ', NAMES), {
    kind: 'part',
    verb: 'kill',
    name: 'node-1',
  })
  assert.deepEqual(namesLike('redis', NAMES), ['redis-1', 'redis-2'])
  assert.deepEqual(namesLike('nginx', NAMES), ['nginx'])
  assert.deepEqual(readCommand('', NAMES), { kind: 'nothing' })
  assert.deepEqual(readCommand('status', NAMES), { kind: 'status' })
  assert.deepEqual(readCommand('quit', NAMES), { kind: 'quit' })
})

test('a command that means nothing says what would', () => {
  for (const line of ['kill', 'kill nats', 'restart node-1', 'kill node-1 now']) {
    assert.equal(readCommand(line, NAMES).kind, 'unknown', line)
  }
})
