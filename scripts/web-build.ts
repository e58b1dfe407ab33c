// Builds the web app when its sources have changed since the last build.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './steps.ts'

const WEB = 'packages/web'
const STAMP = `${WEB}/dist/sources.sha256`
/** Everything that goes into the app. */
const SOURCES = [
  `${WEB}/*.{html,json,ts}`,
  `${WEB}/{src,public}/**/*`,
  'packages/client/src/**/*',
  'packages/protocol/src/**/*',
  'packages/{client,protocol}/package.json',
  'package-lock.json',
]
const NOT_BUILT = /\.(test|case)\.ts$/

/** A number that changes with the name or the text of any file that matches. Paths are from `root`. */
export function hashOf(root: string, patterns: readonly string[]): string {
  const hash = createHash('sha256')
  const found = globSync([...patterns], { cwd: root, withFileTypes: true })
  const paths = found
    .filter((entry) => entry.isFile() && !NOT_BUILT.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  for (const path of paths.sort()) {
    const text = readFileSync(path)
    hash.update(`${path.slice(root.length)} ${text.length}\n`).update(text)
  }
  return hash.digest('hex')
}

/** `absent`: there is no web app in this tree, built or to be built. */
export type WebState = 'fresh' | 'stale' | 'absent'

/** Compares contents, not times: times mean nothing after a clone, a copy or a branch change. */
export function webState(root: string = ROOT): WebState {
  const isBuilt = existsSync(join(root, WEB, 'dist/index.html'))
  if (!existsSync(join(root, WEB, 'index.html'))) return isBuilt ? 'fresh' : 'absent'
  if (!isBuilt || !existsSync(join(root, STAMP))) return 'stale'
  return readFileSync(join(root, STAMP), 'utf8') === hashOf(root, SOURCES) ? 'fresh' : 'stale'
}

/** Throws with what the builder said when it fails. */
export function buildWeb(root: string = ROOT): void {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  if (!existsSync(vite)) throw new Error('the web app cannot be built without vite: run npm ci.')
  const sources = hashOf(root, SOURCES)
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build'], {
    cwd: join(root, WEB),
    encoding: 'utf8',
    // Where NODE_ENV says otherwise the app would carry the development build of its libraries.
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
  })
  if (status !== 0) throw new Error(`the web app does not build:\n${stdout}${stderr}`.trimEnd())
  writeFileSync(join(root, STAMP), sources)
}

/** Builds when it has to, after saying so. */
export function ensureWeb(announce: (line: string) => void): void {
  if (webState() !== 'stale') return
  announce('Building the web app (a few seconds) ...')
  buildWeb()
}
