/** Compares what was acknowledged and what was seen with what the log holds: the judge of every fault scenario. */

export interface LedgerLine {
  readonly seq: number
  readonly clientId: string
}

export interface Sender {
  readonly name: string
  /** Client id → the seq that the acknowledgement named, in the order in which the sends were asked for. */
  readonly acknowledged: ReadonlyMap<string, number>
  /** Client ids of sends that were never answered, though the sender waited and tried again. */
  readonly unresolved: readonly string[]
}

export interface Reader {
  readonly name: string
  /** What the reader showed to its application, in the order of showing. */
  readonly seen: readonly LedgerLine[]
}

export interface History {
  /** The channel's messages as the store has them, by seq. */
  readonly log: readonly LedgerLine[]
  readonly senders: readonly Sender[]
  readonly readers: readonly Reader[]
}

/** Counts of violations; `witness` names the first of each kind. A run in which nothing was acknowledged or seen proves nothing: `vacuous`. */
export interface Verdict {
  readonly vacuous: boolean
  /** Acknowledged but not in the log at the acknowledged seq (I1). */
  readonly lost: number
  /** Client ids that are in the log more than once (I2). */
  readonly duplicated: number
  /** Sends of one sender whose seqs are not in the order of sending (I3). */
  readonly reordered: number
  /** Messages that a reader showed twice (I6). */
  readonly repeated: number
  /** Messages that a reader showed out of the log's order (I4). */
  readonly disordered: number
  /** Messages of the log that a reader never showed (I5). */
  readonly missed: number
  /** Messages that a reader showed and the log does not hold (I7). */
  readonly phantom: number
  /** Sends that never got an answer (I8). */
  readonly unresolved: number
  readonly witness: readonly string[]
}

type Violation =
  | 'lost'
  | 'duplicated'
  | 'reordered'
  | 'repeated'
  | 'disordered'
  | 'missed'
  | 'phantom'
  | 'unresolved'
type Report = (kind: Violation, witness: string) => void

export function judge(history: History): Verdict {
  const counts: Record<Violation, number> = {
    lost: 0,
    duplicated: 0,
    reordered: 0,
    repeated: 0,
    disordered: 0,
    missed: 0,
    phantom: 0,
    unresolved: 0,
  }
  const witness: string[] = []
  const report: Report = (kind, text) => {
    if (counts[kind] === 0) witness.push(`${kind}: ${text}`)
    counts[kind] += 1
  }
  const bySeq = indexLog(history.log, report)
  for (const sender of history.senders) judgeSender(sender, bySeq, report)
  for (const reader of history.readers) judgeReader(reader, bySeq, report)
  const acknowledged = history.senders.reduce((sum, sender) => sum + sender.acknowledged.size, 0)
  const vacuous = acknowledged === 0 || history.readers.some((reader) => reader.seen.length === 0)
  return { vacuous, ...counts, witness }
}

export function isClean(verdict: Verdict): boolean {
  return !verdict.vacuous && verdict.witness.length === 0
}

function indexLog(log: readonly LedgerLine[], report: Report): Map<number, string> {
  const bySeq = new Map<number, string>()
  const ids = new Set<string>()
  for (const { seq, clientId } of log) {
    if (ids.has(clientId)) report('duplicated', `${clientId} again at seq ${seq}`)
    ids.add(clientId)
    bySeq.set(seq, clientId)
  }
  return bySeq
}

function judgeSender(sender: Sender, bySeq: ReadonlyMap<number, string>, report: Report): void {
  let last = 0
  for (const [clientId, seq] of sender.acknowledged) {
    if (bySeq.get(seq) !== clientId)
      report('lost', `${sender.name} was told ${clientId} is at seq ${seq}`)
    if (seq < last)
      report(
        'reordered',
        `${sender.name} sent ${clientId} later, and it is at seq ${seq} < ${last}`,
      )
    last = Math.max(last, seq)
  }
  for (const clientId of sender.unresolved)
    report('unresolved', `${sender.name} never learned of ${clientId}`)
}

function judgeReader(reader: Reader, bySeq: ReadonlyMap<number, string>, report: Report): void {
  const shown = new Set<number>()
  let last = 0
  for (const { seq, clientId } of reader.seen) {
    if (shown.has(seq)) report('repeated', `${reader.name} showed seq ${seq} twice`)
    else if (seq < last) report('disordered', `${reader.name} showed seq ${seq} after ${last}`)
    if (bySeq.get(seq) !== clientId)
      report('phantom', `${reader.name} showed ${clientId} at seq ${seq}`)
    shown.add(seq)
    last = Math.max(last, seq)
  }
  for (const seq of bySeq.keys())
    if (!shown.has(seq)) report('missed', `${reader.name} never showed seq ${seq}`)
}
