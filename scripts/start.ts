// Builds the web app where it is stale, then becomes the server: its arguments, signals and exit code are the server's own.
//
//   npm start -- [--no-web] [the server's options, see --help]
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './steps.ts'
import { ensureWeb } from './web-build.ts'

const MAIN = join(ROOT, 'packages/server/src/main.ts')
const args = process.argv.slice(2)
const options = args.filter((arg) => arg !== '--no-web')
const isOnlyHelp = options.includes('--help') || options.includes('-h')

/** One line, and no stack: whoever starts the server reads what to do. */
function refuse(message: string): never {
  process.stderr.write(`madang: ${message}\n`)
  process.exit(1)
}

if (!existsSync(MAIN))
  refuse('packages/server/src/main.ts is missing: there is no server to start.')
if (!isOnlyHelp && !args.includes('--no-web')) {
  try {
    ensureWeb((line) => process.stderr.write(`${line}\n`))
  } catch (error) {
    refuse(`${error instanceof Error ? error.message : error} (--no-web starts without it.)`)
  }
}
process.argv = [process.execPath, MAIN, ...options]
await import(pathToFileURL(MAIN).href)
