/** Histories in which somebody hears, says or leaves behind too much: I11, I12, I14. */
import type { HistoryRecord } from '../../history/record.ts'
import { all, changed, type Mutant } from './mutate.ts'

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

export const MEMBERSHIP: readonly Mutant[] = [
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
