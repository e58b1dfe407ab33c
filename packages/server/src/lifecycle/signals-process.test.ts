import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const SCRIPT = join(import.meta.dirname, 'testing/obedient-process.ts')

interface Run {
  readonly child: ChildProcess
  readonly lines: string[]
  /** Resolves when the process has said so. */
  says(text: string): Promise<void>
  /** Resolves to the exit code, and the signal that ended it. */
  readonly ended: Promise<unknown[]>
}

function run(what: string): Run {
  const child = spawn(process.execPath, [SCRIPT, what], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  let look = () => {}
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    lines.push(...piece.split('\n').filter((line) => line !== ''))
    look()
  })
  const says = (text: string) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (lines.some((line) => line.includes(`"msg":"${text}"`))) resolve()
      }
      look()
    })
  return { child, lines, says, ended: once(child, 'close') }
}

const said = ({ lines }: Run): string[] => lines.map((line) => JSON.parse(line).msg)

describe('a real process', { concurrency: 2 }, () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`drains, stops and exits with 0 on ${signal}`, async () => {
      const process = run('well')
      await process.says('listens')
      process.child.kill(signal)
      assert.deepEqual(await process.ended, [0, null])
      assert.deepEqual(said(process).slice(-3), ['drains', 'stops', 'Stopped.'])
    })
  }

  it('exits with 1 where something did not stop cleanly', async () => {
    const process = run('unclean')
    await process.says('listens')
    process.child.kill('SIGTERM')
    assert.deepEqual(await process.ended, [1, null])
  })

  it('exits at once on the second signal', async () => {
    const process = run('hang')
    await process.says('listens')
    process.child.kill('SIGTERM')
    await process.says('drains')
    process.child.kill('SIGINT')
    assert.deepEqual(await process.ended, [130, null])
  })

  it('exits with 1 when its time is over', async () => {
    const process = run('hang')
    await process.says('listens')
    process.child.kill('SIGTERM')
    assert.deepEqual(await process.ended, [1, null])
    assert.match(said(process).at(-1) ?? '', /took too long/)
  })

  for (const what of ['reject', 'throw']) {
    it(`logs a fault that nobody caught (${what}), stops, and exits with 1`, async () => {
      const process = run(what)
      assert.deepEqual(await process.ended, [1, null])
      assert.ok(said(process).includes('stops'))
      assert.ok(!said(process).includes('drains'))
      const fatal = process.lines.find((line) => line.includes('"level":"fatal"')) ?? ''
      assert.match(fatal, /nobody caught this/)
    })
  }
})
