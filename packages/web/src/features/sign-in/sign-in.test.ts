import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '@madang/client'
import type { CallName } from '../../rest.ts'
import { comeIn, MODES, problemsOf } from './sign-in.ts'

const GOOD = { name: 'Mina', login: 'mina', password: 'persimmon' }

test('what is filled in well has no problem, in every mode', () => {
  for (const mode of MODES) assert.deepEqual(problemsOf(mode, GOOD), {}, mode)
})

test('only the fields of the mode are looked at', () => {
  const empty = { name: '', login: '', password: '' }
  assert.deepEqual(Object.keys(problemsOf('guest', empty)), ['name'])
  assert.deepEqual(Object.keys(problemsOf('session', empty)), ['login', 'password'])
  assert.deepEqual(Object.keys(problemsOf('account', empty)), ['name', 'login', 'password'])
})

test('each problem says what is wrong', () => {
  const problems = (over: Partial<typeof GOOD>) => problemsOf('account', { ...GOOD, ...over })
  assert.deepEqual(problems({ name: '   ' }), { name: { kind: 'empty' } })
  assert.deepEqual(problems({ name: 'x'.repeat(LIMITS.nameCharsMax + 1) }), {
    name: { kind: 'tooLong', max: LIMITS.nameCharsMax },
  })
  assert.deepEqual(problems({ login: 'Mina!' }), { login: { kind: 'loginShape' } })
  assert.deepEqual(problems({ password: 'short' }), {
    password: { kind: 'tooShort', min: LIMITS.passwordCharsMin },
  })
})

test('an old short password still signs in', () => {
  assert.deepEqual(problemsOf('session', { ...GOOD, password: 'short' }), {})
})

test('each mode is its own call, and a name is sent without space at its ends', async () => {
  const calls: [CallName, unknown][] = []
  const rest = {
    call: (name: CallName, input: unknown) => {
      calls.push([name, input])
      return Promise.resolve({
        ok: false as const,
        error: { code: 'busy' as const, text: '', retry: 'later' as const },
      })
    },
  }
  for (const mode of MODES) await comeIn(rest, mode, { ...GOOD, name: ' Mina ' })
  const { login, password } = GOOD
  assert.deepEqual(calls, [
    ['createGuest', { body: { name: 'Mina' } }],
    ['createSession', { body: { login, password } }],
    ['createAccount', { body: { login, password, name: 'Mina' } }],
  ])
})
