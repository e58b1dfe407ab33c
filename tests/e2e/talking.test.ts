// People and programs in one channel see one conversation.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { eventually } from './eventually.ts'
import { play } from './stage.ts'

const browser = await need(chromium)

const ROUNDS = 5

test(
  'two windows and a stock Socket.IO client see all messages, in the same order',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const mina = await stage.guest('Mina')
      const jun = await stage.guest('Jun')
      const stock = await stage.spectator('Stock')
      const general = stock.place('general')
      // Everybody at once, so that the order is the server's and nobody's own.
      const talk = async (say: (text: string) => Promise<unknown>, name: string) => {
        for (let round = 1; round <= ROUNDS; round++) await say(`${name} ${round}`)
      }
      await Promise.all([
        talk((text) => mina.send(text), 'mina'),
        talk((text) => jun.send(text), 'jun'),
        talk((text) => stock.send(general.id, text), 'stock'),
      ])
      await eventually(() => assert.equal(stock.texts.length, 3 * ROUNDS))
      await mina.sees(...stock.texts)
      await jun.sees(...stock.texts)
      const expected = ['jun', 'mina', 'stock'].flatMap((name) =>
        Array.from({ length: ROUNDS }, (_, at) => `${name} ${at + 1}`),
      )
      assert.deepEqual([...stock.texts].sort(), expected.sort())
    },
  ),
)
