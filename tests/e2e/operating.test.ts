// The operator's page: who may see it, all nodes on it, a message on its way, and a node that is drained, which leaves a picture in test-results/.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRestClient, type SpawnedServer, spawnServer } from '@madang/server/testing'
import { chromium as browsers } from 'playwright-core'
import { io, type Socket } from 'socket.io-client'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { redis } from '../services/redis.ts'
import { audit } from './audit.ts'
import { eventually } from './eventually.ts'
import { Stage } from './stage.ts'
import type { Visitor } from './visitor.ts'

const CLI = join(import.meta.dirname, '../../packages/server/src/cli/main.ts')
const browser = await need(chromium)
const broker = await need(redis)

/** Of a message that the second node takes, with somebody who listens at the first. */
const STEPS = [
  'yard-2appended to the store',
  'yard-2handed to the broker',
  'yard-1received from the broker',
  'yard-1delivered',
]

/** Three nodes over one file and one broker, and whoever stands in front of the first. */
async function played(act: (stage: Stage, nodes: readonly SpawnedServer[]) => Promise<void>) {
  const carrier = await redis.start()
  const nodes: SpawnedServer[] = []
  const engine = await browsers.launch({
    executablePath: browser.at().path,
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    for (const NODE_ID of ['yard-1', 'yard-2', 'yard-3']) {
      const env = { NODE_ID, REDIS_URL: carrier.url, DRAIN_SECONDS: '8' }
      const dataDir = nodes[0]?.dataDir
      nodes.push(await spawnServer({ env, ...(dataDir && { dataDir }) }))
    }
    const [first] = nodes
    assert.ok(first)
    const stage = new Stage(first, engine)
    await act(stage, nodes).catch(async (error) => {
      await stage.photograph('operating')
      throw error
    })
    assert.deepEqual(stage.faults(), [])
  } finally {
    await engine.close()
    for (const node of nodes.toReversed()) await node.stop()
    await carrier.stop()
  }
}

/** As somebody at the server's command line would. */
function makeOperator(dataDir: string, command: string): void {
  const words = command.replace('npm run madang -- ', '').split(' ')
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...words], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir },
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
}

/** Somebody who is told to go, and stays as long as the node lets them: the drain takes all of its time. */
async function lingerer(node: SpawnedServer): Promise<{ token: string; socket: Socket }> {
  const { session } = await createRestClient(node.url).call('createGuest', {
    body: { name: 'Ben' },
  })
  const socket = io(node.url, {
    ...{ auth: { wire: 1, token: session.token }, transports: ['websocket'], forceNew: true },
    reconnection: false,
  })
  await new Promise<void>((resolve) => {
    socket.once('ready', () => resolve())
  })
  return { token: session.token, socket }
}

test(
  'an operator sees all nodes, follows a message and watches a drain; others are told what is missing',
  {
    skip: browser.skip || broker.skip,
  },
  () =>
    played(async (stage, [first, second]) => {
      assert.ok(first && second)
      const ann = await stage.guest('Ann')
      const { page } = ann
      const channelId = new URL(page.url()).hash.split('/').at(-1) ?? ''
      await ann.button('Ann: your menu').click()
      await ann.button('Sign out').waitFor()
      assert.equal(await ann.button('Operations').count(), 0, 'no link for who is no operator')
      await page.goto(`${first.url}/ops`)
      await page.getByText('This page is for operators').waitFor()
      assert.deepEqual(await audit(page), [])
      makeOperator(first.dataDir, await page.locator('code').innerText())
      await ann.button('Look again').click()
      await page.getByTestId('node-yard-1').waitFor()
      await page.getByTestId('node-yard-2').getByText('ready', { exact: true }).waitFor()
      await page.getByText('Live', { exact: true }).waitFor()
      await page.getByRole('img', { name: /^3 nodes with / }).waitFor()
      const ben = await lingerer(second)
      await follows(ann, channelId, second, ben.token)
      assert.deepEqual(await audit(page), [])
      await drains(ann, () => stage.photograph('a node of three drains'))
      ben.socket.disconnect()
      await page.goto(first.url)
      await ann.button('Ann: your menu').click()
      await ann.button('Operations').click()
      await page.getByTestId('node-yard-1').waitFor()
      assert.equal(await page.getByTestId('node-yard-2').count(), 0)
    }),
)

async function follows(ann: Visitor, channelId: string, from: SpawnedServer, token: string) {
  const { page } = ann
  const follow = async (id: string) => {
    await page.getByLabel('Id', { exact: true }).fill(id)
    await ann.button('Follow').click()
  }
  await follow('nobody')
  await page.getByText('That is no id').waitFor()
  await follow(randomUUID())
  await page.getByText('Nothing happened to it lately.').waitFor()
  // It has long been delivered when somebody asks what became of it.
  const body = { clientId: randomUUID(), text: 'followed' }
  const { seq } = await createRestClient(from.url, token).call('createMessage', {
    ...{ params: { channelId }, body },
  })
  await follow(channelId)
  const journey = page.getByTestId('journey').filter({ hasText: `number ${seq}` })
  const isWhole = () =>
    eventually(async () => {
      const [way = ''] = await journey.allTextContents()
      assert.ok(
        STEPS.every((step) => way.includes(step)),
        way,
      )
    })
  await isWhole()
  await journey.getByRole('button', { name: 'Follow this message' }).click()
  await page.getByText(/^Following: Message /).waitFor()
  await isWhole()
  assert.equal(await page.getByTestId('journey').count(), 1)
}

async function drains({ page }: Visitor, photograph: () => Promise<void>) {
  const card = page.getByTestId('node-yard-2')
  await card.getByRole('button', { name: 'Drain yard-2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Drain yard-2?' })
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).last().click()
  assert.equal(await card.getByText('ready', { exact: true }).count(), 1, 'nothing was asked for')
  await card.getByRole('button', { name: 'Drain yard-2' }).click()
  await dialog.getByRole('button', { name: 'Drain the node' }).click()
  await card.getByText(/of 1 connections left/).waitFor()
  await photograph()
  await page.getByTestId('gone-yard-2').getByText('yard-2 is drained and has ended').waitFor()
  await page.getByRole('img', { name: /^2 nodes with / }).waitFor()
  assert.equal(await card.count(), 0)
}
