/** How a scenario tells a preloaded module in a node what to do now: a file of the process's own in the data folder. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** In the node: what it is told; empty for nothing. `name`: the module's. */
export function orderOf(name: string): string {
  try {
    return readFileSync(fileOf(process.env.DATA_DIR ?? '', name, process.pid), 'utf8')
  } catch {
    return ''
  }
}

/** In the scenario. */
export function order(dataDir: string, name: string, pid: number, what: string): void {
  writeFileSync(fileOf(dataDir, name, pid), what)
}

const fileOf = (dataDir: string, name: string, pid: number): string =>
  join(dataDir, `${name}-${pid}.order`)
