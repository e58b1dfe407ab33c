// The one table of what runs where, and what can be done with it. Pure.
import type { State } from './member.ts'

export interface Row {
  readonly name: string
  readonly what: string
  readonly url: string
  /** 0 where it does not run. */
  readonly pid: number
  readonly state: State
  /** Connections of people; absent where it has none. */
  readonly sockets?: number | undefined
  readonly logFile: string
}

const HEAD = ['name', 'what', 'address', 'pid', 'state', 'sockets', 'log']

export function tableOf(rows: readonly Row[]): readonly string[] {
  const lines = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, at) => Math.max(...lines.map((cells) => cells[at]?.length ?? 0)))
  return lines.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function cellsOf({ name, what, url, pid, state, sockets, logFile }: Row): readonly string[] {
  const process = pid === 0 ? '-' : String(pid)
  return [name, what, url, process, state, sockets === undefined ? '-' : String(sockets), logFile]
}

/** What to do now: open it, and break it. `breakable`: the part to name in the examples. */
export function hintsOf(url: string, breakable: Pick<Row, 'name' | 'pid'>): readonly string[] {
  const { name, pid } = breakable
  return [
    `Open ${url} in several windows: each may be on another node, and they talk all the same.`,
    '',
    'Type here, or from another terminal:',
    `  kill ${name.padEnd(9)} as a crash would end it    kill -KILL ${pid}`,
    `  start ${name.padEnd(8)} brings it back`,
    `  freeze ${name.padEnd(7)} it stays, and hangs       kill -STOP ${pid}`,
    `  thaw ${name.padEnd(9)} it goes on                kill -CONT ${pid}`,
    '  stop node-1     a deploy: drains, then ends; start brings it back',
    '  status          this table again, with the connections of each node',
    '  quit, Ctrl-C    drains the nodes and stops everything',
  ]
}
