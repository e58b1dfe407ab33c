/** What an operator is told of a node that could not start: one line, and what to do about it. */

import { quoted } from '../config/sources.ts'
import { placeOf } from '../config/store.ts'
import type { Config } from '../config.ts'
import { StartFailure } from '../lifecycle.ts'

/** Null: nobody foresaw it, and the stack is worth seeing. */
export function startProblem(error: unknown, config: Config): string | null {
  const cause = rootOf(error)
  if (!(cause instanceof Error)) return null
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  if ('syscall' in cause && (cause.syscall === 'listen' || cause.syscall === 'getaddrinfo')) {
    const isBackDoor = error instanceof StartFailure && error.service === 'back door'
    return isBackDoor ? internalProblem(code, config) : listenProblem(code, config)
  }
  if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOSPC|EDQUOT)$/.test(code)) {
    return `DATA_DIR is ${quoted(config.dataDir)}, which this user cannot write to (${code}). Name another folder, or change its owner.`
  }
  // A refusal of the store is a sentence for an operator already.
  if (cause.name === 'StoreError') {
    return `${storeName(config)} cannot be opened: ${firstLine(cause.message)}`
  }
  return null
}

function storeName({ store, dataDir }: Config): string {
  switch (store.kind) {
    case 'sqlite':
      return `The store in DATA_DIR ${quoted(dataDir)}`
    case 'postgres':
      return `The store at DATABASE_URL (${quoted(placeOf(store.url))})`
    case 'remote':
      return `The store at API_URL (${quoted(store.url)})`
  }
}

function listenProblem(code: string, { host, port }: Config): string {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT is ${port}, but something else listens there already. Stop it, or set PORT to another.`
    case 'EACCES':
      return `PORT is ${port}, which this user may not listen at (EACCES). Ports below 1024 need a privilege.`
    default:
      return `HOST is ${quoted(host)}, which is no address of this machine (${code}).`
  }
}

function internalProblem(code: string, { internal: { host, port } }: Config): string {
  return code === 'EADDRINUSE'
    ? `INTERNAL_PORT is ${port}, but something else listens there already. Stop it, or set INTERNAL_PORT to another.`
    : `INTERNAL_HOST is ${quoted(host)} and INTERNAL_PORT ${port}, where this process cannot listen (${code}).`
}

function rootOf(error: unknown): unknown {
  let root = error
  while (root instanceof Error && root.cause !== undefined) {
    // The store's own sentence says more than the driver's beneath it.
    if (root.name === 'StoreError') return root
    root = root.cause
  }
  return root
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
