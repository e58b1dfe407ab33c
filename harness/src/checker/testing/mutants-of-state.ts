/** Histories in which what events add up to is wrong: I9, I10, I13. */
import type { HistoryRecord } from '../../history/record.ts'
import { all, changed, isCreated, isUntouched, type Mutant, type Of } from './mutate.ts'

export const STATE: readonly Mutant[] = [
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
