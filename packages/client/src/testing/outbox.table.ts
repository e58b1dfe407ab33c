/** What becomes of one unsent message in every state with every input. A cell that is left out does not compile; `outbox-table.test.ts` runs each. */
import type { ErrorBody } from '@madang/protocol'
import { errorBody } from '@madang/protocol/errors'
import type { Draft, Entry, OutboxEffect, OutboxInput, SendAnswer } from '../outbox.ts'

export const DRAFT: Draft = { clientId: 'm1', channelId: 'a', text: 'hi', createdAt: 1 }

const answered = (answer: SendAnswer): OutboxInput => ({
  kind: 'answered',
  clientId: 'm1',
  attempt: 1,
  answer,
})
const refused = (error: ErrorBody): OutboxInput => answered({ outcome: 'refused', error })

/** Where the outcome of an answer decides, a row for each. */
export const INPUTS = {
  restored: { kind: 'restored', drafts: [DRAFT] },
  switched: { kind: 'switched' },
  send: { kind: 'send', draft: { ...DRAFT, clientId: 'm2' } },
  saved: { kind: 'saved', revision: 1 },
  online: { kind: 'online' },
  lost: { kind: 'lost' },
  answeredSent: answered({ outcome: 'sent', id: 'id', seq: 1, createdAt: 1 }),
  answeredNever: refused(errorBody('banned')),
  answeredLater: refused(errorBody('unavailable', { retryAfterMs: 1_000 })),
  answeredNow: refused(errorBody('draining')),
  answeredUnknown: answered({ outcome: 'unknown' }),
  seen: { kind: 'seen', clientIds: new Set(['m1']) },
  retry: { kind: 'retry', clientId: 'm1' },
  discard: { kind: 'discard', clientId: 'm1' },
  timer: { kind: 'timer' },
} as const satisfies Record<string, OutboxInput>

export type InputName = keyof typeof INPUTS

export interface Expected {
  readonly to: Entry['state'] | 'gone'
  readonly effects: readonly OutboxEffect['kind'][]
}

const to = (state: Expected['to'], ...effects: Expected['effects']): Expected => ({
  to: state,
  effects,
})
const queued = to('queued')
const inFlight = to('inFlight')
const failed = to('failed')
const resolved = to('gone', 'save')
const sent = to('gone', 'sent', 'save')

export const TABLE: Record<Entry['state'], Record<InputName, Expected>> = {
  queued: {
    restored: queued,
    switched: to('gone'),
    send: to('queued', 'save'),
    saved: queued,
    online: queued,
    lost: queued,
    answeredSent: sent,
    answeredNever: queued,
    answeredLater: queued,
    answeredNow: queued,
    answeredUnknown: queued,
    seen: resolved,
    retry: queued,
    discard: queued,
    timer: queued,
  },
  inFlight: {
    restored: inFlight,
    switched: to('gone'),
    send: to('inFlight', 'save'),
    saved: inFlight,
    online: inFlight,
    lost: queued,
    answeredSent: sent,
    answeredNever: to('failed', 'save'),
    answeredLater: queued,
    answeredNow: to('inFlight', 'emit'),
    answeredUnknown: queued,
    seen: resolved,
    retry: inFlight,
    discard: inFlight,
    timer: inFlight,
  },
  failed: {
    restored: failed,
    switched: to('gone'),
    send: to('failed', 'save'),
    saved: failed,
    online: failed,
    lost: failed,
    answeredSent: sent,
    answeredNever: failed,
    answeredLater: failed,
    answeredNow: failed,
    answeredUnknown: failed,
    seen: resolved,
    retry: to('queued', 'save'),
    discard: resolved,
    timer: failed,
  },
}
