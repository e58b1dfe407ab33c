/** Who of one community is online, as far as we know, and what each event makes of it. */
import { type Presence, presenceOf, withoutCommunity, withPresence } from '../../presence.ts'
import { author } from '../model-log.ts'
import { cells, type Table, tableCase } from './table.ts'

const [ANN, BOB] = [author(1), author(2)] as const

/** unknown: it is not ours, or nothing was told · counted: how many is known and nobody by name · named: people are. */
export type PresenceState = 'unknown' | 'counted' | 'named'
export type PresenceChange = 'people' | 'count'

const told = (count: number, ...online: (typeof ANN)[]): Presence =>
  presenceOf([{ communityId: 'c', online, count }])
const SAMPLES: Record<PresenceState, Presence> = {
  unknown: new Map(),
  counted: told(9),
  named: told(1, ANN),
}

interface News {
  readonly online?: (typeof ANN)[]
  readonly offline?: string[]
  readonly count: number
}
const notice =
  ({ online = [], offline = [], count }: News) =>
  (at: Presence) =>
    withPresence(at, { communityId: 'c', online, offline, count })

const EVENTS = {
  newConnection: () => told(2, ANN, BOB),
  newConnectionWithoutIt: () => presenceOf([]),
  someoneCame: notice({ online: [BOB], count: 2 }),
  theSameCameAgain: notice({ online: [{ ...ANN, name: 'new' }], count: 1 }),
  theSameWent: notice({ offline: [ANN.id], count: 0 }),
  aStrangerWent: notice({ offline: [BOB.id], count: 8 }),
  countAlone: notice({ count: 5 }),
  otherCommunity: (at: Presence) =>
    withPresence(at, { communityId: 'other', online: [BOB], offline: [ANN.id], count: 3 }),
  communityGone: (at: Presence) => withoutCommunity(at, 'c'),
  otherCommunityGone: (at: Presence) => withoutCommunity(at, 'other'),
} as const satisfies Record<string, (at: Presence) => Presence>

export type PresenceEvent = keyof typeof EVENTS

function changes(before: Presence, after: Presence): readonly PresenceChange[] {
  const [was, is] = [before.get('c'), after.get('c')]
  const people = JSON.stringify(was?.online ?? []) !== JSON.stringify(is?.online ?? [])
  return [
    ...(people ? (['people'] as const) : []),
    ...(was?.count !== is?.count ? (['count'] as const) : []),
  ]
}

const to = cells<PresenceState, PresenceChange>()

export const PRESENCE_TABLE = {
  unknown: {
    newConnection: to('named', 'people', 'count'),
    newConnectionWithoutIt: to('unknown'),
    someoneCame: to('named', 'people', 'count'),
    theSameCameAgain: to('named', 'people', 'count'),
    theSameWent: to('counted', 'count'),
    aStrangerWent: to('counted', 'count'),
    countAlone: to('counted', 'count'),
    otherCommunity: to('unknown'),
    communityGone: to('unknown'),
    otherCommunityGone: to('unknown'),
  },
  counted: {
    newConnection: to('named', 'people', 'count'),
    newConnectionWithoutIt: to('unknown', 'count'),
    someoneCame: to('named', 'people', 'count'),
    theSameCameAgain: to('named', 'people', 'count'),
    theSameWent: to('counted', 'count'),
    aStrangerWent: to('counted', 'count'),
    countAlone: to('counted', 'count'),
    otherCommunity: to('counted'),
    communityGone: to('unknown', 'count'),
    otherCommunityGone: to('counted'),
  },
  named: {
    newConnection: to('named', 'people', 'count'),
    newConnectionWithoutIt: to('unknown', 'people', 'count'),
    someoneCame: to('named', 'people', 'count'),
    theSameCameAgain: to('named', 'people'),
    theSameWent: to('counted', 'people', 'count'),
    aStrangerWent: to('named', 'count'),
    countAlone: to('named', 'count'),
    otherCommunity: to('named'),
    communityGone: to('unknown', 'people', 'count'),
    otherCommunityGone: to('named'),
  },
} as const satisfies Table<PresenceState, PresenceEvent, PresenceChange>

export const presenceCase = tableCase<Presence, PresenceState, PresenceEvent, PresenceChange>({
  name: 'presence',
  table: PRESENCE_TABLE,
  samples: SAMPLES,
  events: EVENTS,
  stateOf(presence) {
    const known = presence.get('c')
    if (!known) return 'unknown'
    return known.online.length > 0 ? 'named' : 'counted'
  },
  changes,
})
