/** Histories with one thing wrong, each of which the checker has to find. Pure; made from any history that is right. */
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
type Of<K extends Kind> = K extends EndRecord['kind']
  ? EndRecord
  : Extract<HistoryRecord, { kind: K }>

const all = <K extends Kind>(records: readonly HistoryRecord[], kind: K): Of<K>[] =>
  records.filter(({ kind: one }) => one === kind) as Of<K>[]

/** With one of those that fit replaced by others; none for a removal. */
function replaced<K extends Kind>(
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

const changed = <K extends Kind>(
  kind: K,
  fits: (record: Of<K>, records: readonly HistoryRecord[]) => boolean,
  change: (record: Of<K>, records: readonly HistoryRecord[]) => Partial<Of<K>>,
): Mutant['mutate'] =>
  replaced(kind, fits, (record, records) => [{ ...record, ...change(record, records) }])

const invokeOf = (records: readonly HistoryRecord[], op: string) =>
  all(records, 'invoke').find((invoke) => invoke.op === op)

const isSend = (records: readonly HistoryRecord[], op: string): boolean =>
  invokeOf(records, op)?.deed === 'send'

const isCreated = ({ event }: { readonly event: string }): boolean => event === 'created'

const isUntouched = (records: readonly HistoryRecord[], channel: string, seq: number): boolean =>
  !all(records, 'truth').some((row) => row.channel === channel && row.target === seq)

/** The removals after which the person never came back, with something that followed. */
function removalsOf(records: readonly HistoryRecord[]) {
  const rows = all(records, 'truth')
  return rows.flatMap((row) => {
    if (row.event !== 'left' && row.event !== 'kicked') return []
    const later = rows.filter(({ channel, seq }) => channel === row.channel && seq > row.seq)
    const isBack = later.some(({ event, subject }) => event === 'joined' && subject === row.subject)
    const [next] = later
    return isBack || next === undefined ? [] : [{ removed: row, next, person: row.subject ?? '' }]
  })
}

/** With one more record for the device of somebody who was removed for good. */
function toTheRemoved(
  make: (what: ReturnType<typeof removalsOf>[number], who: string, t: number) => HistoryRecord,
): Mutant['mutate'] {
  return (records, random) => {
    const removal = random.pick(removalsOf(records))
    const who = all(records, 'final').find(({ person }) => person === removal?.person)?.who
    if (removal === undefined || who === undefined) return undefined
    const t = Math.max(...records.map((record) => record.t)) + 1
    return [...records, make(removal, who, t)]
  }
}

const SENDS: readonly Mutant[] = [
  {
    name: 'an acknowledged message is not in the log',
    breaks: 'I1',
    mutate: (records, random) => {
      const lasts = all(records, 'truth').filter(isCreated).slice(-1)
      const lost = random.pick(lasts)
      return records.filter((record) => record !== lost)
    },
  },
  {
    name: 'an acknowledgement names the seq of another message',
    breaks: 'I1',
    mutate: changed(
      'ok',
      ({ op }, records) => isSend(records, op),
      ({ seq = 1 }) => ({
        seq: seq === 1 ? 2 : seq - 1,
      }),
    ),
  },
  {
    name: 'an acknowledgement names another id',
    breaks: 'I1',
    mutate: changed(
      'ok',
      ({ id }) => id !== undefined,
      () => ({ id: 'another' }),
    ),
  },
  {
    name: 'a retry is stored a second time',
    breaks: 'I2',
    mutate: replaced('truth', isCreated, (row, records) => {
      const log = all(records, 'truth').filter(({ channel }) => channel === row.channel)
      return [row, { ...row, seq: log.length + 1, id: 'again' }]
    }),
  },
  {
    name: 'two messages have changed places, in the log and in the answers',
    breaks: 'I3',
    mutate: (records) => {
      const sent = all(records, 'truth').filter(
        (row) => isCreated(row) && row.channel === firstOf(records),
      )
      const [one, other] = [sent.at(1), sent.at(-2)]
      if (one === undefined || other === undefined || one === other) return undefined
      const seqs = new Map([
        [one.seq, other.seq],
        [other.seq, one.seq],
      ])
      return records.map((record) => {
        if (record.kind === 'ok' && invokeOf(records, record.op)?.channel !== one.channel)
          return record
        if (!('seq' in record) || record.seq === undefined) return record
        if ('channel' in record && record.channel !== one.channel) return record
        return { ...record, seq: seqs.get(record.seq) ?? record.seq } as HistoryRecord
      })
    },
  },
  {
    name: 'a seq is missing, and nobody has heard of it',
    breaks: 'I3',
    mutate: (records, random) => {
      const gone = random.pick(
        all(records, 'truth').filter((row) => row.seq > 1 && row.event === 'edited'),
      )
      if (gone === undefined) return undefined
      return records.filter(
        (record) =>
          !('channel' in record && 'seq' in record) ||
          record.channel !== gone.channel ||
          record.seq !== gone.seq,
      )
    },
  },
  {
    name: 'a sender never learns what became of a send',
    breaks: 'I8',
    mutate: replaced(
      'ok',
      ({ op }, records) => isSend(records, op),
      () => [],
    ),
  },
  {
    name: 'a client waits for an answer for ever',
    breaks: 'I8',
    mutate: changed(
      'final',
      () => true,
      () => ({ waiting: ['op-1'] }),
    ),
  },
  {
    name: 'a send was refused for good, and is in the log',
    breaks: 'I8',
    mutate: replaced(
      'ok',
      ({ op }, records) => isSend(records, op),
      ({ t, op, who }) => [{ t, kind: 'fail', op, who, code: 'forbidden' }],
    ),
  },
]

const firstOf = (records: readonly HistoryRecord[]): string =>
  all(records, 'truth').find(isCreated)?.channel ?? ''

const READING: readonly Mutant[] = [
  {
    name: 'two readers are told two texts under one id',
    breaks: 'I4',
    mutate: changed(
      'wire',
      (wire, records) => isCreated(wire) && isUntouched(records, wire.channel, wire.seq),
      () => ({ text: 'another text' }),
    ),
  },
  {
    name: 'one reader is told two seqs the other way round',
    breaks: 'I4',
    mutate: changed('wire', isCreated, ({ seq }) => ({ seq: seq === 1 ? 2 : seq - 1 })),
  },
  {
    name: 'a message is shown after a later one',
    breaks: 'I4',
    mutate: (records, random) => {
      const live = all(records, 'shown').filter(({ how }) => how === 'live')
      const late = random.pick(live.slice(0, -1))
      const next = live.findLast(
        ({ who, channel }) => who === late?.who && channel === late.channel,
      )
      if (late === undefined || next === undefined || next === late) return undefined
      return records.map((record) => (record === late ? { ...late, t: next.t + 0.5 } : record))
    },
  },
  {
    name: 'a member never gets one message',
    breaks: 'I5',
    mutate: changed(
      'final',
      ({ isMember, messages }) => isMember && messages.length > 0,
      ({ messages }) => ({ messages: messages.slice(0, -1) }),
    ),
  },
  {
    name: 'somebody who was removed takes itself for a member',
    breaks: 'I5',
    mutate: changed(
      'final',
      ({ isMember }) => !isMember,
      () => ({ isMember: true }),
    ),
  },
  {
    name: 'a message is shown twice',
    breaks: 'I6',
    mutate: replaced(
      'shown',
      ({ how }) => how !== 'page',
      (shown) => [shown, shown],
    ),
  },
  {
    name: 'a connection is told an event twice',
    breaks: 'I6',
    mutate: replaced(
      'wire',
      ({ via }) => via === 'live',
      (wire) => [wire, wire],
    ),
  },
  {
    name: 'an event is delivered before it is rolled back',
    breaks: 'I7',
    mutate: replaced('wire', isCreated, (wire) => [
      wire,
      { ...wire, conn: wire.conn + 1_000, seq: 1_000_000, id: 'rolled back' },
    ]),
  },
  {
    name: 'a device shows what nobody wrote',
    breaks: 'I7',
    mutate: changed(
      'final',
      ({ messages }) => messages.length > 0,
      ({ messages }) => ({ messages: messages.map((one) => ({ ...one, clientId: 'invented' })) }),
    ),
  },
]

const STATE: readonly Mutant[] = [
  {
    name: 'a deleted message comes back by a late edit',
    breaks: 'I9',
    mutate: (records, random) => {
      const rows = all(records, 'truth')
      const gone = random.pick(rows.filter(({ event }) => event === 'deleted'))
      if (gone === undefined) return undefined
      const log = rows.filter(({ channel }) => channel === gone.channel)
      const edit = {
        ...gone,
        event: 'edited',
        seq: log.length + 1,
        id: 'late',
        text: 'back',
      } as const
      return [...records, edit]
    },
  },
  {
    name: 'one device missed an edit',
    breaks: 'I9',
    mutate: changed(
      'final',
      ({ isMember, messages }) => isMember && messages.some(({ text }) => text !== null),
      ({ messages }) => {
        const at = messages.findIndex(({ text }) => text !== null)
        return { messages: messages.with(at, { ...messages[at], text: 'stale' } as never) }
      },
    ),
  },
  {
    name: 'the log serves an edited message as it was',
    breaks: 'I9',
    mutate: changed(
      'truth',
      (row, records) =>
        isCreated(row) && row.text !== null && !isUntouched(records, row.channel, row.seq),
      () => ({ text: 'as it was' }),
    ),
  },
  {
    name: 'unread is off by one on one device',
    breaks: 'I10',
    mutate: changed(
      'final',
      ({ unread, isMember }) => unread !== undefined && isMember,
      ({ unread = 0 }) => ({ unread: unread + 1 }),
    ),
  },
  {
    name: 'unread is off by one in the store',
    breaks: 'I10',
    mutate: changed(
      'place',
      ({ isMember }) => isMember,
      ({ unread }) => ({ unread: unread + 1 }),
    ),
  },
  {
    name: 'a cursor goes back',
    breaks: 'I10',
    mutate: (records) => {
      const reads = all(records, 'invoke').filter(({ deed }) => deed === 'read')
      const spans = (one: Of<'invoke'>) =>
        all(records, 'truth').filter(
          ({ channel, subject }) => channel === one.channel && subject === one.person,
        ).length
      const last = reads.findLast(
        (one) =>
          spans(one) === 1 &&
          reads.some(
            (other) =>
              other !== one &&
              other.who === one.who &&
              other.channel === one.channel &&
              other.t < one.t,
          ),
      )
      const end = records.find((record) => record.kind === 'ok' && record.op === last?.op)
      return (
        end && records.map((one) => (one === end ? { ...end, cursor: 0 } : one) as HistoryRecord)
      )
    },
  },
  {
    name: 'the history still tells a deleted text',
    breaks: 'I13',
    mutate: changed(
      'audit',
      (row) => isCreated(row) && row.text === null,
      () => ({ text: 'not so gone' }),
    ),
  },
  {
    name: 'an edit still tells a deleted text',
    breaks: 'I13',
    mutate: (records, random) => {
      const rows = all(records, 'truth')
      const gone = random.pick(rows.filter(({ event }) => event === 'deleted'))
      const edit = rows.findLast(
        ({ event, channel, target }) =>
          event === 'edited' && channel === gone?.channel && target === gone.target,
      )
      const made = gone && { ...gone, event: 'edited' as const, text: 'not so gone', seq: 0 }
      if (edit === undefined) return made && [...records, made]
      return records.map((record) => (record === edit ? { ...edit, text: 'not so gone' } : record))
    },
  },
  {
    name: 'a device still shows a deleted message',
    breaks: 'I13',
    mutate: changed(
      'final',
      ({ isMember, messages }) => isMember && messages.some(({ text }) => text === null),
      ({ messages }) => ({
        messages: messages.map((one) => ({ ...one, text: one.text ?? 'still' })),
      }),
    ),
  },
]

const MEMBERSHIP: readonly Mutant[] = [
  {
    name: 'somebody who was removed is told one event',
    breaks: 'I11',
    mutate: toTheRemoved(({ next, person }, who, t) => ({
      ...next,
      ...{ kind: 'wire', t, who, person, conn: 1_000, via: 'live' },
    })),
  },
  {
    name: 'somebody who was removed is told one event by a replay',
    breaks: 'I11',
    mutate: toTheRemoved(({ next, person }, who, t) => ({
      ...next,
      ...{ kind: 'wire', t, who, person, conn: 1_000, via: 'replay' },
    })),
  },
  {
    name: 'somebody who was removed is told one event of the history',
    breaks: 'I11',
    mutate: toTheRemoved(({ next, person }, who, t) => ({
      ...next,
      ...{ kind: 'wire', t, who, person, conn: 1_000, via: 'page' },
    })),
  },
  {
    name: 'somebody who was removed is told a digest',
    breaks: 'I11',
    mutate: toTheRemoved(({ next, person }, who, t) => ({
      ...{ kind: 'hint', t, who, person, conn: 1_000, what: 'digest' },
      ...{ channel: next.channel, head: next.seq },
    })),
  },
  {
    name: 'somebody who was removed is told that somebody types',
    breaks: 'I11',
    mutate: (records, random) => {
      const gone = random.pick(
        all(records, 'hint').filter(
          ({ what, channel, person, t }) =>
            what === 'gone' &&
            removalsOf(records).some(
              (one) => one.person === person && one.removed.channel === channel,
            ) &&
            !all(records, 'invoke').some(
              (one) =>
                one.deed === 'join' &&
                one.person === person &&
                one.channel === channel &&
                one.t > t,
            ),
        ),
      )
      return gone && [...records, { ...gone, t: gone.t + 0.5, what: 'typing' }]
    },
  },
  {
    name: 'somebody who was removed writes',
    breaks: 'I12',
    mutate: (records, random) => {
      const removal = random.pick(removalsOf(records))
      if (removal === undefined) return undefined
      const { removed, person } = removal
      const log = all(records, 'truth').filter(({ channel }) => channel === removed.channel)
      const { subject: _, ...base } = removed
      const row = {
        ...base,
        event: 'created',
        author: person,
        clientId: 'late',
        text: 'late',
      } as const
      return [...records, { ...row, seq: log.length + 1, id: 'late' }]
    },
  },
  {
    name: 'a node still has a socket when everybody has gone',
    breaks: 'I14',
    mutate: changed(
      'gauge',
      () => true,
      () => ({ value: 1 }),
    ),
  },
]

const VACUITY: readonly Mutant[] = [
  {
    name: 'a fault did nothing',
    breaks: 'unknown',
    mutate: (records) =>
      records.map((record) => (record.kind === 'fault' ? { ...record, acted: false } : record)),
  },
  {
    name: 'there was no fault',
    breaks: 'unknown',
    mutate: (records) => records.filter(({ kind }) => kind !== 'fault'),
  },
  {
    name: 'nothing happened',
    breaks: 'unknown',
    mutate: (records) => records.filter(({ kind }) => kind === 'fault' || kind === 'run'),
  },
  {
    name: 'nobody was removed',
    breaks: 'unknown',
    mutate: (records) =>
      records.filter(
        (record) =>
          !('channel' in record && record.channel !== firstOf(records)) &&
          !(record.kind === 'truth' && (record.event === 'left' || record.event === 'kicked')),
      ),
  },
  {
    name: 'nobody looked at the gauges',
    breaks: 'unknown',
    mutate: (records) => records.filter(({ kind }) => kind !== 'gauge'),
  },
]

export const MUTANTS: readonly Mutant[] = [
  ...SENDS,
  ...READING,
  ...STATE,
  ...MEMBERSHIP,
  ...VACUITY,
]
