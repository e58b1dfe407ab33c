/** What holds of every pair of catalogues. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

type Entry = readonly [path: string, said: unknown]

export function entriesOf(catalogue: object, path = ''): readonly Entry[] {
  return Object.entries(catalogue).flatMap(([name, said]): readonly Entry[] =>
    typeof said === 'object' && said !== null
      ? entriesOf(said, `${path}${name}.`)
      : [[path + name, said]],
  )
}

/** `same`: what may be said in the same words in both. */
export function testCatalogues(en: object, ko: object, same: readonly string[] = []): void {
  test('Korean says everything that English says', () => {
    const paths = (catalogue: object) => entriesOf(catalogue).map(([path]) => path)
    assert.deepEqual(paths(ko).sort(), paths(en).sort())
  })

  test('no entry is empty, and Korean entries are Korean', () => {
    const english = new Map(entriesOf(en))
    for (const [path, said] of entriesOf(ko)) {
      if (typeof said !== 'string') continue
      assert.match(said, /[가-힣]/, path)
      assert.ok(same.includes(path) || said !== english.get(path), path)
    }
    for (const [path, said] of english) assert.notEqual(said, '', path)
  })
}
