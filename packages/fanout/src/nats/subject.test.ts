import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkPrefix, subjectOf } from './subject.ts'

/** Any string at all: halves of surrogate pairs, too. */
const topics = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
  .map((units) => String.fromCharCode(...units))

describe('a subject', () => {
  it('is one plain token after the prefix, and no longer than a line of the protocol', () => {
    fc.assert(
      fc.property(topics, (topic) => {
        assert.match(subjectOf('p', topic), /^p\.[\w:%-]{1,1800}$/)
      }),
    )
  })

  it('belongs to one topic alone', () => {
    fc.assert(
      fc.property(topics, topics, (one, other) => {
        assert.equal(subjectOf('p', one) === subjectOf('p', other), one === other)
      }),
    )
    const near = ['', '%', '%25', '%%', '.', '%2e', '*', '>', 'a.b', 'a b', '\ud800', '%ud800', 'é']
    assert.equal(new Set(near.map((topic) => subjectOf('p', topic))).size, near.length)
  })

  it('reads like its topic where that is plain', () => {
    assert.equal(subjectOf('madang', 'channel:12_a-B'), 'madang.channel:12_a-B')
  })
})

describe('a prefix', () => {
  it('is plain tokens', () => {
    for (const fine of ['madang', 'a.b-c.d_1']) assert.equal(checkPrefix(fine), fine)
    for (const wrong of ['', '.', 'a.', '.a', 'a..b', '*', 'a.>', 'a b', '$SYS', '마당']) {
      assert.throws(() => checkPrefix(wrong), TypeError, wrong)
    }
  })
})
