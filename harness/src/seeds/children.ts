/** The processes that one has started, from Linux's /proc; elsewhere none is known. */
import { readdirSync, readFileSync } from 'node:fs'

/** Those that run now, and theirs. */
export function descendantsOf(pid: number): readonly number[] {
  const parents = parentsOfAll()
  const isBelow = (one: number): boolean => {
    const parent = parents.get(one)
    return parent === pid || (parent !== undefined && isBelow(parent))
  }
  return [...parents.keys()].filter(isBelow)
}

function parentsOfAll(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>()
  for (const pid of pidsNow()) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]))
    } catch {
      // Gone meanwhile.
    }
  }
  return parents
}

function pidsNow(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

export function killSurely(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}
