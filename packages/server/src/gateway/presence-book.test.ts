import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Author, Id } from '@madang/protocol'
import fc from 'fast-check'
import { PresenceBook } from './presence-book.ts'

const who = (id: string): Author => ({ id, name: id.toUpperCase() })
const came = (...ids: string[]) => ({ online: ids.map(who), offline: [], whole: false })
const went = (...ids: string[]) => ({ online: [], offline: ids, whole: false })
const whole = (...ids: string[]) => ({ online: ids.map(who), offline: [], whole: true })

describe('a presence book', () => {
  it('tells who came and who went since it last told, and nothing where nothing changed', () => {
    const book = new PresenceBook(10)
    book.heard('n1', came('ann', 'bob'), 0)
    assert.deepEqual(book.untold(), { online: [who('ann'), who('bob')], offline: [], count: 2 })
    assert.equal(book.untold(), undefined)
    book.heard('n1', went('ann'), 0)
    book.heard('n1', came('ann'), 0)
    assert.equal(book.untold(), undefined)
    book.heard('n1', went('bob', 'nobody'), 0)
    assert.deepEqual(book.untold(), { online: [], offline: ['bob'], count: 1 })
  })

  it('has a person online as long as one node has them', () => {
    const book = new PresenceBook(10)
    book.heard('n1', came('ann'), 0)
    book.heard('n2', came('ann', 'bob'), 0)
    book.untold()
    book.heard('n1', went('ann'), 0)
    assert.equal(book.untold(), undefined)
    book.heard('n2', whole('bob'), 0)
    assert.deepEqual(book.untold(), { online: [], offline: ['ann'], count: 1 })
  })

  it('forgets a node that is silent, but not its own', () => {
    const book = new PresenceBook(10)
    book.heard('n1', came('ann'), 0)
    book.heard('n2', came('bob'), 5)
    book.heard('n3', came('cyd'), 9)
    book.forgetBefore(9, 'n1')
    assert.deepEqual(book.whole(), { online: [who('ann'), who('cyd')], count: 2 })
    assert.equal(book.nodes, 2)
  })

  it('tells counts only above its limit, and everybody again below it', () => {
    const book = new PresenceBook(2)
    book.heard('n1', came('ann', 'bob'), 0)
    book.untold()
    book.heard('n1', came('cyd'), 0)
    assert.deepEqual(book.untold(), { online: [], offline: [], count: 3 })
    assert.equal(book.untold(), undefined)
    assert.deepEqual(book.whole(), { online: [], count: 3 })
    book.heard('n1', went('ann'), 0)
    const told = book.untold()
    assert.deepEqual(told, { online: [who('bob'), who('cyd')], offline: ['ann'], count: 2 })
  })

  it('leads a reader who was told everything to who is online', () => {
    const ids = fc.uniqueArray(fc.constantFrom<Id[]>('a', 'b', 'c', 'd', 'e'))
    const step = fc.record({
      node: fc.constantFrom('n1', 'n2', 'n3'),
      online: ids,
      offline: ids,
      whole: fc.boolean(),
      tell: fc.boolean(),
      silent: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(4), (steps, peopleMax) => {
        const book = new PresenceBook(peopleMax)
        const nodes = new Map<string, Set<Id>>()
        const reader = new Set<Id>()
        steps.forEach(({ node, online, offline, whole, tell, silent }, now) => {
          const kept = whole
            ? []
            : [...(nodes.get(node) ?? [])].filter((id) => !offline.includes(id))
          nodes.set(node, new Set([...kept, ...online]))
          book.heard(node, { online: online.map(who), offline, whole }, now)
          if (silent) {
            book.forgetBefore(now, 'n1')
            for (const each of nodes.keys()) if (each !== 'n1' && each !== node) nodes.delete(each)
          }
          const everybody = new Set([...nodes.values()].flatMap((each) => [...each]))
          assert.equal(book.count, everybody.size)
          const told = tell ? book.untold() : undefined
          if (!told) return
          for (const { id } of told.online) reader.add(id)
          for (const id of told.offline) reader.delete(id)
          assert.equal(told.count, everybody.size)
          if (everybody.size <= peopleMax) assert.deepEqual(reader, everybody)
        })
      }),
    )
  })
})
