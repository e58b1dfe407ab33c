import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ERRORS } from '@madang/protocol'
import { isFatal, isTransient, toStoreError } from './failure.ts'

const said = (code: string) => Object.assign(new Error('x'), { code, severity: 'ERROR' })
const lost = (message: string, code?: string) =>
  Object.assign(new Error(message), code === undefined ? {} : { code })

/** Error → code, and what becomes of the connection that said it. */
const cases: readonly (readonly [Error, string, 'kept' | 'given up'])[] = [
  [said('08006'), 'unavailable', 'given up'],
  [said('23505'), 'conflict', 'kept'],
  [said('23503'), 'conflict', 'kept'],
  [said('25006'), 'unavailable', 'given up'],
  [said('28P01'), 'unavailable', 'kept'],
  [said('40P01'), 'busy', 'kept'],
  [said('40001'), 'busy', 'kept'],
  [said('53100'), 'unavailable', 'kept'],
  [said('53300'), 'busy', 'kept'],
  [said('55P03'), 'busy', 'kept'],
  [said('57014'), 'busy', 'kept'],
  [said('57P01'), 'unavailable', 'given up'],
  [said('57P03'), 'unavailable', 'given up'],
  [said('58030'), 'unavailable', 'given up'],
  [said('22021'), 'invalid', 'kept'],
  [said('42P01'), 'internal', 'kept'],
  [lost('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'), 'unavailable', 'given up'],
  [lost('read ECONNRESET', 'ECONNRESET'), 'unavailable', 'given up'],
  [lost('write EPIPE', 'EPIPE'), 'unavailable', 'given up'],
  [lost('getaddrinfo EAI_AGAIN db', 'EAI_AGAIN'), 'unavailable', 'given up'],
  [lost('Connection terminated unexpectedly'), 'unavailable', 'given up'],
  [lost('Connection terminated due to connection timeout'), 'unavailable', 'given up'],
  [lost('Query read timeout'), 'unavailable', 'given up'],
  [lost('timeout exceeded when trying to connect'), 'busy', 'given up'],
  [lost('Client was closed and is not queryable'), 'unavailable', 'given up'],
  [lost('SASL: client password must be a string'), 'unavailable', 'given up'],
  [lost('self-signed certificate', 'SELF_SIGNED_CERT'), 'unavailable', 'given up'],
  [
    new AggregateError([lost('connect ECONNREFUSED ::1:1', 'ECONNREFUSED')]),
    'unavailable',
    'given up',
  ],
  [new TypeError('a fault of ours'), 'internal', 'given up'],
]

for (const [error, code, connection] of cases) {
  const name = 'code' in error ? `${error.code} ${error.message}` : error.message
  test(`${name} is ${code}, and its connection ${connection}`, () => {
    const told = toStoreError(error)
    assert.equal(told.code, code)
    assert.equal(told.cause, error)
    assert.equal(isFatal(error), connection === 'given up')
    assert.doesNotMatch(told.message, /\n/)
    if (code === 'busy' || code === 'unavailable') assert.equal(ERRORS[told.code].retry, 'later')
  })
}

test('only what others got in the way of is worth the same again at once', () => {
  assert.deepEqual(
    cases.filter(([error]) => isTransient(error)).map(([error]) => 'code' in error && error.code),
    ['40P01', '40001'],
  )
})
