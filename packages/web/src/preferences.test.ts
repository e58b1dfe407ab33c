import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryShelf } from './keep.case.ts'
import { createKeep } from './keep.ts'
import { createPreferences, pickLanguage } from './preferences.ts'

test('the first language that the browser names and we speak is taken', () => {
  assert.equal(pickLanguage(['fr-FR', 'ko-KR', 'en']), 'ko')
  assert.equal(pickLanguage(['en-GB', 'ko']), 'en')
  assert.equal(pickLanguage(['fr', 'kok']), 'en')
  assert.equal(pickLanguage([]), 'en')
})

test('what a person chose survives a reload and wins over the browser', () => {
  const shelf = memoryShelf()
  const keep = createKeep(() => shelf)
  createPreferences(keep, ['en']).change({ language: 'ko', theme: 'dark' })
  assert.deepEqual(createPreferences(keep, ['en']).snapshot(), { language: 'ko', theme: 'dark' })
})

test('a stored choice that nobody knows is no choice', () => {
  const shelf = memoryShelf()
  const keep = createKeep(() => shelf)
  keep.set('language', 'tlh')
  keep.set('theme', 'pink')
  assert.deepEqual(createPreferences(keep, ['ko']).snapshot(), { language: 'ko', theme: 'system' })
})
