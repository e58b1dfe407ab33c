import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Machine, type Step } from './machine.ts'
import { FakeClock } from './testing/fake-environment.ts'

interface State {
  readonly seen: readonly string[]
  readonly timerAt: number | undefined
}

/** Remembers its inputs; `wake:<at>` sets the timer, `echo` performs an effect. */
function step(state: State, input: string): Step<State, string> {
  const seen = [...state.seen, input]
  if (input.startsWith('wake:')) return [{ seen, timerAt: Number(input.slice(5)) }, []]
  if (input === 'timer') return [{ seen, timerAt: undefined }, []]
  return [{ ...state, seen }, input === 'echo' ? ['one', 'two'] : []]
}

function machine(clock: FakeClock, perform: (effect: string) => void = () => {}) {
  return new Machine<State, string, string>({
    initial: { seen: [], timerAt: undefined },
    step,
    timer: 'timer',
    clock,
    dice: () => 0,
    perform,
  })
}

test('inputs that arrive while effects are performed are taken after them, in order', () => {
  const done: string[] = []
  const one: Machine<State, string, string> = machine(new FakeClock(), (effect) => {
    one.dispatch(`${effect} done`)
    done.push(`${effect}: ${one.state.seen.join()}`)
  })
  one.dispatch('echo')
  assert.deepEqual(done, ['one: echo', 'two: echo'])
  assert.deepEqual(one.state.seen, ['echo', 'one done', 'two done'])
})

test('the timer follows the state: set, moved, let go', async () => {
  const clock = new FakeClock()
  const one = machine(clock)
  one.dispatch(`wake:${clock.now() + 100}`)
  one.dispatch(`wake:${clock.now() + 50}`)
  assert.equal(clock.timers, 1)
  await clock.pass(50)
  assert.equal(one.state.seen.at(-1), 'timer')
  assert.equal(clock.timers, 0)
  await clock.pass(1_000)
  assert.equal(one.state.seen.filter((input) => input === 'timer').length, 1)
})

test('a moment that has passed already is woken at once', async () => {
  const clock = new FakeClock()
  const one = machine(clock)
  one.dispatch('wake:1')
  await clock.pass(0)
  assert.equal(one.state.seen.at(-1), 'timer')
})
