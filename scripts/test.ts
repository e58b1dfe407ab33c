// Runs the tests in one go, so that there is one summary, after saying which of the real parts they will meet.
//
//   npm test                                everything
//   npm test -- packages/protocol tests/e2e files, folders, or a part of a path
//   npm test -- --grep 'a retry'            tests whose name fits
//   npm test -- --seed random               other dice for the property tests than the usual ones; or a number
//   REQUIRE_SERVICES=1 npm test             a part that is missing is a failure, not a skip
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { availableParallelism, constants } from 'node:os'
import { parseArgs } from 'node:util'
import type { Found, Missing, Part } from '../tests/services/part.ts'
import { isRequired, reasonOf } from '../tests/services/part.ts'
import { PARTS } from '../tests/services/parts.ts'
import { seedOf } from './seed.ts'
import { ROOT, say } from './steps.ts'
import { opensWeb, selectTests, TEST_GLOBS } from './test-selection.ts'
import { ensureWeb } from './web-build.ts'

/** One test; a browser on a busy machine is slow. */
const TEST_TIMEOUT_MS = 120_000
/** Test files at the same time: servers and browsers among them need room. */
const FILES_AT_ONCE_MAX = 4

interface Survey {
  readonly part: Part
  readonly answer: Found | Missing
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: process.env.PROPERTY_SEED ?? '' },
  },
})
const unseeded = seedProblem(values.seed)
if (unseeded !== undefined) process.stderr.write(`madang: ${unseeded}\n`)
process.env.PROPERTY_SEED = values.seed
process.exitCode = unseeded === undefined ? await main(positionals, values.grep) : 2

function seedProblem(seed: string): string | undefined {
  try {
    seedOf(seed)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function main(wanted: readonly string[], patterns: readonly string[]): Promise<number> {
  const all = globSync(TEST_GLOBS, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] })
  const { files, unknown } = selectTests(all.sort(), wanted)
  if (unknown.length > 0) {
    process.stderr.write(`madang: no test file fits ${unknown.join(', ')}\n`)
    return 1
  }
  const surveys = await Promise.all(
    PARTS.map(async (part): Promise<Survey> => ({ part, answer: await part.find() })),
  )
  for (const line of tableOf(surveys)) say(line)
  const web = opensWeb(files) ? webProblem() : undefined
  if (web !== undefined) process.stderr.write(`madang: ${web}\n`)
  const code = await runTests(files, patterns)
  // After the summary only what spoils or shortens it.
  const missing = surveys.flatMap(missingOf)
  for (const line of missing) say(line)
  if (web !== undefined)
    say('failed: the web app does not build; what it said stands before the tests.')
  const isIncomplete = web !== undefined || (missing.length > 0 && isRequired())
  return isIncomplete ? code || 1 : code
}

/** Builds the web app where it is stale. A build that fails is told, and the other tests run all the same. */
function webProblem(): string | undefined {
  try {
    ensureWeb(say)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function tableOf(surveys: readonly Survey[]): readonly string[] {
  const width = Math.max(...surveys.map(({ part }) => part.name.length))
  const rows = surveys.map(({ part, answer }) => {
    const state = answer.found
      ? `${answer.path} (${answer.from})`
      : `${answer.why}: ${answer.remedy}`
    return `  ${part.name.padEnd(width)}  ${state}`
  })
  return ['Real parts for the tests:', ...rows]
}

function missingOf({ part, answer }: Survey): readonly string[] {
  if (answer.found) return []
  const word = isRequired() ? 'required' : 'skipped'
  return [`${word}: ${part.neededFor} (${reasonOf(part, answer)})`]
}

function runTests(files: readonly string[], patterns: readonly string[]): Promise<number> {
  const atOnce = Math.min(FILES_AT_ONCE_MAX, Math.max(2, availableParallelism()))
  const options = [
    '--import=./scripts/test-exit.ts',
    '--import=./scripts/test-seed.ts',
    '--test',
    '--test-reporter=spec',
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    `--test-concurrency=${atOnce}`,
    ...patterns.map((pattern) => `--test-name-pattern=${pattern}`),
  ]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...options, ...files], { cwd: ROOT, stdio: 'inherit' })
    for (const signal of ['SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal))
    // Ctrl-C reaches the child by itself; this process waits for its summary.
    process.on('SIGINT', () => undefined)
    child.on('error', () => resolve(1))
    child.on('exit', (code, signal) =>
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']),
    )
  })
}
