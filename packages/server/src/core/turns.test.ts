import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from './refusal.ts'
import { Turns } from './turns.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Work that notes when it begins, and ends when the test says so. */
function works() {
  const begun: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const work = (name: string) => (): Promise<string> => {
    begun.push(name)
    return new Promise((resolve, reject) => {
      ends.set(name, (error) => (error ? reject(error) : resolve(name)))
    })
  }
  return { begun, work, end: (name: string, error?: Error) => ends.get(name)?.(error) }
}

test('work under one key is done one after another, in the order it was asked for', async () => {
  const { begun, work, end } = works()
  const turns = new Turns(10)
  const all = ['a', 'b', 'c'].map((name) => turns.take(['x'], work(name)))
  for (const name of ['a', 'b', 'c']) {
    await turn()
    assert.equal(begun.at(-1), name)
    end(name)
  }
  assert.deepEqual(await Promise.all(all), ['a', 'b', 'c'])
})

test('work under different keys, or none, does not wait', async () => {
  const { begun, work } = works()
  const turns = new Turns(10)
  void turns.take(['x'], work('a'))
  void turns.take(['y'], work('b'))
  void turns.take([], work('c'))
  await turn()
  assert.deepEqual([...begun].sort(), ['a', 'b', 'c'])
})

test('work under two keys waits for both', async () => {
  const { begun, work, end } = works()
  const turns = new Turns(10)
  void turns.take(['x'], work('a'))
  void turns.take(['y'], work('b'))
  const both = turns.take(['x', 'y'], work('c'))
  end('a')
  await turn()
  assert.deepEqual(begun, ['a', 'b'])
  await turn()
  end('a')
  await turn()
  assert.deepEqual(begun, ['a', 'b'])
  end('b')
  await turn()
  assert.deepEqual(begun, ['a', 'b', 'c'])
  end('c')
  assert.equal(await both, 'c')
})

test('work that fails tells its own caller, and the next goes on', async () => {
  const { work, end } = works()
  const turns = new Turns(10)
  const failing = turns.take(['x'], work('a'))
  const next = turns.take(['x'], work('b'))
  await turn()
  end('a', new Error('broken'))
  await assert.rejects(failing, /broken/)
  await turn()
  end('b')
  assert.equal(await next, 'b')
})

test('a turn past the bound is refused as busy', async () => {
  const { work, end } = works()
  const turns = new Turns(2)
  const taken = [turns.take(['x'], work('a')), turns.take(['x'], work('b'))]
  await assert.rejects(
    turns.take(['x'], work('c')),
    (error) => error instanceof Refusal && error.body.code === 'busy',
  )
  await turn()
  end('a')
  await turn()
  end('b')
  await Promise.all(taken)
  assert.equal(turns.size, 0)
})
