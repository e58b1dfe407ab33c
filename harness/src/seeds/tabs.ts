/** Ten tabs of one browser, and how many connections the server has of them. */

import { ensureWeb } from '../../../scripts/web-build.ts'
import { play } from '../../../tests/e2e/stage.ts'
import { chromium } from '../../../tests/services/chromium.ts'
import { until } from './ground.ts'
import { metricOf } from './pages.ts'

export interface TabsSeen {
  readonly tabs: number
  readonly connections: number
  /** Tabs that show what one of them said, once. */
  readonly showing: number
}

export async function tabsOf(tabs: number): Promise<TabsSeen> {
  ensureWeb(() => {})
  const found = await chromium.find()
  if (!found.found) throw new Error('no browser')
  let result: TabsSeen | undefined
  const act = play(
    () => found.path,
    async (stage) => {
      const first = await stage.visit()
      await first.comeIn('Mina')
      const all = [first]
      while (all.length < tabs) all.push(await stage.secondWindow(first))
      const url = new URL(first.page.url()).origin
      const text = 'from the third tab'
      await all[2]?.send(text)
      const showing = async () => {
        const counts = await Promise.all(all.map((tab) => tab.message(text).count()))
        return counts.filter((count) => count === 1).length
      }
      await until('it in every tab', async () => (await showing()) === tabs)
      await until('one connection', async () => (await metricOf(url, 'madang_sockets')) === 1)
      const connections = await metricOf(url, 'madang_sockets')
      result = { tabs, connections, showing: await showing() }
    },
  )
  await act({ name: 'tabs' })
  if (result === undefined) throw new Error('the tabs were not opened')
  return result
}
