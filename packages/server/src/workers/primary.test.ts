import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../log.ts'
import { createFakeClock } from '../testing/clock.ts'
import type { HandEvents } from './fork.ts'
import { WORKER_LIMITS } from './limits.ts'
import { WorkerLink } from './link.ts'
import { Primary } from './primary.ts'
import type { ToPrimary, ToWorker } from './words.ts'

/** A worker process that a test plays, with the real link on its side. */
interface Played {
  readonly id: number
  readonly events: HandEvents
  readonly heard: ToWorker[]
  readonly link: WorkerLink
  isFrozen: boolean
  isKilled: boolean
}

function scene(wanted: number) {
  const clock = createFakeClock()
  const workers: Played[] = []
  const lines: string[] = []
  const primary = new Primary({
    clock,
    random: () => 0,
    wanted,
    log: createLog({
      level: 'info',
      format: 'json',
      sink: { write: (line) => void lines.push(line) },
    }),
    forker: {
      fork(env, events) {
        const id = Number(env.id)
        let hear = (_: unknown) => {}
        const channel = {
          send: (word: ToPrimary) => events.onWord(word),
          on: (_: 'message', listener: (said: unknown) => void) => {
            hear = listener
          },
        }
        const link = new WorkerLink(id, channel, clock)
        const played = { id, events, heard: [], link, isFrozen: false, isKilled: false }
        link.show(async () => ({ type: 'text', body: `x_total ${id}\n# of ${id}\n` }))
        workers.push(played)
        const tell = (word: ToWorker) => {
          const mine: Played = played
          mine.heard.push(word)
          if (!mine.isFrozen) hear(word)
        }
        return { pid: 1, tell, kill: () => Object.assign(played, { isKilled: true }) }
      },
    },
    envOf: (id) => ({ id: String(id) }),
    onUp: (url, count) => void lines.push(`up ${url} ${count}`),
  })
  return { clock, workers, primary, lines }
}

const at = (workers: readonly Played[], id: number): Played =>
  workers.find((one) => one.id === id) ?? assert.fail(`no worker ${id}`)

const PAGE = async () => ({ type: 'text', body: '# TYPE x_total counter\nx_total 7\n' })

test('workers are told how they all are, and the operator where they listen', () => {
  const { primary, workers, lines } = scene(2)
  primary.begin()
  at(workers, 1).link.ready('http://here:1')
  assert.equal(at(workers, 1).link.facts.ready, 1)
  at(workers, 2).link.ready('http://here:1')
  assert.ok(lines.includes('up http://here:1 2'))
  for (const { link } of workers) {
    assert.deepEqual(link.facts, {
      ...{ wanted: 2, starting: 0, ready: 2, leaving: 0 },
      replaced: 0,
      stopping: false,
    })
  }
})

test('one scrape has the pages of all workers, and is not held up by one that hangs or is gone', async () => {
  const { primary, workers, clock } = scene(3)
  primary.begin()
  for (const id of [1, 2, 3]) at(workers, id).link.ready('u')
  for (const worker of workers) worker.link.show(PAGE)
  const asker = at(workers, 1).link
  const whole = (await asker.page(PAGE)).body
  for (const id of [1, 2, 3]) assert.match(whole, new RegExp(`x_total\\{worker="${id}"\\} 7`))

  at(workers, 2).isFrozen = true
  const late = asker.page(PAGE)
  await clock.advance(WORKER_LIMITS.pagesMsMax)
  assert.ok((await late).body.includes('worker="3"'))
  assert.ok(!(await late).body.includes('worker="2"'))

  const cut = asker.page(PAGE)
  await clock.advance(0)
  at(workers, 2).events.onEnded(null)
  assert.ok((await cut).body.includes('worker="3"'))

  at(workers, 1).isFrozen = true
  const alone = asker.page(PAGE)
  await clock.advance(2 * WORKER_LIMITS.pagesMsMax)
  assert.ok((await alone).body.includes('worker="1"'))
})

test('a stop is an order to each, and the end comes after the last of them; no timer is left', async () => {
  const { primary, workers, clock } = scene(2)
  primary.begin()
  for (const id of [1, 2]) at(workers, id).link.ready('u')
  const orders: string[] = []
  for (const { id, link } of workers) link.onLeave((how) => orders.push(`${id} ${how}`))
  const stopped = primary.stop()
  assert.deepEqual(orders, ['1 stop', '2 stop'])
  assert.ok(primary.facts.stopping)
  at(workers, 2).events.onEnded(0)
  await clock.advance(WORKER_LIMITS.leaveMsMax)
  assert.ok(at(workers, 1).isKilled)
  at(workers, 1).events.onEnded(null)
  assert.deepEqual(await stopped, { code: 0 })
  assert.equal(clock.pending, 0)
})

test('a worker that was told to stop by itself leaves while another comes', () => {
  const { primary, workers } = scene(1)
  primary.begin()
  at(workers, 1).link.ready('u')
  const orders: string[] = []
  at(workers, 1).link.onLeave((how) => orders.push(how))
  at(workers, 1).link.told()
  assert.deepEqual(orders, ['retire'])
  assert.equal(workers.length, 2)
})

test('where none can start, the ending says so', async () => {
  const { primary, workers, clock } = scene(2)
  primary.begin()
  for (const id of [1, 2, 3]) {
    at(workers, id).events.onEnded(1)
    await clock.advance(WORKER_LIMITS.retryMsMax)
  }
  const { code, line } = await primary.ended
  assert.equal(code, 1)
  assert.match(line ?? '', /No worker could start/)
  assert.equal(workers.length, 3)
})
