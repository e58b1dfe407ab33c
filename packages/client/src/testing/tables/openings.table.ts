/** What the server does with a channel and what people want of it, and what each event makes of that. */
import { errorBody } from '@madang/protocol/errors'
import { newOpenings, type Openings, type OpeningsInput, stepOpenings } from '../../openings.ts'
import { cells, type Table, tableCase } from './table.ts'

const NOW = 1_000_000
const ID = 'a'

/**
 * absent: nobody looks, and it is not open · closed: somebody looks, and it is to be asked for · asked, open, refused, gone: as the server has
 * it, while somebody looks · dropped: asked for, and nobody looks any longer · stale: open with a hole · idle: open, and nobody looks · closing:
 * it is being closed · reopened: so it is, and somebody looks again · offline: somebody looks, and there is no connection.
 */
export type OpeningState =
  | 'absent'
  | 'offline'
  | 'closed'
  | 'asked'
  | 'dropped'
  | 'open'
  | 'stale'
  | 'idle'
  | 'closing'
  | 'reopened'
  | 'refused'
  | 'gone'

/** What the server is asked now; `wake`: it is asked when the timer comes. */
export type OpeningDeed = 'sync open' | 'sync close' | 'wake' | 'wake later'

const never = errorBody('not_found')
const later = errorBody('rate_limited', { retryAfterMs: 1_000 })
const answered = (error?: typeof never): OpeningsInput => ({
  kind: 'answered',
  replays: [{ channelId: ID, error }],
})

const INPUTS = {
  open: { kind: 'open', channelId: ID },
  close: { kind: 'close', channelId: ID },
  readyOpen: { kind: 'ready', open: [ID], replays: [{ channelId: ID }] },
  readyClosed: { kind: 'ready', open: [], replays: [] },
  readyRefused: { kind: 'ready', open: [ID], replays: [{ channelId: ID, error: never }] },
  readyLater: { kind: 'ready', open: [ID], replays: [{ channelId: ID, error: later }] },
  answered: answered(),
  answeredNever: answered(never),
  answeredLater: answered(later),
  failedNever: { kind: 'failed', error: never },
  failedLater: { kind: 'failed', error: later },
  unanswered: { kind: 'failed' },
  stale: { kind: 'stale', channelIds: [ID] },
  joined: { kind: 'joined', channelId: ID },
  joinedNever: { kind: 'joined', channelId: ID, error: never },
  joinedLater: { kind: 'joined', channelId: ID, error: later },
  gone: { kind: 'gone', channelId: ID },
  mine: { kind: 'mine', channelId: ID },
  lost: { kind: 'lost' },
  timer: { kind: 'timer' },
} as const satisfies Record<string, OpeningsInput>

export type OpeningEvent = keyof typeof INPUTS

const run = (state: Openings, ...inputs: OpeningsInput[]): Openings =>
  inputs.reduce((at, input) => stepOpenings(at, input, NOW, 0.5)[0], state)

const online = run(newOpenings, INPUTS.readyClosed)
const closed = run(online, INPUTS.open)
const asked = run(closed, INPUTS.timer)
const open = run(asked, INPUTS.answered)
const idle = run(open, INPUTS.close)
const closing = run(idle, INPUTS.timer)
const SAMPLES: Record<OpeningState, Openings> = {
  absent: online,
  offline: run(open, INPUTS.lost),
  closed,
  asked,
  dropped: run(asked, INPUTS.close),
  open,
  stale: run(open, INPUTS.stale),
  idle,
  closing,
  reopened: run(closing, INPUTS.open),
  refused: run(asked, INPUTS.answeredNever),
  gone: run(open, INPUTS.gone),
}

function stateOf({ channels, online: isOnline }: Openings): OpeningState {
  const one = channels.get(ID)
  if (!one) return 'absent'
  const isLookedAt = one.openers > 0
  if (one.stale && one.server !== 'open') throw new Error('only what is open has a hole')
  switch (one.server) {
    case 'asked':
      return isLookedAt ? 'asked' : 'dropped'
    case 'open':
      if (!isLookedAt) return 'idle'
      return one.stale ? 'stale' : 'open'
    case 'closing':
      return isLookedAt ? 'reopened' : 'closing'
    case 'closed':
      return isOnline ? 'closed' : 'offline'
    case 'refused':
    case 'gone':
      return one.server
  }
}

const takes = (input: OpeningsInput) => (before: Openings) => {
  const [after, effects] = stepOpenings(before, input, NOW, 0.5)
  const asks = effects.flatMap((effect): OpeningDeed[] => [
    ...(effect.open.length > 0 ? (['sync open'] as const) : []),
    ...(effect.close.length > 0 ? (['sync close'] as const) : []),
  ])
  const { timerAt } = after
  const wakes: OpeningDeed[] = timerAt === undefined ? [] : [timerAt > NOW ? 'wake later' : 'wake']
  return [after, [...asks, ...wakes]] as const
}

const EVENTS = Object.fromEntries(
  Object.entries(INPUTS).map(([name, input]) => [name, takes(input)]),
) as Record<OpeningEvent, ReturnType<typeof takes>>

const to = cells<OpeningState, OpeningDeed>()

export const OPENINGS_TABLE = {
  absent: {
    open: to('closed', 'wake'),
    close: to('absent'),
    readyOpen: to('idle', 'wake'),
    readyClosed: to('absent'),
    readyRefused: to('absent'),
    readyLater: to('absent'),
    answered: to('absent'),
    answeredNever: to('absent'),
    answeredLater: to('absent'),
    failedNever: to('absent'),
    failedLater: to('absent'),
    unanswered: to('absent'),
    stale: to('absent'),
    joined: to('idle', 'wake'),
    joinedNever: to('absent'),
    joinedLater: to('absent'),
    gone: to('absent'),
    mine: to('absent'),
    lost: to('absent'),
    timer: to('absent'),
  },
  offline: {
    open: to('offline'),
    close: to('absent'),
    readyOpen: to('open'),
    readyClosed: to('closed', 'wake'),
    readyRefused: to('refused'),
    readyLater: to('closed', 'wake later'),
    answered: to('offline'),
    answeredNever: to('offline'),
    answeredLater: to('offline'),
    failedNever: to('offline'),
    failedLater: to('offline'),
    unanswered: to('offline'),
    stale: to('offline'),
    joined: to('open'),
    joinedNever: to('refused'),
    joinedLater: to('offline'),
    gone: to('gone'),
    mine: to('offline'),
    lost: to('offline'),
    timer: to('offline'),
  },
  closed: {
    open: to('closed', 'wake'),
    close: to('absent'),
    readyOpen: to('open'),
    readyClosed: to('closed', 'wake'),
    readyRefused: to('refused'),
    readyLater: to('closed', 'wake later'),
    answered: to('closed', 'wake'),
    answeredNever: to('closed', 'wake'),
    answeredLater: to('closed', 'wake later'),
    failedNever: to('closed', 'wake later'),
    failedLater: to('closed', 'wake later'),
    unanswered: to('closed', 'wake later'),
    stale: to('closed', 'wake'),
    joined: to('open'),
    joinedNever: to('refused'),
    joinedLater: to('closed', 'wake later'),
    gone: to('gone'),
    mine: to('closed', 'wake'),
    lost: to('offline'),
    timer: to('asked', 'sync open'),
  },
  asked: {
    open: to('asked'),
    close: to('dropped'),
    readyOpen: to('open'),
    readyClosed: to('closed', 'wake'),
    readyRefused: to('refused'),
    readyLater: to('closed', 'wake later'),
    answered: to('open'),
    answeredNever: to('refused'),
    answeredLater: to('closed', 'wake later'),
    failedNever: to('refused'),
    failedLater: to('closed', 'wake later'),
    unanswered: to('closed', 'wake later'),
    stale: to('asked'),
    joined: to('open'),
    joinedNever: to('refused'),
    joinedLater: to('closed'),
    gone: to('gone'),
    mine: to('asked'),
    lost: to('offline'),
    timer: to('asked'),
  },
  dropped: {
    open: to('asked'),
    close: to('dropped'),
    readyOpen: to('idle', 'wake'),
    readyClosed: to('absent'),
    readyRefused: to('absent'),
    readyLater: to('absent'),
    answered: to('idle', 'wake'),
    answeredNever: to('absent'),
    answeredLater: to('absent'),
    failedNever: to('absent'),
    failedLater: to('absent'),
    unanswered: to('absent'),
    stale: to('dropped'),
    joined: to('idle'),
    joinedNever: to('absent'),
    joinedLater: to('absent'),
    gone: to('absent'),
    mine: to('dropped'),
    lost: to('absent'),
    timer: to('dropped'),
  },
  open: {
    open: to('open'),
    close: to('idle', 'wake'),
    readyOpen: to('open'),
    readyClosed: to('closed', 'wake'),
    readyRefused: to('refused'),
    readyLater: to('closed', 'wake later'),
    answered: to('open'),
    answeredNever: to('open'),
    answeredLater: to('open'),
    failedNever: to('open'),
    failedLater: to('open'),
    unanswered: to('open'),
    stale: to('stale', 'wake'),
    joined: to('open'),
    joinedNever: to('refused'),
    joinedLater: to('closed', 'wake later'),
    gone: to('gone'),
    mine: to('open'),
    lost: to('offline'),
    timer: to('open'),
  },
  stale: {
    open: to('stale', 'wake'),
    close: to('idle', 'wake'),
    readyOpen: to('open'),
    readyClosed: to('closed', 'wake'),
    readyRefused: to('refused'),
    readyLater: to('closed', 'wake later'),
    answered: to('stale', 'wake'),
    answeredNever: to('stale', 'wake'),
    answeredLater: to('stale', 'wake later'),
    failedNever: to('stale', 'wake later'),
    failedLater: to('stale', 'wake later'),
    unanswered: to('stale', 'wake later'),
    stale: to('stale', 'wake'),
    joined: to('open'),
    joinedNever: to('refused'),
    joinedLater: to('closed', 'wake later'),
    gone: to('gone'),
    mine: to('stale', 'wake'),
    lost: to('offline'),
    timer: to('asked', 'sync open'),
  },
  idle: {
    open: to('open'),
    close: to('idle', 'wake'),
    readyOpen: to('idle', 'wake'),
    readyClosed: to('absent'),
    readyRefused: to('absent'),
    readyLater: to('absent'),
    answered: to('idle', 'wake'),
    answeredNever: to('idle', 'wake'),
    answeredLater: to('idle', 'wake later'),
    failedNever: to('idle', 'wake later'),
    failedLater: to('idle', 'wake later'),
    unanswered: to('idle', 'wake later'),
    stale: to('idle', 'wake'),
    joined: to('idle', 'wake'),
    joinedNever: to('absent'),
    joinedLater: to('absent'),
    gone: to('absent'),
    mine: to('idle', 'wake'),
    lost: to('absent'),
    timer: to('closing', 'sync close'),
  },
  closing: {
    open: to('reopened'),
    close: to('closing'),
    readyOpen: to('idle', 'wake'),
    readyClosed: to('absent'),
    readyRefused: to('absent'),
    readyLater: to('absent'),
    answered: to('absent'),
    answeredNever: to('absent'),
    answeredLater: to('absent'),
    failedNever: to('idle', 'wake later'),
    failedLater: to('idle', 'wake later'),
    unanswered: to('idle', 'wake later'),
    stale: to('closing'),
    joined: to('closing'),
    joinedNever: to('closing'),
    joinedLater: to('closing'),
    gone: to('absent'),
    mine: to('closing'),
    lost: to('absent'),
    timer: to('closing'),
  },
  reopened: {
    open: to('reopened'),
    close: to('closing'),
    readyOpen: to('open'),
    readyClosed: to('closed', 'wake'),
    readyRefused: to('refused'),
    readyLater: to('closed', 'wake later'),
    answered: to('closed', 'wake'),
    answeredNever: to('closed', 'wake'),
    answeredLater: to('closed', 'wake later'),
    failedNever: to('closed', 'wake later'),
    failedLater: to('closed', 'wake later'),
    unanswered: to('closed', 'wake later'),
    stale: to('reopened'),
    joined: to('reopened'),
    joinedNever: to('reopened'),
    joinedLater: to('reopened'),
    gone: to('gone'),
    mine: to('reopened'),
    lost: to('offline'),
    timer: to('reopened'),
  },
  refused: {
    open: to('refused'),
    close: to('absent'),
    readyOpen: to('open'),
    readyClosed: to('closed', 'wake'),
    readyRefused: to('refused'),
    readyLater: to('closed', 'wake later'),
    answered: to('refused'),
    answeredNever: to('refused'),
    answeredLater: to('refused'),
    failedNever: to('refused'),
    failedLater: to('refused'),
    unanswered: to('refused'),
    stale: to('refused'),
    joined: to('open'),
    joinedNever: to('refused'),
    joinedLater: to('closed', 'wake later'),
    gone: to('gone'),
    mine: to('closed', 'wake'),
    lost: to('offline'),
    timer: to('refused'),
  },
  gone: {
    open: to('gone'),
    close: to('absent'),
    readyOpen: to('open'),
    readyClosed: to('closed', 'wake'),
    readyRefused: to('refused'),
    readyLater: to('closed', 'wake later'),
    answered: to('gone'),
    answeredNever: to('gone'),
    answeredLater: to('gone'),
    failedNever: to('gone'),
    failedLater: to('gone'),
    unanswered: to('gone'),
    stale: to('gone'),
    joined: to('open'),
    joinedNever: to('refused'),
    joinedLater: to('closed', 'wake later'),
    gone: to('gone'),
    mine: to('closed', 'wake'),
    lost: to('offline'),
    timer: to('gone'),
  },
} as const satisfies Table<OpeningState, OpeningEvent, OpeningDeed>

export const openingsCase = tableCase<Openings, OpeningState, OpeningEvent, OpeningDeed>({
  name: 'opening',
  table: OPENINGS_TABLE,
  samples: SAMPLES,
  events: EVENTS,
  stateOf,
})
