import assert from 'node:assert/strict'
import { it } from 'node:test'
import { cookieValue } from './cookies.ts'

it('the cookie of that very name is found', () => {
  assert.equal(cookieValue('a=1; session=x.y=; b=2', 'session'), 'x.y=')
  assert.equal(cookieValue('session=1; session=2', 'session'), '1')
  for (const header of [undefined, '', 'session', 'session=', 'xsession=1', 'a=session=1', ';;;']) {
    assert.equal(cookieValue(header, 'session'), undefined)
  }
})
