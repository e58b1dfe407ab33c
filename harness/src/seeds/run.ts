/** Tries the claims one after the other. One that fails, hangs or lacks a part stops no other. */
import { type Part, reasonOf } from '../../../tests/services/part.ts'
import type { Claim, Seed, SeedName } from './claim.ts'
import { Ground } from './ground.ts'

export type Result = 'ok' | 'missed' | 'not tried'

export interface Row {
  readonly seed: SeedName
  readonly says: string
  readonly does: string
  readonly saw: string
  readonly result: Result
  readonly tookMs: number
}

export interface RunOptions {
  readonly isQuick: boolean
  /** Told of each claim before it is tried, and of each row. */
  readonly progress: (line: string) => void
  /** A claim that takes longer is missed, in ms. */
  readonly claimMsMax: number
  /** Ends the run before the next claim. */
  readonly signal?: AbortSignal
}

export async function run(seeds: readonly Seed[], options: RunOptions): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { name, title, claims } of seeds) {
    if (options.signal?.aborted) break
    options.progress(`${name}  ${title}`)
    const ground = new Ground(options.isQuick)
    try {
      for (const claim of claims) {
        if (options.signal?.aborted) break
        options.progress(`     ${claim.says} ...`)
        const row = await rowOf(claim, ground, options)
        options.progress(`     ${row.result} (${(row.tookMs / 1_000).toFixed(1)} s): ${row.saw}`)
        rows.push(row)
      }
    } finally {
      await ground.stop()
    }
  }
  return rows
}

async function rowOf(claim: Claim, ground: Ground, options: RunOptions): Promise<Row> {
  const { seed, says, does } = claim
  const startedMs = performance.now()
  const row = (result: Result, saw: string): Row => {
    return { seed, says, does, saw, result, tookMs: performance.now() - startedMs }
  }
  const lacks = await lackOf(claim.needs ?? [])
  if (lacks !== undefined) return row('not tried', lacks)
  try {
    const { ok, saw } = await bounded(claim.try(ground), options)
    return row(ok ? 'ok' : 'missed', saw)
  } catch (error) {
    return row('missed', error instanceof Error ? error.message : String(error))
  }
}

/** The first part that is not there, with what to do. */
async function lackOf(needs: readonly Part[]): Promise<string | undefined> {
  for (const part of needs) {
    const answer = await part.find()
    if (!answer.found) return reasonOf(part, answer)
  }
  return undefined
}

/** What goes on afterwards is ended with the ground, and its complaints are nobody's. */
function bounded<T>(work: Promise<T>, { claimMsMax, signal }: RunOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`no end after ${claimMsMax / 1_000} s`)),
      claimMsMax,
    )
    signal?.addEventListener('abort', () => reject(new Error('stopped')), { once: true })
    work.then(resolve, reject).finally(() => clearTimeout(late))
  })
}
