/** Where a primary listens, and how workers learn of it. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const IPC_PATH_VARIABLE = 'MADANG_IPC_PATH'

export interface IpcPlace {
  readonly path: string
  /** Removes what was made for it. */
  remove?(): void
}

/** A folder that nobody else on the host may enter; on Windows a pipe whose name cannot be guessed. */
export function newPlace(): IpcPlace {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\madang-${randomBytes(16).toString('hex')}` }
  }
  const folder = mkdtempSync(join(tmpdir(), 'madang-ipc-'))
  return {
    path: join(folder, 'primary'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A primary that was killed leaves its socket behind, which nobody answers: it is replaced. */
export async function listenAt(server: Server, path: string): Promise<void> {
  try {
    await listen(server, path)
  } catch (error) {
    if (!isInUse(error) || (await isAnswered(path))) throw error
    rmSync(path, { force: true })
    await listen(server, path)
  }
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen(path)
  await once(server, 'listening')
}

const isInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
