// Nothing committed speaks of one machine, one registry or one ticket.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { traces } from './traces.ts'
import { readTree } from './tree.ts'
import { judge } from './verdict.ts'

const count = (path: string, text: string): number => traces([{ path, text }]).length

test('a path of one machine is named', () => {
  const slash = '/'
  for (const path of ['home/jane/madang', 'Users/jane/x', 'work/x', 'root/.npmrc']) {
    assert.equal(count('a.md', `see ${slash}${path}.`), 1, path)
  }
  for (const path of [
    '/usr/bin/chromium',
    '/tmp/x',
    'packages/work/a',
    '/var/lib/madang',
    '/home',
  ]) {
    assert.equal(count('a.md', `see ${path} .`), 0, path)
  }
})

test('a registry other than the public one is named', () => {
  const at = 'resolved'
  assert.equal(count('package-lock.json', `"${at}": "http://10.0.0.1:4873/zod.tgz"`), 1)
  assert.equal(count('package-lock.json', `"${at}": "https://registry.npmjs.org/zod.tgz"`), 0)
  assert.equal(count('package-lock.json', `"${at}": "packages/web"`), 0)
  assert.equal(count('.npmrc', `registry${'='}http://10.0.0.1:4873`), 0 + 1)
})

test('a ticket is named, in prose and in comments', () => {
  for (const text of [`see #${'12'}`, `iss${'ue'} 4524`, `https://x.org/a/iss${'ues'}/12`]) {
    assert.equal(count('a.md', text), 1, text)
    assert.equal(count('a.ts', `// ${text}`), 1, text)
    assert.equal(count('a.ts', `const a = '${text}'`), 0, text)
  }
  assert.equal(count('a.md', '[x](#1-first) and I1 and 404 and seq 12'), 0)
})

test('no traces of machines, registries and tickets', () => {
  judge('no traces of machines, registries and tickets', traces(readTree()))
})
