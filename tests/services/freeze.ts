// Stops a process where it stands, its connections open, as a machine that stalls does.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const STOPPED_MS_MAX = 5_000

/** Resolves when none of its threads runs any more. `process.kill(pid, 'SIGCONT')` lets it go on. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  const untilMs = performance.now() + STOPPED_MS_MAX
  while (!isStopped(pid) && performance.now() < untilMs) await wait(1)
}

function isStopped(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((thread) =>
      /\) T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
    )
  } catch {
    // Elsewhere than on Linux this cannot be seen.
    return true
  }
}

/** The same for a server that is several processes, such as PostgreSQL: all of them stand still until the function that it resolves to is called. */
export async function freezeFamily(pid: number): Promise<() => void> {
  const frozen: number[] = []
  // The parent first: it starts no other meanwhile.
  for (const member of [pid, ...childrenOf(pid)]) {
    await freeze(member)
    frozen.push(member)
  }
  return () => {
    for (const member of frozen.splice(0)) {
      try {
        process.kill(member, 'SIGCONT')
      } catch {
        // It was killed meanwhile.
      }
    }
  }
}

/** Those that it started itself and that live; empty elsewhere than on Linux. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return text.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
