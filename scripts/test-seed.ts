// Loaded before each test file: property tests throw the same dice in every run, so that a red run tells of the change and not of luck.
// `npm test -- --seed random` throws others.
import { readFileSync } from 'node:fs'
import { seedOf } from './seed.ts'

const seed = seedOf(process.env.PROPERTY_SEED)
const file = process.argv[1]

// Loading the library takes longer than most test files do: only those that use it do so, by themselves or by way of shared cases.
if (
  seed !== undefined &&
  process.env.NODE_TEST_CONTEXT &&
  file &&
  /fast-check|\.case\.ts/.test(textOf(file))
) {
  const { configureGlobal, readConfigureGlobal } = await import('fast-check')
  configureGlobal({ ...readConfigureGlobal(), seed })
}

function textOf(path: string): string {
  return /\.test\.\w+$/.test(path) ? readFileSync(path, 'utf8') : ''
}
