// Loaded before each test file: a file whose tests are done but whose process lives on has left something running, and fails.
import { after } from 'node:test'

/** How long timers and sockets may take to go after the last test. */
const GRACE_MS = 5_000

// Child processes inherit this file by way of execArgv; only a test file has tests to wait for.
if (process.env.NODE_TEST_CONTEXT && process.argv[1]?.endsWith('.test.ts')) {
  after(() => {
    setTimeout(() => {
      const left = process.getActiveResourcesInfo().filter((one) => one !== 'PipeWrap')
      process.stderr.write(`${process.argv[1]} left running: ${left.join(', ') || 'a pipe'}\n`)
      process.exit(1)
    }, GRACE_MS).unref()
  })
}
