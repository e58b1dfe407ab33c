/** What mutants are made with: a history that is right, and one thing done to it. Pure. */
import type { EndRecord, HistoryRecord } from '../../history/record.ts'
import type { Random } from '../../random.ts'
import type { InvariantId } from '../invariant.ts'

export interface Mutant {
  readonly name: string
  /** What must be found false; 'unknown': nothing is wrong, and nothing is proved. */
  readonly breaks: InvariantId | 'unknown'
  /** Undefined: this history has nothing that it could be done to. */
  mutate(records: readonly HistoryRecord[], random: Random): HistoryRecord[] | undefined
}

type Kind = HistoryRecord['kind']
export type Of<K extends Kind> = K extends EndRecord['kind']
  ? EndRecord
  : Extract<HistoryRecord, { kind: K }>

export const all = <K extends Kind>(records: readonly HistoryRecord[], kind: K): Of<K>[] =>
  records.filter(({ kind: one }) => one === kind) as Of<K>[]

/** With one of those that fit replaced by others; none for a removal. */
export function replaced<K extends Kind>(
  kind: K,
  fits: (record: Of<K>, records: readonly HistoryRecord[]) => boolean,
  by: (record: Of<K>, records: readonly HistoryRecord[]) => readonly HistoryRecord[],
): Mutant['mutate'] {
  return (records, random) => {
    const choices = all(records, kind)
    const from = random.below(choices.length)
    // From anywhere on, and around: to look at all of them first would take long.
    const turned = [...choices.slice(from), ...choices.slice(0, from)]
    const chosen = turned.find((record) => fits(record, records))
    if (chosen === undefined) return undefined
    return records.flatMap((record) => (record === chosen ? by(chosen, records) : [record]))
  }
}

export const changed = <K extends Kind>(
  kind: K,
  fits: (record: Of<K>, records: readonly HistoryRecord[]) => boolean,
  change: (record: Of<K>, records: readonly HistoryRecord[]) => Partial<Of<K>>,
): Mutant['mutate'] =>
  replaced(kind, fits, (record, records) => [{ ...record, ...change(record, records) }])

export const invokeOf = (records: readonly HistoryRecord[], op: string) =>
  all(records, 'invoke').find((invoke) => invoke.op === op)

export const isSend = (records: readonly HistoryRecord[], op: string): boolean =>
  invokeOf(records, op)?.deed === 'send'

export const isCreated = ({ event }: { readonly event: string }): boolean => event === 'created'

export const isUntouched = (
  records: readonly HistoryRecord[],
  channel: string,
  seq: number,
): boolean => !all(records, 'truth').some((row) => row.channel === channel && row.target === seq)

export const firstOf = (records: readonly HistoryRecord[]): string =>
  all(records, 'truth').find(isCreated)?.channel ?? ''
