// Imports point one way.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wrongImports } from './layers.ts'
import { readTree } from './tree.ts'
import { judge } from './verdict.ts'

const doors = new Map([
  ['@madang/protocol', ['.', './errors']],
  ['@madang/fanout', ['.', './brokers/*']],
  ['@madang/client', ['.', './react']],
])

/** The objections to one import in one file. */
const objections = (path: string, text: string): string[] =>
  wrongImports([{ path, text }], doors).map((problem) => problem.message)

/** Each row: a file, an import, and what is said about it; nothing when it is allowed. */
const ROWS: readonly (readonly [string, string, RegExp | undefined])[] = [
  ['packages/protocol/src/up.ts', "import { z } from 'zod'", undefined],
  ['packages/protocol/src/up.ts', "import 'node:fs'", /protocol may not import node:fs/],
  ['packages/fanout/src/a.ts', "import type { X } from '@madang/protocol'", /may not import/],
  ['packages/fanout/src/a.ts', "import { X } from './brokers/memory.ts'", /may not import/],
  ['packages/fanout/src/index.ts', "export * from './brokers/memory.ts'", undefined],
  ['packages/fanout/src/brokers/redis.ts', "import { Redis } from 'ioredis'", undefined],
  ['packages/fanout/src/brokers/redis-cluster.ts', "import { Redis } from 'ioredis'", undefined],
  ['packages/fanout/src/redis/connection.ts', "import { Redis } from 'ioredis'", undefined],
  ['packages/fanout/src/testing/redis.ts', "import { Redis } from 'ioredis'", undefined],
  ['packages/fanout/src/testing.ts', "export { X } from './broker.case.ts'", undefined],
  ['packages/fanout/src/index.ts', "export { X } from './broker.case.ts'", /only tests/],
  ['packages/fanout/src/brokers/nats.ts', "import { Redis } from 'ioredis'", /driver/],
  ['packages/fanout/src/brokers/nats.test.ts', "import { Redis } from 'ioredis'", undefined],
  ['packages/client/src/a.ts', "import type { X } from '@madang/protocol'", undefined],
  ['packages/client/src/a.ts', "import { X } from '@madang/protocol'", /write import type/],
  ['packages/client/src/a.ts', "import { X } from '@madang/protocol/errors'", undefined],
  ['packages/client/src/a.ts', "import { X } from '@madang/protocol/up'", /not a public door/],
  ['packages/client/src/a.ts', "import { X } from 'react'", /may not import react/],
  ['packages/client/src/react.ts', "import { X } from 'react'", undefined],
  ['packages/client/src/a.ts', "import { X } from 'node:fs'", /may not import node:fs/],
  ['packages/web/src/a.tsx', "import { X } from '@madang/client/react'", undefined],
  ['packages/web/src/a.tsx', "import type { X } from '@madang/protocol'", undefined],
  ['packages/web/src/a.tsx', "import { X } from '@madang/protocol'", /write import type/],
  ['packages/web/src/a.tsx', "import { X } from '@madang/server'", /not a public door/],
  ['packages/web/src/a.tsx', "import { X } from 'socket.io-client'", /may not import/],
  ['packages/web/src/a.tsx', "import { X } from '../../client/src/a.ts'", /leaves packages\/web/],
  ['packages/server/src/core/a.ts', "import type { S } from '../store/store.ts'", undefined],
  ['packages/server/src/core/a.ts', "import { S } from '../store/store.ts'", /write import type/],
  ['packages/server/src/core/a.ts', "import type { S } from '../store/sqlite.ts'", /may not/],
  ['packages/server/src/core/a.ts', "import { X } from 'socket.io'", /may not import socket.io/],
  ['packages/server/src/core/a.ts', "import { X } from 'node:http'", /may not import node:http/],
  ['packages/server/src/core/a.test.ts', "import { S } from '../store/sqlite.ts'", undefined],
  ['packages/server/src/gateway/a.ts', "import type { S } from '../api/api.ts'", /may not/],
  ['packages/server/src/gateway/a.ts', "import { S } from '../store/sqlite.ts'", /may not/],
  ['packages/server/src/gateway/a.ts', "import { S } from '../core/refusal.ts'", undefined],
  ['packages/server/src/api/a.ts', "export { S } from '../gateway/wire.ts'", /may not/],
  ['packages/server/src/api/a.ts', "import { S } from '../doors/rates.ts'", undefined],
  ['packages/server/src/doors/a.ts', "import type { S } from '../api/api.ts'", /may not/],
  ['packages/server/src/store/a.ts', "import { X } from 'node:sqlite'", /driver/],
  ['packages/server/src/store/sqlite/a.ts', "import { X } from 'node:sqlite'", undefined],
  ['packages/server/src/config.ts', "import { X } from './core/core.ts'", /may not/],
  ['packages/server/src/app.ts', "import { X } from './store/sqlite.ts'", undefined],
  ['packages/server/src/main.ts', "await import('./gateway/wire.ts')", /may not/],
  ['packages/server/src/core/a.ts', "import { X } from './b.test.ts'", /only tests/],
  ['packages/server/src/core/a.case.ts', "import { X } from './b.case.ts'", undefined],
  ['harness/src/a.ts', "import { X } from '../../packages/server/src/app.ts'", /leaves harness/],
  ['harness/src/a.ts', "import { X } from '@madang/server'", /not a public door/],
  [
    'packages/fanout/src/a.test.ts',
    "import { X } from '../../../tests/services/redis.ts'",
    undefined,
  ],
  ['elsewhere/a.ts', "import 'node:fs'", /no zone/],
]

for (const [path, text, expected] of ROWS) {
  test(`${path}: ${text} is ${expected ? 'refused' : 'allowed'}`, () => {
    const found = objections(path, text)
    assert.equal(found.length, expected ? 1 : 0, found.join('\n'))
    if (expected) assert.match(found[0] ?? '', expected)
  })
}

test('imports point one way', () => judge('imports point one way', wrongImports(readTree())))
