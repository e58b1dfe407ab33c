/** Histories in which a send went wrong: I1, I2, I3, I8. */
import type { HistoryRecord } from '../../history/record.ts'
import {
  all,
  changed,
  firstOf,
  invokeOf,
  isCreated,
  isSend,
  type Mutant,
  replaced,
} from './mutate.ts'

export const SENDS: readonly Mutant[] = [
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
    mutate: (records, random) => {
      const answered = new Set(all(records, 'ok').map(({ op }) => op))
      const sends = all(records, 'invoke').filter(
        ({ op, deed }) => deed === 'send' && answered.has(op),
      )
      const send = random.pick(sends)
      return send && records.filter((record) => record.kind !== 'ok' || record.op !== send.op)
    },
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
