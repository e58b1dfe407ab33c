// Builds what has to be built: the web app. The server runs from source.
//
//   npm run build                the web app
//   npm run build -- fanout      the tarball of a package that is published; so does `client`
import { parseArgs } from 'node:util'
import { isPublished, PUBLISHED, packPackage } from './pack.ts'
import { say } from './steps.ts'
import { buildWeb, webState } from './web-build.ts'

try {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} })
  if (positionals.length === 0) web()
  for (const name of positionals) tarball(name)
} catch (error) {
  process.stderr.write(`madang: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}

function web(): void {
  if (webState() === 'absent') throw new Error('there is no web app in packages/web.')
  buildWeb()
  say('Built the web app into packages/web/dist.')
}

function tarball(name: string): void {
  if (!isPublished(name))
    throw new Error(`"${name}" is not published; these are: ${PUBLISHED.join(', ')}.`)
  say(`Packed ${packPackage(name)}.`)
}
