/** Nodes with one thing wrong: whoever judges runs has to find each of them. */
import type { LogEvent } from '@madang/protocol'
import type { Dispatcher } from '../../feed/dispatcher.ts'
import type { Entered, Feeds } from '../../feed/feeds.ts'
import { overStore } from '../../gateway/testing/over-store.ts'
import type { Append, AppendResult, Store } from '../../store/store.ts'
import type { Seams, Weather } from './node.ts'

export interface NodeMutant {
  readonly seams: () => Seams
  /** The invariants of which at least one is broken. */
  readonly breaks: readonly string[]
  /** Where it shows; without a word, in any. */
  readonly weather?: Weather
  /** Within so many seeds, beginning with 1. */
  readonly seedsMax: number
}

const NEVER_MS = 1_000_000_000

const REMOVALS: ReadonlySet<string> = new Set(['left', 'kicked', 'banned'])

/** The same feeds, but for what is given. */
function otherFeeds(feeds: Feeds, other: Partial<Feeds>): Feeds {
  return {
    start: (listener) => feeds.start(listener),
    watch: (channelId) => feeds.watch(channelId),
    unwatch: (channelId) => feeds.unwatch(channelId),
    enter: (channelId, cursor, admit) => feeds.enter(channelId, cursor, admit),
    accept: (events) => feeds.accept(events),
    head: (channelId) => feeds.head(channelId),
    stop: () => feeds.stop(),
    ...other,
  }
}

/** Something else happens to each event on its way from the feed to the gateway. */
function delivering(
  feeds: Feeds,
  deliver: (event: LogEvent, next: (event: LogEvent) => void) => void,
): Feeds {
  return otherFeeds(feeds, {
    start: (listener) =>
      feeds.start({ deliver: (event) => deliver(event, (it) => listener.deliver(it)) }),
  })
}

function entering(feeds: Feeds, change: (entered: Entered) => Entered): Feeds {
  return otherFeeds(feeds, {
    enter: (channelId, cursor, admit) =>
      feeds.enter(channelId, cursor, (entered) => admit(change(entered))),
  })
}

function otherDispatcher(dispatcher: Dispatcher, other: Partial<Dispatcher>): Dispatcher {
  return new Proxy(dispatcher, {
    get(target, name) {
      const own: unknown = Reflect.get(Object.hasOwn(other, name) ? other : target, name)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}

function outOfOrder(feeds: Feeds): Feeds {
  const held = new Map<string, LogEvent>()
  return delivering(feeds, (event, next) => {
    const before = held.get(event.channelId)
    if (before === undefined && event.seq % 7 === 0) {
      held.set(event.channelId, event)
      return
    }
    next(event)
    held.delete(event.channelId)
    if (before !== undefined) next(before)
  })
}

/** As a server does that trusts its broker: what comes is shown. */
function trusting(feeds: Feeds, dispatcher: Dispatcher): Feeds {
  return otherFeeds(feeds, {
    start: async (listener) => {
      dispatcher.handle('event', (_, event) => listener.deliver(event))
      await feeds.start({ deliver() {} })
    },
    accept: (events) => {
      feeds.accept(events)
    },
  })
}

/** Tells of messages before they are committed, as if nothing could come in between. */
function hasty(store: Store, feeds: () => Feeds): Store {
  return overStore(store, {
    append: async (entries) => {
      const [entry] = entries
      if (entry?.entry.kind === 'created') {
        const heads = await store.heads([entry.channelId])
        feeds().accept([eventOf(entry, (heads.get(entry.channelId) ?? 0) + 1)])
      }
      return store.append(entries)
    },
  })
}

/** Answers some messages without having stored them. */
function forgetful(store: Store): Store {
  let count = 0
  return overStore(store, {
    append: async (entries) => {
      const [entry] = entries
      count += 1
      if (entry?.entry.kind !== 'created' || count % 11 !== 0) return store.append(entries)
      const heads = await store.heads([entry.channelId])
      const event = eventOf(entry, (heads.get(entry.channelId) ?? 0) + 1)
      return [{ outcome: 'appended', event }] satisfies AppendResult[]
    },
  })
}

/** Stores a message anew each time that it is sent. */
function repetitious(store: Store): Store {
  let count = 0
  return overStore(store, {
    append: (entries) =>
      store.append(
        entries.map((append) => {
          if (append.entry.kind !== 'created') return append
          count += 1
          const clientId = `${append.entry.clientId}-${count}`
          return { ...append, entry: { ...append.entry, clientId } }
        }),
      ),
  })
}

/** Reads logs as they were appended, whatever was deleted since. */
function indiscreet(store: Store, texts: Map<string, string>): Store {
  return overStore(store, {
    append: (entries) => {
      for (const { id, entry } of entries) if (entry.kind === 'created') texts.set(id, entry.text)
      return store.append(entries)
    },
    eventsAfter: async (requests) => {
      const pages = await store.eventsAfter(requests)
      return pages.map((page) => ({
        ...page,
        events: page.events.map((event) =>
          event.kind === 'created' ? { ...event, text: texts.get(event.id) ?? event.text } : event,
        ),
      }))
    },
  })
}

function eventOf({ id, channelId, author, createdAt, entry }: Append, seq: number): LogEvent {
  if (entry.kind !== 'created') throw new Error('only messages are foretold')
  const { clientId, lane, text } = entry
  return { kind: 'created', id, channelId, seq, author, createdAt, clientId, lane, text }
}

export const NODE_MUTANTS: Readonly<Record<string, NodeMutant>> = {
  'holes are not repaired from the store': {
    seams: () => ({ limits: { holeGraceMs: NEVER_MS } }),
    breaks: ['I5'],
    seedsMax: 5,
  },
  'heads are never compared': {
    seams: () => ({
      limits: {
        compareIntervalMs: NEVER_MS,
        compareAwayIntervalMs: NEVER_MS,
        gapSpreadMsMax: NEVER_MS,
      },
    }),
    breaks: ['I5'],
    seedsMax: 10,
  },
  'gaps are not listened to': {
    seams: () => ({ dispatcher: (dispatcher) => otherDispatcher(dispatcher, { onGap() {} }) }),
    breaks: ['I5'],
    weather: 'told',
    seedsMax: 40,
  },
  'the broker’s health is not listened to': {
    seams: () => ({ limits: { compareAwayIntervalMs: 10_000 } }),
    breaks: ['I5'],
    weather: 'away',
    seedsMax: 200,
  },
  'every ninth event is delivered twice': {
    seams: () => ({
      feeds: (feeds) =>
        delivering(feeds, (event, next) => {
          next(event)
          if (event.seq % 9 === 0) next(event)
        }),
    }),
    breaks: ['I6'],
    seedsMax: 5,
  },
  'every seventh event is overtaken': {
    seams: () => ({ feeds: outOfOrder }),
    breaks: ['I5', 'I6'],
    seedsMax: 5,
  },
  'frames are shown as they come': {
    seams: () => ({ feeds: (feeds, _, dispatcher) => trusting(feeds, dispatcher) }),
    breaks: ['I5', 'I6'],
    seedsMax: 5,
  },
  'a replay ends one event early': {
    seams: () => ({
      feeds: (feeds) =>
        entering(feeds, (entered) => ({ ...entered, events: entered.events.slice(0, -1) })),
    }),
    breaks: ['I5'],
    seedsMax: 5,
  },
  'a replay ends one seq early': {
    seams: () => ({
      feeds: (feeds) =>
        entering(feeds, (entered) => ({ ...entered, head: Math.max(0, entered.head - 1) })),
    }),
    breaks: ['I5', 'I6'],
    seedsMax: 10,
  },
  'who is removed stays in the room': {
    seams: () => ({
      feeds: (feeds, wire) =>
        delivering(feeds, (event, next) => {
          if (REMOVALS.has(event.kind)) wire.emitTo(`c:${event.channelId}`, 'event', event)
          else next(event)
        }),
    }),
    breaks: ['I11'],
    seedsMax: 10,
  },
  'who is removed leaves one event later': {
    seams: () => ({ feeds: lateEviction }),
    breaks: ['I11', 'I5', 'I6'],
    seedsMax: 20,
  },
  'events are told before they are committed': {
    seams: () => ({ store: hasty }),
    breaks: ['I7'],
    seedsMax: 5,
  },
  'some sends are answered and not stored': {
    seams: () => ({ store: forgetful }),
    breaks: ['I1'],
    seedsMax: 20,
  },
  'a retry is stored again': {
    seams: () => ({ store: repetitious }),
    breaks: ['I2'],
    seedsMax: 40,
  },
  'deleted texts are read': {
    seams: () => {
      const texts = new Map<string, string>()
      return { store: (store) => indiscreet(store, texts) }
    },
    breaks: ['I13', 'I9'],
    seedsMax: 40,
  },
}

/** A removal is acted upon after the event that follows it. */
function lateEviction(feeds: Feeds): Feeds {
  const late = new Map<string, LogEvent>()
  return delivering(feeds, (event, next) => {
    if (REMOVALS.has(event.kind) && !late.has(event.channelId)) {
      late.set(event.channelId, event)
      return
    }
    next(event)
    const removal = late.get(event.channelId)
    late.delete(event.channelId)
    if (removal !== undefined) next(removal)
  })
}
