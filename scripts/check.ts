// Everything that can be said about the code without running it: types, lint and format, tidy. `--fix` repairs what can be.
import { parseArgs } from 'node:util'
import { TYPE_PROJECTS } from './projects.ts'
import { lineOf, runStep, type Step, say } from './steps.ts'

const { values } = parseArgs({ options: { fix: { type: 'boolean', default: false } } })

const TSC = 'node_modules/typescript/bin/tsc'
/** A configuration whose files are still to be written has nothing wrong. */
const hasNoFiles = (output: string): boolean => output.includes('TS18003')

const steps: readonly Step[] = [
  ...TYPE_PROJECTS.map((project) => ({
    name: `types: ${project}`,
    command: [TSC, '--noEmit', '-p', project],
    isFine: hasNoFiles,
  })),
  {
    name: 'lint and format: biome',
    command: [
      'node_modules/@biomejs/biome/bin/biome',
      'check',
      '--error-on-warnings',
      ...(values.fix ? ['--write'] : []),
    ],
  },
  { name: 'tidy: tests/tidy', command: ['--test', '--test-reporter=dot', 'tests/tidy/*.test.ts'] },
]

let failed = 0
for (const step of steps) {
  const outcome = await runStep(step)
  say(lineOf(outcome))
  if (outcome.ok) continue
  failed++
  say(outcome.output.trimEnd())
}
if (failed > 0) {
  say(
    `${failed} of ${steps.length} checks failed.${values.fix ? '' : ' npm run check -- --fix repairs format and imports.'}`,
  )
}
process.exitCode = failed > 0 ? 1 : 0
