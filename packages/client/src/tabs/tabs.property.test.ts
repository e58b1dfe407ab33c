import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BrowserWorld } from '../testing/browser-world.ts'

type Move =
  | { readonly kind: 'send' | 'close' | 'crash' | 'freeze' | 'wake'; readonly tab: number }
  | { readonly kind: 'open' | 'killHost' | 'freezeHost' | 'lose' | 'keep' | 'cut' }
  | { readonly kind: 'pass'; readonly ms: number }

const tab = fc.nat(9)
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send' as const), tab }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('close' as const, 'crash', 'freeze', 'wake', 'wake'),
      tab,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'open' as const,
        'open',
        'killHost',
        'freezeHost',
        'lose',
        'keep',
        'cut',
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(0, 1, 7, 40, 500, 3_000, 20_000),
    }),
  },
)

const STUCK_MS = 8_000

class Story {
  readonly world: BrowserWorld
  /** What was sent in a tab that lived on. */
  readonly met = { sends: 0, handovers: 0, freezes: 0 }
  #sent: { readonly text: string; readonly realm: string }[] = []

  constructor(mode: 'worker' | 'leader', seed: number) {
    let state = seed
    this.world = new BrowserWorld(mode, () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31
      return state / 2 ** 31
    })
  }

  async make(next: Move): Promise<void> {
    const { world } = this
    const at = 'tab' in next ? world.tabs[next.tab % Math.max(1, world.tabs.length)] : undefined
    switch (next.kind) {
      case 'open':
        if (world.tabs.length < 10) world.openTab()
        break
      case 'send':
        if (at?.realm.state !== 'awake') break
        this.met.sends += 1
        this.#sent.push({ text: `m${this.met.sends}`, realm: at.realm.name })
        at.channel.send(`m${this.met.sends}`)
        break
      case 'close':
        if (at) world.close(at)
        break
      case 'crash':
        if (at) world.kill(at.realm)
        break
      case 'freeze':
        if (at?.realm.state === 'awake') at.realm.state = 'frozen'
        break
      case 'wake':
        at?.realm.wake()
        break
      case 'killHost':
        this.met.handovers += 1
        if (world.mode === 'worker') world.killWorker()
        else if (world.leader()) world.kill((world.leader() ?? world.openTab()).realm)
        break
      case 'freezeHost': {
        const realm = world.mode === 'worker' ? world.worker?.realm : world.leader()?.realm
        if (realm?.state !== 'awake') break
        this.met.freezes += 1
        realm.state = 'frozen'
        // Browsers freeze no workers: one may be stuck, for less time than tabs give it to start.
        if (world.mode === 'worker') world.clock.after(STUCK_MS, () => realm.wake())
        break
      }
      case 'lose':
      case 'keep':
        world.losing = next.kind === 'lose'
        break
      case 'cut':
        world.connections.at(-1)?.break()
        break
      case 'pass':
        await world.clock.pass(next.ms)
    }
    await world.clock.pass(0)
    for (const { channel } of world.tabs) {
      const keys = channel.snapshot().items.map((item) => item.key)
      assert.equal(new Set(keys).size, keys.length, 'nothing is shown twice, not for a moment')
    }
  }

  /** All calms down: everybody wakes, and time passes. */
  async settle(): Promise<void> {
    const { world } = this
    world.losing = false
    world.worker?.realm.wake()
    for (const one of world.tabs) one.realm.wake()
    if (world.tabs.length === 0) world.openTab()
    await world.clock.pass(120_000)
  }

  check(): void {
    const { world } = this
    const stored = world.log.messages().map((one) => one.text)
    assert.equal(new Set(stored).size, stored.length, 'nothing is stored twice')
    const alive = new Set(world.tabs.map((one) => one.realm.name))
    for (const { text, realm } of this.#sent) {
      if (alive.has(realm)) assert.ok(stored.includes(text as string), `${text} is stored`)
    }
    for (const { channel } of world.tabs) {
      const { items, loaded } = channel.snapshot()
      assert.ok(loaded || stored.length === 0)
      assert.deepEqual(
        items.map((item) => (item.kind === 'message' ? [item.state, item.text] : item.kind)),
        stored.map((text) => ['sent', text]),
        'every tab shows what is stored, once, in order',
      )
    }
    assert.equal(world.connections.length, 1, 'one connection')
    assert.deepEqual(world.stray, [], 'whoever has lost the lead says nothing')
  }
}

for (const mode of ['worker', 'leader'] as const) {
  test(`whatever becomes of tabs and of the ${mode}, all tabs show one log, and nothing is lost or doubled`, async () => {
    const met = { sends: 0, handovers: 0, freezes: 0 }
    let runs = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { minLength: 5, maxLength: 40, size: 'max' }),
        fc.nat(1_000_000),
        async (moves, seed) => {
          const story = new Story(mode, seed)
          story.world.openTab()
          story.world.openTab()
          for (const next of moves) await story.make(next)
          await story.settle()
          story.check()
          for (const name of Object.keys(met) as (keyof typeof met)[]) met[name] += story.met[name]
          await story.world.end()
          runs += 1
        },
      ),
      { numRuns: 400, interruptAfterTimeLimit: 20_000, endOnFailure: true },
    )
    // A machine that is busy has had time for fewer.
    for (const [name, times] of Object.entries(met))
      assert.ok(times > runs / 20, `${name}: ${times} in ${runs} runs`)
  })
}
