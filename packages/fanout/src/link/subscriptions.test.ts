import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { settle } from '../testing/fake-clock.ts'
import type { Command } from './subscription.ts'
import { Subscriptions } from './subscriptions.ts'

interface Sent {
  readonly command: Command
  readonly topic: string
  answer(): void
  refuse(): void
}

/** A machine whose commands the test answers. */
function machine() {
  const sent: Sent[] = []
  const joined: string[] = []
  const left: string[] = []
  const refused: string[] = []
  const subscriptions = new Subscriptions({
    send: (command, topic) =>
      new Promise((resolve, reject) => {
        sent.push({ command, topic, answer: resolve, refuse: () => reject(new Error('no')) })
      }),
    onJoined: (topic) => joined.push(topic),
    onLeft: (topic) => left.push(topic),
    onRefused: (topic, command) => refused.push(`${command} ${topic}`),
    now: () => sent.length,
  })
  return { subscriptions, sent, joined, left, refused }
}

const commands = (sent: readonly Sent[]) => sent.map(({ command }) => command)

test('a topic that leaves and comes back before the answer is asked for again after it', async () => {
  const { subscriptions, sent, joined } = machine()
  subscriptions.linked()
  subscriptions.want('t')
  sent[0]?.answer()
  await settle()
  subscriptions.unwant('t')
  subscriptions.want('t')
  assert.deepEqual(commands(sent), ['join', 'leave'])
  sent[1]?.answer()
  await settle()
  assert.deepEqual(commands(sent), ['join', 'leave', 'join'])
  assert.equal(subscriptions.isJoined('t'), false)
  sent[2]?.answer()
  await settle()
  assert.deepEqual(joined, ['t', 't'])
  assert.equal(subscriptions.isJoined('t'), true)
})

test('what is wanted while there is no connection is sent when there is one', async () => {
  const { subscriptions, sent } = machine()
  subscriptions.want('stays')
  subscriptions.want('goes')
  subscriptions.unwant('goes')
  assert.deepEqual(sent, [])
  subscriptions.linked()
  assert.deepEqual(
    sent.map(({ topic }) => topic),
    ['stays'],
  )
})

test('the answer of an older connection counts for nothing', async () => {
  const { subscriptions, sent, joined } = machine()
  subscriptions.linked()
  subscriptions.want('t')
  subscriptions.linked()
  assert.deepEqual(commands(sent), ['join', 'join'])
  sent[0]?.answer()
  await settle()
  assert.deepEqual(joined, [])
  sent[1]?.answer()
  await settle()
  assert.deepEqual(joined, ['t'])
})

test('a refused command rests until it is asked for again', async () => {
  const { subscriptions, sent, refused } = machine()
  subscriptions.linked()
  subscriptions.want('t')
  sent[0]?.refuse()
  await settle()
  assert.deepEqual(refused, ['join t'])
  assert.equal(sent.length, 1)
  assert.equal(subscriptions.heldCount, 0)
  subscriptions.retry()
  assert.equal(sent.length, 2)
})

test('a topic that the server drops is joined again', async () => {
  const { subscriptions, sent } = machine()
  subscriptions.linked()
  subscriptions.want('t')
  sent[0]?.answer()
  await settle()
  subscriptions.dropped('t')
  assert.deepEqual(commands(sent), ['join', 'join'])
  assert.equal(subscriptions.heldCount, 1)
})

test('what is neither wanted nor held leaves nothing behind', async () => {
  const { subscriptions, sent, left } = machine()
  subscriptions.linked()
  for (let i = 0; i < 100; i++) subscriptions.want(`${i}`)
  for (const one of sent) one.answer()
  await settle()
  for (let i = 0; i < 100; i++) subscriptions.unwant(`${i}`)
  for (const one of sent) one.answer()
  await settle()
  assert.equal(subscriptions.size, 0)
  assert.equal(left.length, 100)
  assert.equal(subscriptions.askedSince, undefined)
})

/** What may happen, each with a number that says to whom. */
const happening = fc.tuple(
  fc.constantFrom('want', 'unwant', 'answer', 'refuse', 'drop', 'lose', 'link', 'retry'),
  fc.nat({ max: 3 }),
)

test('whatever happens, in the end the server holds what is wanted and knows of nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (happenings) => {
      const server = new ModelServer()
      for (const [what, which] of happenings) await server.happen(what, `${which}`)
      await server.calmDown()
      server.check()
    }),
    { numRuns: 300 },
  )
})

/** A server that carries out commands in their order, and answers each when the test says so. */
class ModelServer {
  readonly subscriptions: Subscriptions
  readonly #wanted = new Set<string>()
  #held = new Set<string>()
  #waiting: { readonly command: Command; readonly topic: string; answer(isOk: boolean): void }[] =
    []
  #isLinked = false

  constructor() {
    this.subscriptions = new Subscriptions({
      send: (command, topic) => this.#receive(command, topic),
      onJoined() {},
      now: () => 0,
    })
  }

  async happen(what: string, topic: string): Promise<void> {
    if (what === 'want') this.#want(topic)
    if (what === 'unwant') this.#unwant(topic)
    if (what === 'answer') this.#waiting.shift()?.answer(true)
    if (what === 'refuse') this.#waiting.shift()?.answer(false)
    // The word of it overtakes no answer: it is said where no command is on its way.
    if (what === 'drop' && this.#waiting.length === 0 && this.#held.delete(topic)) {
      this.subscriptions.dropped(topic)
    }
    if (what === 'lose' && this.#isLinked) this.#lose()
    if (what === 'link' && !this.#isLinked) this.#link()
    if (what === 'retry') this.subscriptions.retry()
    await Promise.resolve()
    await Promise.resolve()
    assert.ok(
      new Set(this.#waiting.map((one) => one.topic)).size === this.#waiting.length,
      'two commands of one topic are under way',
    )
  }

  async calmDown(): Promise<void> {
    if (!this.#isLinked) this.#link()
    for (let i = 0; i < 20; i++) {
      while (this.#waiting.length > 0) await this.happen('answer', '')
      await this.happen('retry', '')
    }
  }

  check(): void {
    assert.deepEqual([...this.#held].sort(), [...this.#wanted].sort())
    assert.equal(this.subscriptions.size, this.#wanted.size)
    assert.equal(this.subscriptions.heldCount, this.#wanted.size)
    for (const topic of this.#wanted) assert.equal(this.subscriptions.isJoined(topic), true)
  }

  #want(topic: string): void {
    this.#wanted.add(topic)
    this.subscriptions.want(topic)
  }

  #unwant(topic: string): void {
    this.#wanted.delete(topic)
    this.subscriptions.unwant(topic)
  }

  #receive(command: Command, topic: string): Promise<void> {
    const held = this.#held
    return new Promise((resolve, reject) => {
      const answer = (isOk: boolean) => {
        if (!isOk) {
          reject(new Error('refused'))
          return
        }
        if (command === 'join') held.add(topic)
        else held.delete(topic)
        resolve()
      }
      this.#waiting.push({ command, topic, answer })
    })
  }

  /** The connection ends; answers that were on their way still come, and have to be ignored. */
  #lose(): void {
    this.#isLinked = false
    this.#held = new Set()
    const late = this.#waiting
    this.#waiting = []
    this.subscriptions.lost()
    for (const { answer } of late) answer(true)
  }

  #link(): void {
    this.#isLinked = true
    this.subscriptions.linked()
  }
}
