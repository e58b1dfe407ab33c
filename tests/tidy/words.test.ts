// Leftovers and forbidden words are named with what to write instead.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTree } from './tree.ts'
import { judge } from './verdict.ts'
import { badNames, bannedWords } from './words.ts'

const CORE = 'packages/server/src/core/a.ts'
const REDUCER = 'packages/client/src/timeline.ts'

/** Each row: a file, a line in it that is refused, and the same thought as it is allowed. */
const ROWS: readonly (readonly [string, string, string])[] = [
  ['scripts/a.ts', `// TO${'DO'}: later`, '// Later is another day.'],
  ['docs/a.md', `TO${'DO'} write this`, 'Everything to do is done.'],
  ['scripts/a.ts', '// @ts-ignore', '// @ts-check'],
  ['scripts/a.ts', 'const a = b as any', 'const a = b as unknown'],
  ['scripts/a.ts', 'function f(a: any) {}', 'function f(any: string) {}'],
  ['scripts/a.ts', 'const a: Map<string, any> = b', 'const a = { any: 1 }'],
  [CORE, 'console.log(1)', "log.info('console.log')"],
  ['scripts/a.ts', 'export enum Kind { A }', "type Kind = 'enum Kind'"],
  [
    'scripts/a.ts',
    'class A { constructor(b: 1, private a: string) {} }',
    'class A { constructor(a: readonly string[]) {} }',
  ],
  [CORE, 'const at = Date.now()', 'const at = clock.now()'],
  [REDUCER, 'const at = new Date()', 'const at = new Date(now)'],
  [REDUCER, 'const id = Math.random()', 'const id = random()'],
  ['packages/web/src/a.tsx', 'box.innerHTML = text', 'box.textContent = text'],
  [CORE, 'setTimeout(run, 5)', 'clock.after(5, run)'],
  ['tests/a.test.ts', "test.only('a', () => {})", "test('a', () => {})"],
  [
    'tests/a.test.ts',
    "test('a', { todo: true }, () => {})",
    "test('a', { skip: reason }, () => {})",
  ],
  ['tests/a.test.ts', "test('it should work', () => {})", "test('it works', () => {})"],
  [CORE, 'const roomId = 1', 'const channelId = 1'],
]

for (const [path, refused, allowed] of ROWS) {
  test(`${path}: ${refused} is refused, ${allowed} is not`, () => {
    const [found, ...others] = bannedWords([{ path, text: `\n${refused}\n` }])
    assert.equal(found?.line, 2)
    assert.deepEqual(others, [])
    assert.deepEqual(bannedWords([{ path, text: allowed }]), [])
  })
}

test('a clock may ask what time it is, a dialect may use the words of others', () => {
  assert.deepEqual(bannedWords([{ path: 'packages/client/src/clock.ts', text: 'Date.now()' }]), [])
  const path = 'packages/server/src/gateway/dialects/rooms.ts'
  assert.deepEqual(bannedWords([{ path, text: 'const roomId = 1' }]), [])
})

test('a file is named after what it holds, in kebab-case', () => {
  const names = ['utils.ts', 'string-helpers.ts', 'common/a.ts', 'myFile.ts', 'view.tsx']
  for (const name of names) {
    assert.equal(badNames([{ path: `packages/client/src/${name}`, text: '' }]).length, 1, name)
  }
  for (const name of ['send-message.test.ts', 'a.case.ts', 'vite.config.ts', '404.css']) {
    assert.deepEqual(badNames([{ path: `packages/client/src/${name}`, text: '' }]), [], name)
  }
})

test('no leftovers and no forbidden words', () => {
  judge('no leftovers and no forbidden words', bannedWords(readTree()))
})

test('files are named after what they hold', () => {
  judge('files are named after what they hold', badNames(readTree()))
})
