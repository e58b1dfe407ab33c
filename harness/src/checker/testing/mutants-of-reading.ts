/** Histories in which a reader was told or shown something wrong: I4 to I7. */
import { all, changed, isCreated, isUntouched, type Mutant, replaced } from './mutate.ts'

export const READING: readonly Mutant[] = [
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
