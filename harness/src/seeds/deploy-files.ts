/** The files of deploy/, held to their formats and to the server by the tests that do so; starting them needs what no loopback has. */
import { execFile } from 'node:child_process'
import { type Seen, seen } from './claim.ts'
import { type Ground, ROOT } from './ground.ts'

const WHOLE = ['compose', 'kubernetes', 'supervisors'] as const
/** Of PM2 and systemd. */
const QUICK = ['supervisors'] as const
const testMsMax = 90_000

export async function deployFiles({ isQuick }: Ground): Promise<Seen> {
  const { code, output } = await runTests(isQuick ? QUICK : WHOLE)
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1])
  const [passed, failed, skipped] = ['pass', 'fail', 'skipped'].map(count)
  return seen(
    `${passed} tests passed, ${failed} failed, ${skipped} skipped; the files were not run: that takes Docker, a cluster, PM2`,
    { 'the tests pass': code === 0 && Number(passed) > 0 },
  )
}

function runTests(
  names: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  const files = names.map((name) => `tests/deploy/${name}.test.ts`)
  const args = ['--import=./scripts/test-exit.ts', '--test', '--test-reporter=tap', ...files]
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env, timeout: testMsMax, encoding: 'utf8' } as const
    execFile(process.execPath, args, options, (error, output) =>
      resolve({ code: error === null ? 0 : 1, output }),
    )
  })
}
