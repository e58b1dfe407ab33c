import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))
const PROTOCOL = resolve(HERE, '../../protocol')

/** Every import that is left when the types are gone, by the file that has it. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  const found = text.matchAll(
    /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm,
  )
  return [...found].map((match) => match[1] ?? '')
}

function fileOf(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return resolve(dirname(from), specifier)
  if (!specifier.startsWith('@madang/protocol')) return undefined
  const exports: Record<string, string> = JSON.parse(
    readFileSync(resolve(PROTOCOL, 'package.json'), 'utf8'),
  ).exports
  return resolve(PROTOCOL, exports[`.${specifier.slice('@madang/protocol'.length)}`] ?? 'missing')
}

/** All packages and files that a door leads to. */
function walk(door: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const queue = [resolve(HERE, door)]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (files.has(path)) continue
    assert.ok(existsSync(path), path)
    files.add(path)
    for (const specifier of importsOf(path)) {
      const file = fileOf(specifier, path)
      if (file === undefined) packages.add(specifier)
      else queue.push(file)
    }
  }
  return { files, packages }
}

test('a browser that takes the client gets Socket.IO’s client, and no validator', () => {
  const { files, packages } = walk('index.ts')
  assert.deepEqual([...packages], ['socket.io-client'])
  assert.ok(files.has(resolve(HERE, 'client.ts')), 'the walk has come to the client')
  assert.ok(
    files.has(resolve(PROTOCOL, 'src/client-limits.ts')),
    'the walk has come to the protocol',
  )
})

test('the hooks bring React and nothing else', () => {
  assert.deepEqual([...walk('react.ts').packages], ['react'])
})

test('tabs bring what the client brings, and the worker no more than that', () => {
  assert.deepEqual([...walk('tabs/index.ts').packages], ['socket.io-client'])
  assert.deepEqual([...walk('tabs/worker.ts').packages], [])
})

test('nothing but limits and version is taken from the protocol', () => {
  const taken = [...walk('index.ts').files].filter((path) => path.startsWith(PROTOCOL))
  assert.deepEqual(taken.map((path) => path.slice(PROTOCOL.length)).sort(), [
    '/src/client-limits.ts',
    '/src/version.ts',
  ])
})

test('client.ts stays short', () => {
  const lines = readFileSync(resolve(HERE, 'client.ts'), 'utf8').split('\n').length
  assert.ok(lines <= 300, `${lines} lines`)
})
