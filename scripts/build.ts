// Builds what has to be built: the web app. The server runs from source.
import { say } from './steps.ts'
import { buildWeb, webState } from './web-build.ts'

try {
  if (webState() === 'absent') throw new Error('there is no web app in packages/web.')
  buildWeb()
  say('Built the web app into packages/web/dist.')
} catch (error) {
  process.stderr.write(`madang: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
