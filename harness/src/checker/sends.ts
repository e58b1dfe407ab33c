/** Checks of what was sent: I1, I2, I3, I8. */
import type { EndRecord, TruthRecord } from '../history/record.ts'
import type { Evidence, Operation } from './evidence.ts'
import { type Check, Findings } from './invariant.ts'

/** I1: what was acknowledged is in the log, where each answer said. */
export const durable: Check = (evidence) => {
  const found = new Findings()
  for (const { invoke, answers } of evidence.operations) {
    if (invoke.deed === 'read') continue
    for (const answer of answers) {
      if (answer.kind !== 'ok' || answer.seq === undefined) continue
      const row = evidence.at(invoke.channel, answer.seq)
      const wrong = wrongOf(invoke, answer, row)
      found.look(
        wrong && `${invoke.deed} ${invoke.op} was acknowledged ${wrong}`,
        ...[invoke, answer, row],
      )
    }
  }
  return found
}

function wrongOf(
  invoke: Operation['invoke'],
  { seq, id }: EndRecord,
  row: TruthRecord | undefined,
): string | false {
  if (row === undefined) return `at seq ${seq}, where the log has nothing`
  if (invoke.deed === 'send' && !isOf(invoke, row)) return `at seq ${seq}, which is another message`
  return id !== undefined && id !== row.id && "with another id than the log's"
}

const isOf = ({ person, clientId }: Operation['invoke'], row: TruthRecord): boolean =>
  row.event === 'created' && row.author === person && row.clientId === clientId

/** I2: no client id of an author is in the log twice. */
export const once: Check = ({ truth }) => {
  const found = new Findings()
  const first = new Map<string, TruthRecord>()
  for (const row of [...truth.values()].flat()) {
    if (row.event !== 'created') continue
    const name = `${row.author} ${row.clientId}`
    const before = first.get(name)
    found.look(before && `client id ${row.clientId} is in the log twice`, before, row)
    if (before === undefined) first.set(name, row)
  }
  return found
}

/** I3: seqs are 1, 2, 3, ...; what was acknowledged before something else was asked for comes before it; each device's sends are in the order of sending. */
export const ordered: Check = (evidence) => {
  const found = new Findings()
  for (const rows of evidence.truth.values()) {
    for (const [at, row] of rows.entries()) {
      found.look(
        row.seq !== at + 1 && `seq ${row.seq} stands where ${at + 1} should`,
        rows[at - 1],
        row,
      )
    }
  }
  const sends = evidence.operations.filter(({ invoke }) => invoke.deed === 'send')
  const placed = sends.flatMap((operation): Placed[] => {
    const { person, clientId = '' } = operation.invoke
    const row = evidence.named(person, clientId)[0]
    return row === undefined ? [] : [{ ...operation, seq: row.seq }]
  })
  for (const list of Map.groupBy(placed, ({ invoke }) => invoke.channel).values()) {
    sweep(list, found)
    for (const own of Map.groupBy(list, ({ invoke }) => invoke.who).values()) fifo(own, found)
  }
  return found
}

interface Placed extends Operation {
  readonly seq: number
}

/** Over time, with the greatest seq that was acknowledged so far. */
function sweep(sends: readonly Placed[], found: Findings): void {
  const moments = sends.flatMap((send) => [
    { t: send.invoke.t, send, isEnd: false },
    ...(send.end?.kind === 'ok' ? [{ t: send.end.t, send, isEnd: true }] : []),
  ])
  // At the same moment a send is asked for before another is answered: nobody could know.
  moments.sort((one, other) => one.t - other.t || Number(one.isEnd) - Number(other.isEnd))
  let greatest: Placed | undefined
  for (const { send, isEnd } of moments) {
    if (isEnd) greatest = greatest === undefined || send.seq > greatest.seq ? send : greatest
    else if (greatest !== undefined && greatest.seq > send.seq)
      found.wrong(
        `${send.invoke.op} was sent after ${greatest.invoke.op} was acknowledged, and has the smaller seq`,
        ...[greatest.invoke, greatest.end, send.invoke, send.end],
      )
  }
}

function fifo(sends: readonly Placed[], found: Findings): void {
  for (const [at, send] of sends.entries()) {
    const before = sends[at - 1]
    found.look(
      before !== undefined &&
        before.seq > send.seq &&
        `${send.invoke.who} sent ${before.invoke.op} first, and it has the greater seq`,
      ...[before?.invoke, before?.end, send.invoke, send.end],
    )
  }
}

/** I8: a send that was tried more than once is in the log once or never, the sender learned which, and a refused one is never there. */
export const resolved: Check = (evidence) => {
  const found = new Findings()
  for (const { invoke, end, answers, tries } of evidence.operations) {
    if (invoke.deed !== 'send') continue
    const rows = evidence.named(invoke.person, invoke.clientId ?? '')
    const refusal = answers.find(({ kind }) => kind === 'fail')
    if (refusal !== undefined && rows.length > 0)
      found.wrong(`${invoke.op} was refused for good, and is in the log`, invoke, refusal, ...rows)
    if (tries.length < 2 && end !== undefined) continue
    if (end === undefined || end.kind === 'info')
      found.look(`${invoke.who} never learned what became of ${invoke.op}`, invoke, ...tries, end)
    else
      found.look(
        end.kind === 'ok' && rows.length !== 1 && `${invoke.op} is in the log ${rows.length} times`,
        ...[invoke, ...tries, end, ...rows],
      )
  }
  waitingAtTheEnd(evidence, found)
  return found
}

function waitingAtTheEnd({ finals }: Evidence, found: Findings): void {
  for (const final of finals) {
    for (const op of final.waiting)
      found.wrong(`${final.who} still waits for the answer to ${op}`, { ...final, messages: [] })
  }
}
