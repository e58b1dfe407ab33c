import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { startServer } from '@madang/server/testing'
import { type Client, createClient } from '../src/index.ts'
import { guest, loaded, texts, until } from './people.case.ts'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The lines of code in the first block of a language, without the empty ones. */
function linesOf(language: string): string[] {
  const [, block = ''] = README.split(`\`\`\`${language}\n`)
  return (block.split('```')[0] ?? '').split('\n').filter((line) => line.trim() !== '')
}

test('the bot of the README has fifteen lines, and answers', { timeout: 120_000 }, async () => {
  await using server = await startServer()
  const lines = linesOf('js')
  assert.equal(lines.length, 15)
  const code = lines
    .filter((line) => !line.startsWith('import '))
    .join('\n')
    .replace('http://localhost:3000', server.url)
  const start = new Function('createClient', `${code}\nreturn client`) as (
    make: typeof createClient,
  ) => Client
  const bot = start(createClient)
  try {
    await until(bot.session, (session) => session.channels.length > 0)
    await using ann = await guest(server.url, 'Ann')
    const hers = await loaded(ann, ann.hall)
    hers.send('!echo hello')
    await until(hers, (view) => texts(view).includes('sent hello'))
  } finally {
    await bot.stop()
  }
})

test('the channel of the README has twenty lines at most', () => {
  const { length } = linesOf('tsx')
  assert.ok(length > 0 && length <= 20, `${length} lines`)
})
