// Writes docs/reference from the tables that the code itself runs by. `--check` writes nothing, and fails where a page is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PAGES } from './docs/pages.ts'
import { ROOT, say } from './steps.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

function present(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

let stale = 0
for (const { name, write } of PAGES) {
  const path = join(ROOT, 'docs/reference', name)
  const text = write()
  if (present(path) === text) continue
  stale++
  if (values.check) say(`docs/reference/${name} is stale: run node scripts/docs.ts.`)
  else {
    writeFileSync(path, text)
    say(`docs/reference/${name} is written.`)
  }
}
process.exitCode = values.check && stale > 0 ? 1 : 0
