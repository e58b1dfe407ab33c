/** A node that dies, as by SIGKILL, at a chosen moment of its next append: its order is the moment. SQLite and Redis. */
import { Socket } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import type { CrashMoment } from './crash-moments.ts'
import { orderOf } from './order-file.ts'

/** As a Redis driver writes it. */
const PUBLISH = /^\*\d+\r\n\$\d+\r\ns?publish\r\n/i
const HEAD_BYTES = 64

function dieIf(moment: CrashMoment): void {
  if (orderOf('crash') === moment) process.kill(process.pid, 'SIGKILL')
}

const exec = DatabaseSync.prototype.exec
DatabaseSync.prototype.exec = function (sql) {
  const isCommit = sql === 'commit'
  if (isCommit) dieIf('before-commit')
  exec.call(this, sql)
  // Nobody was told yet: neither the sender nor the other nodes.
  if (isCommit) dieIf('after-commit')
}

type Write = (this: Socket, piece: unknown, ...more: unknown[]) => boolean
const write = Socket.prototype.write as Write
Socket.prototype.write = function (this: Socket, piece: unknown, ...more: unknown[]): boolean {
  if (PUBLISH.test(headOf(piece))) dieIf('before-publish')
  return write.call(this, piece, ...more)
} as typeof Socket.prototype.write

function headOf(piece: unknown): string {
  if (typeof piece === 'string') return piece.slice(0, HEAD_BYTES)
  return piece instanceof Uint8Array
    ? Buffer.from(piece.subarray(0, HEAD_BYTES)).toString('latin1')
    : ''
}
