// What every test of the page stands on: a server process of its own, a browser, and the people in front of it.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  createSqliteStore,
  type SpawnedServer,
  type Store,
  spawnServer,
} from '@madang/server/testing'
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'
import { Spectator } from './spectator.ts'
import { Visitor } from './visitor.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const RESULTS = join(import.meta.dirname, '../../test-results')
/** A machine that is busy with other tests is slow, not wrong. */
const PATIENCE_MS = 45_000

export class Stage {
  readonly #browser: Browser
  readonly #visitors: Visitor[] = []
  readonly #spectators: Spectator[] = []
  #server: SpawnedServer

  constructor(server: SpawnedServer, browser: Browser) {
    this.#server = server
    this.#browser = browser
  }

  /** As a crash or a power cut would: the process is gone when this resolves. */
  async killServer(): Promise<void> {
    await this.#server.kill('SIGKILL')
  }

  /** A new process on the same data and port. */
  async restartServer(): Promise<void> {
    this.#server = await this.#server.restart()
  }

  /** Writes into the store what would take the server too long; the server must be dead. */
  async withStore(act: (store: Store) => Promise<void>): Promise<void> {
    const store = createSqliteStore({ file: join(this.#server.dataDir, 'madang.db') })
    await store.start()
    try {
      await act(store)
    } finally {
      await store.stop()
    }
  }

  /** A new browser window with nothing in it: an English one on a desk unless said otherwise. */
  async visit(options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await this.#browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    context.setDefaultTimeout(PATIENCE_MS)
    const visitor = new Visitor(await context.newPage())
    this.#visitors.push(visitor)
    await visitor.page.goto(this.#server.url)
    return visitor
  }

  /** Another window of the same browser and person, at the same place. */
  async secondWindow(of: Visitor): Promise<Visitor> {
    const visitor = new Visitor(await of.context.newPage())
    this.#visitors.push(visitor)
    await visitor.page.goto(of.page.url())
    await visitor.composer.waitFor()
    return visitor
  }

  async guest(name: string, options?: BrowserContextOptions): Promise<Visitor> {
    const visitor = await this.visit(options)
    await visitor.comeIn(name)
    return visitor
  }

  async spectator(name: string): Promise<Spectator> {
    const spectator = await Spectator.comeIn(this.#server.url, name)
    this.#spectators.push(spectator)
    return spectator
  }

  faults(): readonly string[] {
    return this.#visitors.flatMap((visitor) => visitor.faults)
  }

  async photograph(name: string): Promise<void> {
    mkdirSync(RESULTS, { recursive: true })
    for (const [at, { page }] of this.#visitors.entries()) {
      const path = join(RESULTS, `${name.replaceAll(/\W+/g, '-')}-${at + 1}.png`)
      await page.screenshot({ path }).catch(() => {})
    }
  }

  async clear(): Promise<void> {
    for (const spectator of this.#spectators) spectator.leave()
    await this.#server.stop()
  }
}

/** The body of a test: what fails leaves a picture of every window, and a page that complained has failed. */
export function play(browserPath: () => string, act: (stage: Stage) => Promise<void>) {
  return async (test: { readonly name: string }): Promise<void> => {
    const browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS })
    let stage: Stage | undefined
    try {
      stage = new Stage(await spawnServer(), browser)
      await act(stage)
      assert.deepEqual(stage.faults(), [])
    } catch (error) {
      await stage?.photograph(test.name)
      const complaints = (stage?.faults() ?? []).map((fault) => `\nthe page complained: ${fault}`)
      if (error instanceof Error) error.message += complaints.join('')
      throw error
    } finally {
      await browser.close()
      await stage?.clear()
    }
  }
}
