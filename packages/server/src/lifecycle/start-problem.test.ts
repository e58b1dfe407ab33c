import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Config, readConfig } from '../config.ts'
import { StartFailure } from '../lifecycle.ts'
import { startProblem } from './start-problem.ts'

const reading = readConfig({
  argv: ['--port', '80', '--host', 'nowhere', '--data-dir', '/data'],
  env: {},
  cwd: '/',
  version: '1.0.0',
})
const config: Config = reading.outcome === 'config' ? reading.config : assert.fail()

function problem(facts: { code?: string; syscall?: string; name?: string; message?: string }) {
  const cause = Object.assign(new Error(facts.message ?? 'x'), facts)
  return startProblem(new StartFailure('some service', cause, false), config)
}

const cases: [string, Parameters<typeof problem>[0], RegExp][] = [
  ['a port in use', { syscall: 'listen', code: 'EADDRINUSE' }, /^PORT is 80, but something else/],
  ['a port that needs a privilege', { syscall: 'listen', code: 'EACCES' }, /^PORT is 80, .*EACCES/],
  ['a foreign address', { syscall: 'listen', code: 'EADDRNOTAVAIL' }, /^HOST is "nowhere"/],
  ['an unknown host', { syscall: 'getaddrinfo', code: 'ENOTFOUND' }, /^HOST is "nowhere"/],
  ['a folder of others', { syscall: 'mkdir', code: 'EACCES' }, /^DATA_DIR is "\/data".*EACCES/],
  ['a read-only disk', { syscall: 'mkdir', code: 'EROFS' }, /^DATA_DIR is "\/data".*EROFS/],
  ['a file in the way', { syscall: 'mkdir', code: 'EEXIST' }, /^DATA_DIR is "\/data"/],
  ['a full disk', { syscall: 'write', code: 'ENOSPC' }, /^DATA_DIR is "\/data".*ENOSPC/],
  [
    'a store that refuses',
    { name: 'StoreError', message: 'The file is from a later version.\nat x' },
    /^The store in DATA_DIR "\/data" cannot be opened: The file is from a later version\.$/,
  ],
]

for (const [what, facts, line] of cases) {
  test(`${what} is told in one line that names the setting`, () => {
    const told = problem(facts) ?? assert.fail()
    assert.match(told, line)
    assert.doesNotMatch(told, /\n| {4}at /)
  })
}

test('a database is named without its user and password', () => {
  const store: Config['store'] = {
    kind: 'postgres',
    url: 'postgres://u:pw@db:5432/chat?x=pw',
    connectionsMax: 2,
    statementMsMax: 100,
  }
  const cause = Object.assign(new Error('fsync is off.'), { name: 'StoreError' })
  const told = startProblem(new StartFailure('store', cause, false), { ...config, store })
  assert.equal(told, 'The store at DATABASE_URL ("db:5432/chat") cannot be opened: fsync is off.')
})

test('a port for other nodes that is in use is told by its own name', () => {
  const told = (code: string) => {
    const cause = Object.assign(new Error('x'), { syscall: 'listen', code })
    return startProblem(new StartFailure('back door', cause, false), config) ?? assert.fail()
  }
  assert.match(told('EADDRINUSE'), /^INTERNAL_PORT is 0, but something else/)
  assert.match(told('EADDRNOTAVAIL'), /^INTERNAL_HOST is "127.0.0.1" .*EADDRNOTAVAIL/)
})

test('what nobody foresaw is left to the log, with its stack', () => {
  assert.equal(problem({ message: 'impossible' }), null)
  assert.equal(startProblem('thrown', config), null)
})
