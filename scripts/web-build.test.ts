// The web app is built when what goes into it has changed, and only then.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { hashOf, webState } from './web-build.ts'

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'madang-web-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

test('the hash follows names and contents, not times and not tests', () => {
  const root = tree({ 'src/a.ts': 'a', 'src/deep/b.css': 'b', 'src/a.test.ts': 't' })
  try {
    const hash = (): string => hashOf(root, ['src/**/*'])
    const before = hash()
    utimesSync(join(root, 'src/a.ts'), 1, 1)
    writeFileSync(join(root, 'src/a.test.ts'), 'another test')
    assert.equal(hash(), before)
    writeFileSync(join(root, 'src/deep/b.css'), 'c')
    const changed = hash()
    assert.notEqual(changed, before)
    rmSync(join(root, 'src/deep/b.css'))
    assert.notEqual(hash(), changed)
  } finally {
    rmSync(root, { recursive: true })
  }
})

test('a tree without sources has what was built, or nothing', () => {
  const built = tree({ 'packages/web/dist/index.html': '' })
  const empty = tree({})
  const unbuilt = tree({ 'packages/web/index.html': '' })
  try {
    assert.equal(webState(built), 'fresh')
    assert.equal(webState(empty), 'absent')
    assert.equal(webState(unbuilt), 'stale')
  } finally {
    for (const root of [built, empty, unbuilt]) rmSync(root, { recursive: true })
  }
})

test('a build is stale when a source changes, and fresh again when the change is taken back', () => {
  const root = tree({ 'packages/web/index.html': 'a', 'packages/web/src/main.tsx': 'b' })
  try {
    const sources = ['packages/web/*.{html,json,ts}', 'packages/web/{src,public}/**/*']
    mkdirSync(join(root, 'packages/web/dist'))
    writeFileSync(join(root, 'packages/web/dist/index.html'), '')
    writeFileSync(join(root, 'packages/web/dist/sources.sha256'), hashOf(root, sources))
    assert.equal(webState(root), 'fresh')
    writeFileSync(join(root, 'packages/web/src/main.tsx'), 'c')
    assert.equal(webState(root), 'stale')
    writeFileSync(join(root, 'packages/web/src/main.tsx'), 'b')
    assert.equal(webState(root), 'fresh')
  } finally {
    rmSync(root, { recursive: true })
  }
})
