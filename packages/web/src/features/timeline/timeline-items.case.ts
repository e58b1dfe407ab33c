/** Timeline items for tests. */
import type { TimelineMessage, TimelineNote } from '@madang/client'

export const ME = 'me'
export const MINA = 'mina'

export function message(
  seq: number | undefined,
  over: Partial<TimelineMessage> = {},
): TimelineMessage {
  return {
    kind: 'message',
    key: `m${seq ?? 'pending'}`,
    state: seq === undefined ? 'pending' : 'sent',
    seq,
    author: { id: MINA, name: 'Mina' },
    text: `text ${seq}`,
    lane: 'chat',
    createdAt: 1_000 + (seq ?? 999),
    edited: false,
    ...over,
  }
}

export const mine = (seq: number | undefined, over: Partial<TimelineMessage> = {}) =>
  message(seq, { author: { id: ME, name: 'Me' }, ...over })

export function note(seq: number, kind: 'joined' | 'renamed' = 'joined'): TimelineNote {
  const base = {
    id: '',
    channelId: '',
    seq,
    createdAt: 1_000 + seq,
    author: { id: MINA, name: '' },
  }
  const event =
    kind === 'joined'
      ? { ...base, kind, subject: base.author, role: 'member' as const }
      : { ...base, kind, name: 'new', topic: '' }
  return { kind: 'note', key: `n${seq}`, seq, event }
}
