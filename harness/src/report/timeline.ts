/** A run over time, small enough to be kept: how much was delivered when, who heard nothing for how long, and what was done to it. */
import type { Evidence } from '../checker/evidence.ts'
import { silencesOf } from '../checker/silences.ts'

export interface Timeline {
  /** When the first and the last thing happened, in ms of the run. */
  readonly from: number
  readonly to: number
  /** Deliveries a second by kind of client, one value for each step of `stepMs` from `from` on. */
  readonly stepMs: number
  readonly rates: Readonly<Record<'ours' | 'stock', readonly number[]>>
  /** The longest silence of each device, longest first. */
  readonly silences: readonly {
    readonly who: string
    readonly from: number
    readonly ms: number
  }[]
  readonly faults: readonly {
    readonly name: string
    readonly target: string
    readonly from: number
    /** Undefined: it did not end. */
    readonly to: number | undefined
  }[]
}

const STEPS = 160
const SILENCES_MAX = 60

export function timelineOf(evidence: Evidence): Timeline {
  const sends = evidence.operations.map(({ invoke }) => invoke.t)
  const wires = [...evidence.heard].flatMap(([who, list]) =>
    list.filter(({ kind }) => kind === 'wire').map(({ t }) => ({ who, t })),
  )
  const from = least(sends)
  const to = wires.reduce((last, { t }) => Math.max(last, t), from)
  const stepMs = Math.max(100, (to - from) / STEPS)
  const rate = (kind: string): readonly number[] => {
    const counts = new Array<number>(Math.ceil((to - from) / stepMs) + 1).fill(0)
    for (const { who, t } of wires) {
      const step = Math.floor((t - from) / stepMs)
      if (who.startsWith(kind) && step >= 0) counts[step] = (counts[step] ?? 0) + 1
    }
    return counts.map((count) => Math.round((count * 1_000) / stepMs))
  }
  return {
    ...{ from, to, stepMs },
    rates: { ours: rate('ours'), stock: rate('stock') },
    silences: [...silencesOf(evidence)]
      .map(([who, silence]) => ({ who, ...silence }))
      .sort((one, other) => other.ms - one.ms)
      .slice(0, SILENCES_MAX),
    faults: faultsOf(evidence),
  }
}

const least = (values: readonly number[]): number =>
  values.reduce((first, value) => Math.min(first, value), values[0] ?? 0)

function faultsOf({ faults }: Evidence): Timeline['faults'] {
  return faults.flatMap((start, at) => {
    if (start.phase !== 'start') return []
    const { name, target, t: from } = start
    const end = faults
      .slice(at)
      .find((one) => one.phase === 'end' && one.name === name && one.target === target)
    return [{ name, target, from, to: end?.t }]
  })
}
