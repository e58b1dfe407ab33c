/** Whether a channel is read, and what each event makes of it. */
import type { LogEvent, MyChannel } from '@madang/protocol'
import {
  withCount,
  withCursor,
  withDigest,
  withKnown,
  withLogEvent,
  withRead,
  withSent,
} from '../../unread.ts'
import { myChannel } from '../fake-server.ts'
import { author, ModelLog } from '../model-log.ts'
import { cells, type Table, tableCase } from './table.ts'

/** read: nothing is unread · unread: something is, after the cursor. */
export type UnreadState = 'read' | 'unread'

/** The numbers that change; `down`: less is unread, `up`: more is. */
export type UnreadChange = 'head' | 'messages' | 'cursor' | 'up' | 'down'

const ME = author(0)
const log = new ModelLog()
for (let at = 0; at < 6; at += 1) log.send({ clientId: `c${at}`, by: author(1), text: 'text' })

/** Of six messages four are known, and all or two of them are read. */
const known = { head: 4, messages: 4 }
const SAMPLES: Record<UnreadState, MyChannel> = {
  read: myChannel(log.channelId, { ...known, cursor: 4 }),
  unread: myChannel(log.channelId, { ...known, cursor: 2, unread: 2 }),
}

const next = log.raw(5)
const digest = { channelId: log.channelId, communityId: 'c1', head: 6, messages: 6 }
const heard = (event: LogEvent) => (at: MyChannel) => withLogEvent(at, event, ME.id)
/** A new connection, on which the server does not know yet what was read here. */
const connected = (epoch: string) => (at: MyChannel) => {
  const told = myChannel(at.id, { ...known, cursor: 0, unread: 4, epoch })
  return withKnown(told, at)
}

const EVENTS = {
  messageOfAnother: heard(next),
  ownMessage: heard({ ...next, author: ME }),
  acknowledged: (at: MyChannel) => withSent(at, 5),
  acknowledgedFurtherOn: (at: MyChannel) => withSent(at, 6),
  knownMessage: heard(log.raw(4)),
  deletion: heard({ ...next, kind: 'deleted', target: 4 } as LogEvent),
  otherEvent: heard({ ...next, kind: 'edited', target: 4, text: 'edited' } as LogEvent),
  digest: (at: MyChannel) => withDigest(at, digest),
  digestOfDeletions: (at: MyChannel) => withDigest(at, { ...digest, messages: 2 }),
  oldDigest: (at: MyChannel) => withDigest(at, { ...digest, head: 4 }),
  readElsewhere: (at: MyChannel) => withRead(at, { cursor: 4, unread: 0 }),
  readInPartElsewhere: (at: MyChannel) => withRead(at, { cursor: 3, unread: 1 }),
  readLessElsewhere: (at: MyChannel) => withRead(at, { cursor: 1, unread: 3 }),
  readHere: (at: MyChannel) => withCursor(at, 9, undefined),
  readInPartHere: (at: MyChannel) => withCursor(at, 3, 1),
  readInPartUncounted: (at: MyChannel) => withCursor(at, 3, undefined),
  countedNone: (at: MyChannel) => withCount(at, 0),
  countedSome: (at: MyChannel) => withCount(at, 1),
  notCounted: (at: MyChannel) => withCount(at, undefined),
  newConnection: connected('e1'),
  anotherEpoch: connected('e2'),
} as const satisfies Record<string, (at: MyChannel) => MyChannel>

export type UnreadEvent = keyof typeof EVENTS

function changes(before: MyChannel, after: MyChannel): readonly UnreadChange[] {
  const found: Record<UnreadChange, boolean> = {
    head: after.head !== before.head,
    messages: after.messages !== before.messages,
    cursor: after.cursor !== before.cursor,
    up: after.unread > before.unread,
    down: after.unread < before.unread,
  }
  return (Object.keys(found) as UnreadChange[]).filter((change) => found[change])
}

const to = cells<UnreadState, UnreadChange>()

export const UNREAD_TABLE = {
  read: {
    messageOfAnother: to('unread', 'head', 'messages', 'up'),
    ownMessage: to('read', 'head', 'messages', 'cursor'),
    acknowledged: to('read', 'head', 'messages', 'cursor'),
    acknowledgedFurtherOn: to('read', 'cursor'),
    knownMessage: to('read'),
    deletion: to('read', 'head', 'messages'),
    otherEvent: to('read', 'head'),
    digest: to('unread', 'head', 'messages', 'up'),
    digestOfDeletions: to('read', 'head', 'messages'),
    oldDigest: to('read'),
    readElsewhere: to('read'),
    readInPartElsewhere: to('read'),
    readLessElsewhere: to('read'),
    readHere: to('read'),
    readInPartHere: to('read'),
    readInPartUncounted: to('read'),
    countedNone: to('read'),
    countedSome: to('unread', 'up'),
    notCounted: to('read'),
    newConnection: to('read'),
    anotherEpoch: to('unread', 'cursor', 'up'),
  },
  unread: {
    messageOfAnother: to('unread', 'head', 'messages', 'up'),
    ownMessage: to('read', 'head', 'messages', 'cursor', 'down'),
    acknowledged: to('read', 'head', 'messages', 'cursor', 'down'),
    acknowledgedFurtherOn: to('read', 'cursor', 'down'),
    knownMessage: to('unread'),
    deletion: to('unread', 'head', 'messages'),
    otherEvent: to('unread', 'head'),
    digest: to('unread', 'head', 'messages', 'up'),
    digestOfDeletions: to('read', 'head', 'messages', 'down'),
    oldDigest: to('unread'),
    readElsewhere: to('read', 'cursor', 'down'),
    readInPartElsewhere: to('unread', 'cursor', 'down'),
    readLessElsewhere: to('unread'),
    readHere: to('read', 'cursor', 'down'),
    readInPartHere: to('unread', 'cursor', 'down'),
    readInPartUncounted: to('unread', 'cursor'),
    countedNone: to('read', 'down'),
    countedSome: to('unread', 'down'),
    notCounted: to('unread'),
    newConnection: to('unread'),
    anotherEpoch: to('unread', 'cursor', 'up'),
  },
} as const satisfies Table<UnreadState, UnreadEvent, UnreadChange>

export const unreadCase = tableCase<MyChannel, UnreadState, UnreadEvent, UnreadChange>({
  name: 'unread',
  table: UNREAD_TABLE,
  samples: SAMPLES,
  events: EVENTS,
  stateOf: ({ unread }) => (unread === 0 ? 'read' : 'unread'),
  changes,
})
