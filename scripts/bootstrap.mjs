// @ts-check
// Makes `npm start`, `npm test` and the other commands work on a clean clone with any Node from 16 on:
// installs what the lockfile says, fetches a private Node where the running one is too old, and runs the script with it.
//
//   node scripts/bootstrap.mjs                      (npm's postinstall) only sees to it that a recent Node is there
//   node scripts/bootstrap.mjs <script> [argument]  does everything, then runs the script
//
// Signals: see signalsToPass in bootstrap-plan.mjs. Everything that is not the script's own output goes to stderr.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, symlinkSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  isRecentEnough,
  newWishes,
  privateNodeOf,
  reasonToInstall,
  signalsToPass,
} from './bootstrap-plan.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isWindows = process.platform === 'win32'
/** @type {NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
if (!isWindows) signals.push('SIGUSR2')
/** How soon after npm's shell is gone the script is told to stop. */
const PARENT_CHECK_MS = 200

try {
  main(process.argv.slice(2))
} catch (error) {
  say(`madang: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}

/** @param {string[]} command */
function main(command) {
  if (command.length > 0) installDependencies()
  const node = recentNode()
  if (command.length > 0) run(node, command)
}

function installDependencies() {
  const locked = readJson(join(root, 'package-lock.json'))
  if (!locked) throw new Error('package-lock.json is missing: this is not a whole clone.')
  const reason = reasonToInstall(locked, readJson(join(root, 'node_modules/.package-lock.json')))
  if (!reason) return
  say(`Installing dependencies (${reason}; once, about 30 s) ...`)
  // The web app is built from development dependencies, also where NODE_ENV says production.
  npm(['ci', '--include=dev'], root)
}

/** The path of a Node that runs this project: the running one, or the private one. */
function recentNode() {
  const { engines } = readJson(join(root, 'package.json'))
  if (isRecentEnough(process.versions.node, engines.node)) return process.execPath
  const wanted = engines.node.replace('>=', '')
  const here = `${process.platform} ${process.arch}`
  const found = privateNodeOf(process.platform, process.arch)
  const tooOld = `Node ${process.versions.node} is too old, ${wanted} or later is needed`
  if (!found) throw new Error(`${tooOld}, and there is no private one for ${here}: install it.`)
  const binary = join(root, 'tools/node/node_modules', found.name, found.binary)
  if (!runs(binary)) {
    say(`${tooOld}: fetching a private one into tools/node (once, about 10 s) ...`)
    npm(['ci', '--ignore-scripts'], join(root, 'tools/node'))
    // It is linked against glibc, so it does not run on Alpine.
    if (!runs(binary))
      throw new Error(`${tooOld}, and the private one does not run here: install it.`)
  }
  if (!isWindows) link(binary)
  return binary
}

/** @param {string} binary */
function runs(binary) {
  return existsSync(binary) && spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0
}

/**
 * npm puts node_modules/.bin first in PATH, so a link there is the Node of every later npm command.
 * @param {string} binary
 */
function link(binary) {
  const bin = join(root, 'node_modules/.bin')
  const path = join(bin, 'node')
  const target = relative(bin, binary)
  if (!existsSync(join(root, 'node_modules')) || linkTarget(path) === target) return
  mkdirSync(bin, { recursive: true })
  const fresh = `${path}.${process.pid}`
  symlinkSync(target, fresh)
  renameSync(fresh, path) // In one step: another command may be starting right now.
}

/** @param {string} path */
function linkTarget(path) {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

/**
 * @param {string[]} args
 * @param {string} folder
 */
function npm(args, folder) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  const cli = process.env.npm_execpath || ''
  const isNpm = /npm-cli\.[cm]?js$/.test(cli)
  const result = spawnSync(
    isNpm ? process.execPath : 'npm',
    [...(isNpm ? [cli] : []), ...args, ...quiet],
    { cwd: folder, stdio: ['ignore', 2, 2], shell: isWindows && !isNpm },
  )
  if (result.status === 0) return
  const how = result.error ? result.error.message : `exit code ${result.status ?? result.signal}`
  throw new Error(`npm ${args[0]} failed in ${folder} (${how}); what it said stands above.`)
}

/**
 * @param {string} node
 * @param {string[]} command
 */
function run(node, command) {
  const path = dirname(node) + delimiter + (process.env.PATH || '')
  const [script = '', ...args] = command
  const child = spawn(node, [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  })
  passSignals(child)
  child.on('error', (error) => {
    say(`madang: ${script} did not start: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) =>
    process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']),
  )
}

/** @param {import('node:child_process').ChildProcess} child */
function passSignals(child) {
  const isTerminal = [process.stdin, process.stdout, process.stderr].some((one) => one.isTTY)
  const passed = signalsToPass({ isTerminal, isWindows })
  const isNewWish = newWishes()
  let isStopping = false
  for (const signal of signals) {
    process.on(signal, () => {
      if (signal !== 'SIGUSR2') isStopping = true
      if (passed.includes(signal) && isNewWish(signal, Date.now())) child.kill(signal)
    })
  }
  if (isWindows || !process.env.npm_lifecycle_event) return
  // npm tells its shell to stop, and a shell that only waits for us dies without a word: the server would outlive it.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    if (!isStopping) child.kill('SIGTERM')
  }, PARENT_CHECK_MS)
}

/**
 * @param {string} path
 * @returns {any}  Undefined when there is no such file.
 */
function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`)
}
