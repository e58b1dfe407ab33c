/** A run's records, put so that each check finds what it asks for. */
import type {
  AuditRecord,
  EndRecord,
  FaultRecord,
  FinalRecord,
  GaugeRecord,
  HintRecord,
  HistoryRecord,
  InvokeRecord,
  LinkRecord,
  PlaceRecord,
  RunRecord,
  ShownRecord,
  TruthRecord,
  TryRecord,
  WireRecord,
} from '../history/record.ts'
import { type Span, spansOf } from './spans.ts'

export interface Operation {
  readonly invoke: InvokeRecord
  /** The first answer that settled it, or "nobody knows". Undefined: it never ended. */
  readonly end: EndRecord | undefined
  /** All that settled it: who tries twice may be answered twice, and a device may read in the log what it is answered later. */
  readonly answers: readonly EndRecord[]
  readonly tries: readonly TryRecord[]
}

export interface Evidence {
  readonly run: RunRecord | undefined
  /** By channel, in the order in which the store gave them. */
  readonly truth: ReadonlyMap<string, readonly TruthRecord[]>
  readonly operations: readonly Operation[]
  /** By device, in the order of arrival. */
  readonly heard: ReadonlyMap<string, readonly (WireRecord | HintRecord)[]>
  readonly shown: ReadonlyMap<string, readonly ShownRecord[]>
  readonly links: ReadonlyMap<string, readonly LinkRecord[]>
  readonly finals: readonly FinalRecord[]
  readonly places: readonly PlaceRecord[]
  readonly audits: readonly AuditRecord[]
  readonly faults: readonly FaultRecord[]
  readonly gauges: readonly GaugeRecord[]
  /** The event of a channel at a seq. */
  at(channel: string, seq: number): TruthRecord | undefined
  /** The events that carry a client id of an author. */
  named(author: string, clientId: string): readonly TruthRecord[]
  /** From when to when a person was in a channel. */
  spans(channel: string, person: string): readonly Span[]
}

export function evidenceOf(unsorted: readonly HistoryRecord[]): Evidence {
  const records = unsorted.toSorted((one, other) => one.t - other.t)
  const kinds = Map.groupBy(records, (record) => record.kind)
  const of = <K extends HistoryRecord['kind']>(kind: K) =>
    (kinds.get(kind) ?? []) as Extract<HistoryRecord, { kind: K }>[]
  const truths = of('truth')
  const bySeq = new Map(truths.map((row) => [`${row.channel} ${row.seq}`, row]))
  const byName = Map.groupBy(
    truths.filter(({ clientId }) => clientId !== undefined),
    ({ author, clientId }) => `${author} ${clientId}`,
  )
  const truth = Map.groupBy(truths, ({ channel }) => channel)
  const spans = spansOf(truth)
  const ends = records.filter(
    ({ kind }) => kind === 'ok' || kind === 'fail' || kind === 'info',
  ) as EndRecord[]
  const heard = records.filter((record) => record.kind === 'wire' || record.kind === 'hint')
  return {
    run: of('run')[0],
    truth,
    operations: operationsOf(of('invoke'), of('try'), ends),
    heard: Map.groupBy(heard, ({ who }) => who),
    shown: Map.groupBy(of('shown'), ({ who }) => who),
    links: Map.groupBy(of('link'), ({ who }) => who),
    finals: of('final'),
    places: of('place'),
    audits: of('audit'),
    faults: of('fault'),
    gauges: of('gauge'),
    at: (channel, seq) => bySeq.get(`${channel} ${seq}`),
    named: (author, clientId) => byName.get(`${author} ${clientId}`) ?? [],
    spans: (channel, person) => spans.get(`${channel} ${person}`) ?? [],
  }
}

function operationsOf(
  invokes: readonly InvokeRecord[],
  tries: readonly TryRecord[],
  ends: readonly EndRecord[],
): Operation[] {
  // A send may be on the wire before the call that asked for it returns.
  const triesOf = Map.groupBy(tries, ({ op }) => op)
  const endsOf = Map.groupBy(ends, ({ op }) => op)
  return [...new Map(invokes.map((invoke) => [invoke.op, invoke])).values()].map((invoke) => {
    const all = endsOf.get(invoke.op) ?? []
    const answers = all.filter(({ kind }) => kind !== 'info')
    return { invoke, end: answers[0] ?? all[0], answers, tries: triesOf.get(invoke.op) ?? [] }
  })
}
