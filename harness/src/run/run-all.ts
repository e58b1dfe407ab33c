/** Plays scenarios one after another, tells how it goes, and prints the table. */
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, release, type } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { besideStock } from '../baseline/beside-stock.ts'
import { reportPage } from '../report/page.ts'
import { writeReference } from '../report/reference.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { StageOptions } from '../stage/stage.ts'
import { textTable } from '../table.ts'
import { type Lack, missing, needsOf } from './needs.ts'
import { type Played, play } from './play.ts'
import { tellPlayed, tellTable } from './telling.ts'

export interface RunOptions {
  /** Undefined: each scenario's own. */
  readonly seed: number | undefined
  readonly repeat: number
  readonly stage: (scenario: Scenario) => Partial<StageOptions>
  /** The flags that have to be said again to play the same thing again. */
  readonly flags: readonly string[]
  readonly keep: boolean
  readonly strict: boolean
  /** Whether the rolling restarts are played with stock Socket.IO, too. */
  readonly baseline: boolean
  /** The file that the report is written to; undefined: none. */
  readonly report: string | undefined
  /** Whether the reference is to tell it. */
  readonly write: boolean
}

/** Where the records of runs are kept. */
export const FOLDER = fileURLToPath(new URL('../../../.faults/', import.meta.url))

export type Row =
  | { readonly kind: 'played'; readonly played: Played }
  | ({ readonly kind: 'skipped'; readonly name: string } & Lack)
  | {
      readonly kind: 'broken'
      readonly name: string
      readonly why: string
      readonly command: string
    }

/** Resolves to the exit code. A signal ends it when what was started is gone. */
export async function runAll(scenarios: readonly Scenario[], options: RunOptions): Promise<number> {
  const rows: Row[] = []
  const interruption = new AbortController()
  const interrupt = (signal: NodeJS.Signals) => interruption.abort(new Error(signal))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, interrupt)
  for (const [at, scenario] of scenarios.entries()) {
    for (let turn = 0; turn < options.repeat && !interruption.signal.aborted; turn++) {
      say(`\n[${at + 1}/${scenarios.length}] ${scenario.name}: ${scenario.story}`)
      const seed = (options.seed ?? scenario.seed) + turn
      const played = await row(scenario, seed, options, interruption.signal)
      rows.push(played)
      // One after another: what was played stays told, whatever becomes of the rest.
      if (options.write)
        await writeReference({ rows: [played], baseline: undefined, where: where() })
    }
  }
  process.stdout.write(tellTable(rows))
  const baseline =
    options.baseline && !interruption.signal.aborted
      ? await besideStock(rows, { folder: FOLDER, progress: (line) => say(`  ${line}`) })
      : undefined
  if (baseline) process.stdout.write(`\n${textTable(baseline.columns, baseline.rows)}\n`)
  if (options.report !== undefined) {
    const page = reportPage({ rows, baseline, where: where() })
    await mkdir(dirname(options.report), { recursive: true })
    await writeFile(options.report, page)
    say(`\nreport: ${options.report}`)
  }
  if (options.write && baseline) await writeReference({ rows: [], baseline, where: where() })
  for (const signal of signals) process.off(signal, interrupt)
  return rows.every((one) => isGood(one, options.strict)) ? 0 : 1
}

export function commandOf(name: string, seed: number, flags: readonly string[]): string {
  return ['npm run faults --', ...flags, `--only ${name} --seed ${seed}`].join(' ')
}

async function row(
  scenario: Scenario,
  seed: number,
  options: RunOptions,
  signal: AbortSignal,
): Promise<Row> {
  const { name } = scenario
  const stage = options.stage(scenario)
  const lack = await missing(needsOf(scenario, stage))
  if (lack !== undefined) {
    say(`  skipped: ${lack.why}`)
    return { kind: 'skipped', name, ...lack }
  }
  const command = commandOf(name, seed, options.flags)
  const { keep } = options
  try {
    const progress = (line: string) => say(`  ${line}`)
    const folder = FOLDER
    const all = { seed, stage, keep, command, progress, folder, signal }
    const played = await play(scenario, all)
    process.stdout.write(tellPlayed(played))
    return { kind: 'played', played }
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    say(`  could not be played: ${reason}`)
    return { kind: 'broken', name, why: reason, command }
  }
}

function isGood(row: Row, strict: boolean): boolean {
  if (row.kind === 'skipped') return !row.isFailure
  if (row.kind === 'broken') return false
  const { judgement, figures } = row.played
  const isMissed = figures.some(({ isMet }) => isMet === false)
  return judgement.verdict === 'true' && !(strict && isMissed)
}

function where(): string {
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${type()} ${release()}`
  const at = new Date().toISOString().slice(0, 16).replace('T', ' ')
  return `Played on ${at} UTC on ${machine}, Node ${process.versions.node}; everything on one machine, the clients, too.`
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)
