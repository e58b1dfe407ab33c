import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Recorder } from '../testing/recorder.ts'
import { Voice } from './voice.ts'

/** A voice with a listener that remembers, and the topics that are wanted. */
function ground() {
  const wanted = new Set(['t'])
  const errors: unknown[] = []
  const heard = new Recorder()
  const voice = new Voice({
    isWanted: (topic) => wanted.has(topic),
    onListenerError: (error) => errors.push(error),
  })
  voice.open(heard)
  return { wanted, errors, heard, voice }
}

const frame = (text: string) => Buffer.from(text)
const told = ({ log }: Recorder) => log.map((one) => (one.kind === 'frame' ? one.text : 'gap'))

test('a gap and a health are told after the call in which they came up', async () => {
  const { heard, voice } = ground()
  voice.health({ connected: true, detail: '' })
  voice.gap()
  assert.deepEqual([heard.healths.length, heard.gaps.length], [0, 0])
  await Promise.resolve()
  assert.deepEqual([heard.healths.length, heard.gaps.length], [1, 1])
})

test('a frame waits its turn behind what is still to be told', async () => {
  const { heard, voice } = ground()
  voice.frame('t', frame('before'))
  voice.gap('t')
  voice.frame('t', frame('after'))
  assert.deepEqual(told(heard), ['before'])
  await Promise.resolve()
  assert.deepEqual(told(heard), ['before', 'gap', 'after'])
})

test('what a listener brings about while it is called comes after the call', async () => {
  const { heard, voice } = ground()
  heard.onEach = () => {
    heard.onEach = undefined
    voice.gap('t')
    voice.frame('t', frame('second'))
    assert.deepEqual(told(heard), ['first'])
  }
  voice.frame('t', frame('first'))
  await Promise.resolve()
  assert.deepEqual(told(heard), ['first', 'gap', 'second'])
})

test('a frame whose topic is no longer wanted when its turn comes is not told', async () => {
  const { heard, voice, wanted } = ground()
  voice.gap('t')
  voice.frame('t', frame('late'))
  wanted.delete('t')
  await Promise.resolve()
  assert.deepEqual(told(heard), [])
})

test('a listener that throws is heard of, and the next call is made', async () => {
  const { errors, heard, voice } = ground()
  heard.onEach = () => {
    throw new Error('on purpose')
  }
  voice.frame('t', frame('one'))
  voice.gap('t')
  voice.frame('t', frame('two'))
  await Promise.resolve()
  assert.deepEqual(told(heard), ['one', 'gap', 'two'])
  assert.equal(errors.length, 2)
})

test('nothing is said after close', async () => {
  const { heard, voice } = ground()
  voice.gap()
  voice.close()
  voice.frame('t', frame('late'))
  await Promise.resolve()
  assert.deepEqual(heard.log, [])
})
