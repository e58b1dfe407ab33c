// A binary is found where it was named, then where programs usually are.
import assert from 'node:assert/strict'
import { delimiter } from 'node:path'
import { test } from 'node:test'
import { locate, type Machine } from './locate.ts'

const machine = (env: Record<string, string>, ...binaries: string[]): Machine => ({
  env,
  isExecutable: (path) => binaries.includes(path),
  expand: (pattern) => (pattern === '/opt/db/*/bin' ? ['/opt/db/16/bin', '/opt/db/9/bin'] : []),
})
const wanted = { variable: 'DB_BIN', names: ['db', 'db-server'], folders: ['/opt/db/*/bin'] }
const PATH = ['/bin', '/usr/bin'].join(delimiter)

test('the variable comes first', () => {
  const found = locate(wanted, machine({ PATH, DB_BIN: '/my/db' }, '/my/db', '/usr/bin/db'))
  assert.deepEqual(found, { found: true, path: '/my/db', from: '$DB_BIN' })
})

test('a variable that names nothing is not passed over in silence', () => {
  assert.equal(locate(wanted, machine({ PATH, DB_BIN: '/my/db' }, '/usr/bin/db')), undefined)
})

test('PATH comes before the system folders, and the first name before the second', () => {
  const both = machine({ PATH }, '/usr/bin/db-server', '/usr/bin/db', '/usr/sbin/db')
  assert.equal(locate(wanted, both)?.path, '/usr/bin/db')
  assert.deepEqual(locate(wanted, machine({ PATH }, '/usr/sbin/db')), {
    found: true,
    path: '/usr/sbin/db',
    from: 'system',
  })
})

test('a pattern of folders is searched from the highest', () => {
  const two = machine({ PATH }, '/opt/db/9/bin/db', '/opt/db/16/bin/db')
  assert.equal(locate(wanted, two)?.path, '/opt/db/16/bin/db')
})

test('nothing is undefined', () => {
  assert.equal(locate(wanted, machine({})), undefined)
})
