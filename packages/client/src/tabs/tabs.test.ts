import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOUNDS } from '../bounds.ts'
import { type BrowserTab, BrowserWorld } from '../testing/browser-world.ts'
import { SMALL } from '../testing/timeline-reader.ts'
import { TAB_BOUNDS } from './bounds.ts'

const MODES = ['worker', 'leader'] as const

async function browser(
  mode: (typeof MODES)[number],
  count: number,
): Promise<{ world: BrowserWorld; tabs: readonly BrowserTab[] }> {
  const world = new BrowserWorld(mode, () => 0.3)
  const tabs: BrowserTab[] = []
  while (tabs.length < count) {
    tabs.push(world.openTab())
    await world.clock.pass(100)
  }
  return { world, tabs }
}

function at(tabs: readonly BrowserTab[], index: number): BrowserTab {
  const tab = tabs[index]
  assert.ok(tab)
  return tab
}

const shown = (tab: BrowserTab): readonly string[] =>
  tab.channel
    .snapshot()
    .items.map((item) => (item.kind === 'message' ? `${item.state} ${item.text}` : item.kind))

for (const mode of MODES) {
  test(`ten tabs of a ${mode} are one connection, and one who sends is seen by all`, async () => {
    const { world, tabs } = await browser(mode, 10)
    assert.equal(world.server.connections.length, 1)
    at(tabs, 2).channel.send('hello')
    assert.deepEqual(shown(at(tabs, 2)), ['pending hello'], 'at once where it is sent')
    await world.clock.pass(100)
    for (const tab of tabs) assert.deepEqual(shown(tab), ['sent hello'])
    await world.end()
  })

  test(`a tab of a ${mode} opens with what the others see, without asking the server`, async () => {
    const { world, tabs } = await browser(mode, 1)
    at(tabs, 0).channel.send('hello')
    await world.clock.pass(100)
    world.losing = true
    const late = world.openTab()
    await world.clock.pass(0)
    assert.deepEqual(shown(late), ['sent hello'])
    assert.equal(late.client.session.snapshot().connection.status, 'online')
    await world.end()
  })

  test(`whoever signs out in one tab of a ${mode} signs out in all, and leaves nothing to see`, async () => {
    const { world, tabs } = await browser(mode, 3)
    at(tabs, 0).channel.send('private')
    await world.clock.pass(100)
    await Promise.all([at(tabs, 1).client.forget(), world.clock.pass(1_000)])
    for (const tab of [at(tabs, 0), at(tabs, 2)]) {
      const { connection, person } = tab.client.session.snapshot()
      assert.equal(connection.status, 'refused')
      assert.equal(connection.error?.code, 'session_expired')
      assert.equal(person, undefined)
      assert.deepEqual(shown(tab), [])
    }
    assert.equal(world.connections.length, 0)
    await world.end()
  })

  test(`a tab of a ${mode} that reads far back says so, reads on, and another that looks at the end gets it`, async () => {
    const roomy = { ...BOUNDS }
    Object.assign(BOUNDS, SMALL)
    try {
      const { world, tabs } = await browser(mode, 2)
      const [far, near] = [at(tabs, 0).channel, at(tabs, 1).channel]
      const seqs = (): number[] => far.snapshot().items.map(({ seq }) => seq ?? 0)
      const load = (page: () => Promise<void>) => Promise.all([page(), world.clock.pass(100)])
      for (let sent = 0; sent < 30; sent += 1) {
        near.send(`${sent}`)
        await world.clock.pass(100)
      }
      for (let pages = 0; (seqs().at(-1) ?? 0) > 20; pages += 1) {
        assert.ok(pages < 20)
        far.lookAt(seqs()[0])
        await load(far.loadOlder)
      }
      const end = seqs().at(-1) ?? 0
      assert.ok(seqs().length <= SMALL.timelineRowsMax && far.snapshot().newer)
      far.lookAt(end)
      await load(far.loadNewer)
      assert.ok((seqs().at(-1) ?? 0) > end)
      assert.equal(near.snapshot().newer, true, 'there is one timeline for all')
      near.lookAt(undefined)
      await world.clock.pass(100)
      assert.equal(far.snapshot().newer, false)
      assert.equal(seqs().at(-1), 30)
      await world.end()
    } finally {
      Object.assign(BOUNDS, roomy)
    }
  })

  test(`a ${mode} lets the connection go with its last tab, and nothing is left`, async () => {
    const { world, tabs } = await browser(mode, 2)
    for (const tab of tabs) world.close(tab)
    await world.clock.pass(1_000)
    assert.equal(world.connections.length, 0)
    assert.deepEqual(world.locks.names(), [])
    await world.clock.pass(TAB_BOUNDS.tabSilenceMsMax)
    assert.equal(world.clock.timers, 0)
  })

  test(`a tab of a ${mode} that crashes keeps nothing open`, async () => {
    const { world, tabs } = await browser(mode, 2)
    const other = at(tabs, 1).client.open('another channel')
    await world.clock.pass(100)
    world.kill(at(tabs, 1).realm)
    await world.clock.pass(100)
    const last = world.asked.filter(({ name }) => name === 'sync').at(-1)
    assert.deepEqual(last?.payload, { open: {}, close: [other.id] })
    await world.end()
  })
}

test('a message that comes back to the outbox and is handed over again is there once', async () => {
  const { world, tabs } = await browser('leader', 3)
  const sender = at(tabs, 2)
  world.setSlow(true)
  sender.channel.send('hello')
  await world.clock.pass(100)
  sender.realm.state = 'frozen'
  world.kill(at(tabs, 0).realm)
  await world.clock.pass(1_000)
  assert.deepEqual(shown(at(tabs, 1)), ['pending hello'], 'the next leader found it in storage')
  sender.realm.wake()
  await world.clock.pass(1_000)
  assert.deepEqual(shown(at(tabs, 1)), ['pending hello'])
  assert.deepEqual(shown(sender), ['pending hello'])
  world.setSlow(false)
  await world.clock.pass(60_000)
  assert.deepEqual(shown(sender), ['sent hello'])
  assert.equal(world.log.head, 1)
  await world.end()
})

test('a leader that was frozen says nothing to the server before it knows that it has lost', async () => {
  const { world, tabs } = await browser('leader', 2)
  const frozen = at(tabs, 0)
  assert.equal(world.leader(), frozen)
  frozen.realm.state = 'frozen'
  await world.clock.pass(30_000)
  assert.equal(world.leader(), at(tabs, 1))
  frozen.realm.wake()
  frozen.channel.send('from the one who was frozen')
  frozen.channel.typing()
  await world.clock.pass(10_000)
  assert.deepEqual(world.stray, [])
  assert.equal(world.connections.length, 1)
  assert.deepEqual(shown(at(tabs, 1)), ['sent from the one who was frozen'])
  assert.deepEqual(shown(frozen), shown(at(tabs, 1)))
  await world.end()
})

test('a page that the browser freezes gives the lead away before, and takes part again after', async () => {
  const { world, tabs } = await browser('leader', 2)
  at(tabs, 0).page.away()
  await world.clock.pass(100)
  assert.equal(world.leader(), at(tabs, 1))
  at(tabs, 1).channel.send('meanwhile')
  await world.clock.pass(100)
  at(tabs, 0).page.back()
  await world.clock.pass(100)
  assert.deepEqual(shown(at(tabs, 0)), ['sent meanwhile'])
  assert.equal(world.leader(), at(tabs, 1))
  await world.end()
})

test('where the worker does not start the tabs choose a leader', async () => {
  const world = new BrowserWorld('worker', () => 0.3)
  world.workers = 'none'
  const tabs = [world.openTab(), world.openTab()]
  await world.clock.pass(1_000)
  assert.ok(world.leader())
  assert.equal(world.connections.length, 1)
  at(tabs, 0).channel.send('hello')
  await world.clock.pass(100)
  assert.deepEqual(shown(at(tabs, 1)), ['sent hello'])
  await world.end()
})

test('where the worker keeps silent the tabs choose a leader after a while', async () => {
  const world = new BrowserWorld('worker', () => 0.3)
  world.workers = 'mute'
  const tab = world.openTab()
  await world.clock.pass(TAB_BOUNDS.workerStartMsMax - 100)
  assert.equal(world.connections.length, 0)
  await world.clock.pass(1_000)
  assert.equal(tab.client.session.snapshot().connection.status, 'online')
  await world.end()
})

test('where tabs have no locks either each has a client of its own', async () => {
  const world = new BrowserWorld('alone', () => 0.3)
  const tabs = [world.openTab(), world.openTab()]
  await world.clock.pass(1_000)
  assert.equal(world.connections.length, 2)
  at(tabs, 0).channel.send('hello')
  await world.clock.pass(100)
  for (const tab of tabs) assert.deepEqual(shown(tab), ['sent hello'])
  await world.end()
})
