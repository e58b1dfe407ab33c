// Ten tabs of one browser are one connection, whatever becomes of the tab that holds it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { eventually } from './eventually.ts'
import { sockets } from './sockets.ts'
import { play, type Stage } from './stage.ts'
import type { Visitor } from './visitor.ts'

const browser = await need(chromium)

const TABS = 10

/** Whether this page holds the lock of the leader. */
async function leads(page: Page): Promise<boolean> {
  return page.evaluate(() =>
    navigator.locks.request(`probe ${Math.random()}`, async (probe) => {
      const { held = [] } = await navigator.locks.query()
      const me = held.find((one) => one.name === probe?.name)?.clientId
      return held.some((one) => one.clientId === me && one.name?.startsWith('madang tabs '))
    }),
  )
}

async function leaderOf(tabs: readonly Visitor[]): Promise<Visitor> {
  return eventually(async () => {
    for (const tab of tabs) if (await leads(tab.page)) return tab
    throw new Error('nobody leads')
  })
}

class Tabs {
  readonly said: string[] = []
  readonly #stage: Stage
  tabs: readonly Visitor[] = []

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** What a page runs before its own script: takes things away from the browser. */
  async open(without?: () => void): Promise<void> {
    const first = await this.#stage.visit()
    if (without) {
      await first.context.addInitScript(without)
      await first.page.reload()
    }
    await first.comeIn('Mina')
    const others: Visitor[] = []
    while (others.length < TABS - 1) others.push(await this.#stage.secondWindow(first))
    this.tabs = [first, ...others]
    await this.isOneConnection()
  }

  at(index: number): Visitor {
    const tab = this.tabs.at(index)
    assert.ok(tab)
    return tab
  }

  async isOneConnection(): Promise<void> {
    await eventually(async () => assert.equal(await sockets(this.at(0)), 1))
  }

  /** One says something; all see all that was said, once, in order. */
  async talk(index: number, text: string): Promise<void> {
    this.said.push(text)
    await this.at(index).send(text)
    await this.allSee()
  }

  async allSee(): Promise<void> {
    await Promise.all(this.tabs.map((tab) => tab.sees(...this.said)))
    for (const tab of this.tabs) {
      const own = (await tab.texts()).filter((text) => this.said.includes(text))
      assert.deepEqual(own, this.said, 'nothing twice')
    }
  }

  without(gone: Visitor): void {
    this.tabs = this.tabs.filter((tab) => tab !== gone)
  }
}

test(
  'ten tabs share the connection of a worker, as tabs come, go, crash and reload',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const ten = new Tabs(stage)
      await ten.open()
      await ten.talk(2, 'from the third tab')
      const first = ten.at(0)
      ten.without(first)
      await first.page.close()
      await ten.talk(4, 'after the first tab has closed')
      await ten.isOneConnection()
      await reloadsUnsent(stage, ten, ten.at(3))
    },
  ),
)

test(
  'ten tabs share the connection of a leader, which closes, crashes and is frozen',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const ten = new Tabs(stage)
      await ten.open(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
      await ten.talk(2, 'from the third tab')

      const closed = await leaderOf(ten.tabs)
      ten.without(closed)
      await closed.page.close()
      await ten.talk(4, 'after the leader has closed')

      const crashed = await leaderOf(ten.tabs)
      ten.without(crashed)
      const devtools = await crashed.context.newCDPSession(crashed.page)
      devtools.send('Page.crash').catch(() => {})
      await crashed.page.waitForEvent('crash')
      await ten.talk(3, 'after the leader has crashed')

      await freezes(ten, await leaderOf(ten.tabs))
      await ten.isOneConnection()
      await reloadsUnsent(stage, ten, await leaderOf(ten.tabs))
    },
  ),
)

/**
 * Nothing runs in the leader, and nobody has told it: its socket, its lock and its messages are still there. When it goes on it is one of
 * many, and sees what it missed. (Windows of a headless browser are always in sight, so that the browser itself freezes none of them.)
 */
async function freezes(ten: Tabs, frozen: Visitor): Promise<void> {
  const devtools = await frozen.context.newCDPSession(frozen.page)
  const awake = ten.tabs
  ten.without(frozen)
  await devtools.send('Debugger.enable')
  const paused = new Promise((resolve) => devtools.once('Debugger.paused', resolve))
  await devtools.send('Debugger.pause')
  await paused
  await ten.talk(3, 'while the leader is frozen')
  await devtools.send('Debugger.resume')
  await devtools.detach()
  ten.tabs = awake
  await ten.talk(3, 'after it is awake again')
  await eventually(async () => assert.equal(await leads(frozen.page), false, 'another leads'))
}

/** The tab that reloads is the one that has sent, and holds the connection where a tab does. */
async function reloadsUnsent(stage: Stage, ten: Tabs, tab: Visitor): Promise<void> {
  await stage.killServer()
  const text = 'written while the server was dead'
  ten.said.push(text)
  await tab.send(text)
  await eventually(async () => {
    for (const other of ten.tabs) assert.equal(await other.message(text).count(), 1)
  })
  await stage.restartServer()
  await tab.page.reload()
  await ten.allSee()
  await ten.isOneConnection()
}
