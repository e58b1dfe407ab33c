// A person in front of a browser window: what they see of Madang, and what they can do.
import assert from 'node:assert/strict'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { eventually } from './eventually.ts'

/** What the browser says of itself when a server is away; that is no fault of the page. */
const NETWORK_NOISE =
  /net::ERR_|WebSocket connection to .* failed|Failed to load resource|ERR_CONNECTION/

export class Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of the page: exceptions, refusals by the Content-Security-Policy, complaints in the console. */
  readonly faults: string[] = []

  constructor(page: Page) {
    this.page = page
    this.context = page.context()
    page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !NETWORK_NOISE.test(message.text())) {
        this.faults.push(message.text())
      }
    })
  }

  get composer(): Locator {
    return this.page.locator('#composer')
  }

  get timeline(): Locator {
    return this.page.getByTestId('timeline')
  }

  message(text: string): Locator {
    return this.timeline.getByTestId('message').filter({ hasText: text })
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  channel(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Channels' }).getByRole('link', { name })
  }

  /** Somebody among the members. */
  person(name: string): Locator {
    return this.page.getByRole('complementary', { name: 'Members' }).getByTitle(`About ${name}`)
  }

  async comeIn(name: string): Promise<void> {
    await this.page.getByLabel('Your name').fill(name)
    await this.button('Start talking').click()
    await this.composer.waitFor()
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** The texts of the messages that are drawn, from old to new. */
  async texts(): Promise<readonly string[]> {
    return this.timeline.getByTestId('message').locator('p[dir]').allInnerTexts()
  }

  /** Waits until these are the last messages, every one of them sent. */
  async sees(...texts: readonly string[]): Promise<void> {
    await eventually(async () => {
      assert.deepEqual((await this.texts()).slice(-texts.length), texts)
      assert.equal(
        await this.timeline.locator('[data-state="pending"]').count(),
        0,
        'still pending',
      )
    })
  }

  /** Makes a channel, and is in it. */
  async makeChannel(name: string, kind = 'Public'): Promise<void> {
    await this.button('New channel').click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByText(kind, { exact: true }).click()
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByRole('button', { name: 'Create' }).click()
    await this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    await this.composer.waitFor()
  }

  /** Opens a community, and is in its first channel. */
  async makeCommunity(name: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Find communities' }).click()
    await this.button('New community').click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByRole('button', { name: 'Create' }).click()
    await this.page.getByRole('heading', { level: 1, name }).waitFor()
    await this.composer.waitFor()
  }

  /** Joins a community that somebody else has opened, and is in its first channel. */
  async joinCommunity(name: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Find communities' }).click()
    const row = this.page.getByRole('listitem').filter({ hasText: name })
    await row.getByRole('button', { name: 'Join' }).click()
    await this.page.getByRole('heading', { level: 1, name }).waitFor()
    await this.composer.waitFor()
  }
}
