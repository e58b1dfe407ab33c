/** A history in which everything is right and everything is tried, made up by the dice: what mutants are made of. */
import type { EventKind } from '@madang/protocol'
import type { EventFacts, HistoryRecord, Untimed } from '../../history/record.ts'
import { createRandom, type Random } from '../../random.ts'

const CHANNELS = ['hall', 'club'] as const
const PEOPLE = ['ann', 'bob', 'cid', 'dora'] as const
const STEPS = 240

type Person = (typeof PEOPLE)[number]

interface Log {
  readonly rows: EventFacts[]
  readonly members: Set<Person>
  readonly cursors: Map<Person, number>
}

class World {
  readonly records: HistoryRecord[] = []
  readonly random: Random
  readonly logs = new Map<string, Log>()
  #t = 0
  #ops = 0

  constructor(seed: number) {
    this.random = createRandom(seed)
    for (const channel of CHANNELS)
      this.logs.set(channel, { rows: [], members: new Set(), cursors: new Map() })
  }

  log(channel: string): Log {
    const log = this.logs.get(channel)
    if (log === undefined) throw new Error(`there is no ${channel}`)
    return log
  }

  note(record: Untimed<HistoryRecord>): void {
    this.#t += 1
    this.records.push({ t: this.#t, ...record } as HistoryRecord)
  }

  newOp(): string {
    this.#ops += 1
    return `op-${this.#ops}`
  }

  /** Appends, and tells every member's device. */
  append(
    channel: string,
    event: EventKind,
    more: Omit<EventFacts, 'channel' | 'seq' | 'id' | 'event'>,
  ) {
    const log = this.log(channel)
    const seq = log.rows.length + 1
    const row = { channel, seq, id: `${channel}-${seq}`, event, ...more }
    log.rows.push(row)
    if (event === 'joined') log.members.add(row.subject as Person)
    const hearers = [...log.members]
    if (event === 'left' || event === 'kicked') log.members.delete(row.subject as Person)
    for (const person of hearers) this.tell(person, row)
    return row
  }

  tell(person: Person, row: EventFacts): void {
    const device = { who: deviceOf(person), person }
    const { channel, seq, author, clientId = '' } = row
    this.note({ kind: 'wire', ...device, conn: 1, via: 'live', ...row })
    if (row.event !== 'created') return
    const how = author === person ? 'own' : 'live'
    this.note({ kind: 'shown', ...device, channel, seq, author, clientId, how })
  }
}

const deviceOf = (person: Person): string => (person < 'c' ? `ours-${person}` : `stock-${person}`)

/** About 240 acts of four people in two channels, with a fault in the middle. */
export function cleanHistory(seed: number): HistoryRecord[] {
  const world = new World(seed)
  world.note({ kind: 'run', scenario: 'made up', seed, command: 'none' })
  for (const person of PEOPLE) {
    world.note({ kind: 'link', who: deviceOf(person), conn: 1, state: 'up', node: 'node-1' })
    for (const channel of CHANNELS) join(world, channel, person)
  }
  for (let step = 0; step < STEPS; step++) {
    if (step === STEPS / 2) {
      const fault = { kind: 'fault', name: 'SIGKILL', target: 'node-1' } as const
      world.note({ ...fault, phase: 'start', acted: false })
      world.note({ ...fault, phase: 'end', acted: true })
    }
    act(world)
  }
  // Each of these is tried in every history, whatever the dice say.
  const own = send(world, 'hall', 'ann')
  amend(world, 'edited', own, 'ann', 'edited at the end')
  amend(world, 'deleted', send(world, 'hall', 'ann'), 'ann', undefined)
  if (!world.log('club').members.has('bob')) join(world, 'club', 'bob')
  remove(world, 'kicked', 'club', 'bob')
  send(world, 'club', 'ann')
  read(world, 'hall', 'dora')
  send(world, 'hall', 'ann')
  read(world, 'hall', 'dora')
  send(world, 'hall', 'bob')
  finish(world)
  return world.records
}

function act(world: World): void {
  const { random } = world
  const channel = random.next() < 0.7 ? 'hall' : 'club'
  const log = world.log(channel)
  const person = random.pick(PEOPLE) ?? 'ann'
  const isIn = log.members.has(person)
  // Ann stays, so that somebody always writes.
  if (channel === 'club' && person !== 'ann' && random.next() < 0.15) {
    if (!isIn) join(world, channel, person)
    else remove(world, random.next() < 0.5 ? 'left' : 'kicked', channel, person)
    return
  }
  if (!isIn) return
  const own = log.rows.filter((row) => row.event === 'created' && row.author === person)
  const standing = own.filter(({ seq }) => !isDeleted(log, seq))
  const target = random.pick(standing)
  const dice = random.next()
  if (dice < 0.1 && target)
    amend(world, 'edited', target, person, `edit ${random.below(1_000_000)}`)
  else if (dice < 0.15 && target) amend(world, 'deleted', target, person, undefined)
  else if (dice < 0.3) read(world, channel, person)
  else send(world, channel, person)
}

const isDeleted = (log: Log, seq: number): boolean =>
  log.rows.some((row) => row.event === 'deleted' && row.target === seq)

function send(world: World, channel: string, person: Person): EventFacts {
  const op = world.newOp()
  const text = `text of ${op}`
  const who = deviceOf(person)
  world.note({ kind: 'invoke', op, deed: 'send', who, person, channel, clientId: op, text })
  const tries = world.random.next() < 0.2 ? 2 : 1
  for (let one = 0; one < tries; one++) world.note({ kind: 'try', op, who, conn: 1 })
  const row = world.append(channel, 'created', { author: person, clientId: op, text })
  // Who had to try again may have read in the log, before the answer comes, what became of it.
  if (tries > 1 && world.random.next() < 0.5) world.note({ kind: 'ok', op, who, seq: row.seq })
  world.note({ kind: 'ok', op, who, seq: row.seq, id: row.id, duplicate: tries > 1 })
  const log = world.log(channel)
  log.cursors.set(person, row.seq)
  return row
}

function amend(
  world: World,
  event: 'edited' | 'deleted',
  { channel, seq: target }: EventFacts,
  person: Person,
  text: string | undefined,
): void {
  const op = world.newOp()
  const who = deviceOf(person)
  const deed = event === 'edited' ? 'edit' : 'delete'
  world.note({ kind: 'invoke', op, deed, who, person, channel, target, ...(text && { text }) })
  const row = world.append(channel, event, { author: person, target, ...(text && { text }) })
  world.note({ kind: 'ok', op, who, seq: row.seq })
}

function read(world: World, channel: string, person: Person): void {
  const log = world.log(channel)
  const op = world.newOp()
  const who = deviceOf(person)
  const cursor = log.rows.length
  world.note({ kind: 'invoke', op, deed: 'read', who, person, channel, cursor })
  log.cursors.set(person, cursor)
  world.note({ kind: 'ok', op, who, cursor, unread: 0 })
}

function join(world: World, channel: string, person: Person): void {
  const op = world.newOp()
  const who = deviceOf(person)
  world.note({ kind: 'invoke', op, deed: 'join', who, person, channel })
  world.append(channel, 'joined', { author: person, subject: person })
  world.note({ kind: 'ok', op, who })
}

function remove(world: World, event: 'left' | 'kicked', channel: string, person: Person): void {
  const op = world.newOp()
  const deed = event === 'left' ? 'leave' : 'kick'
  const who = event === 'left' ? deviceOf(person) : 'keeper'
  world.note({ kind: 'invoke', op, deed, who, person, channel, subject: person })
  const row = world.append(channel, event, { author: person, subject: person })
  world.note({ kind: 'hint', who: deviceOf(person), person, conn: 1, what: 'gone', channel })
  world.note({ kind: 'ok', op, who, seq: row.seq })
}

/** The present state of a log's rows: the text of what was deleted is gone, and messages have their last text. */
function served({ rows }: Log): EventFacts[] {
  const texts = new Map<number, string | null>()
  for (const row of rows) {
    if (row.event === 'created') texts.set(row.seq, row.text ?? null)
    if (row.event === 'edited') texts.set(row.target ?? 0, row.text ?? null)
    if (row.event === 'deleted') texts.set(row.target ?? 0, null)
  }
  return rows.map((row) => {
    if (row.event === 'created') return { ...row, text: texts.get(row.seq) ?? null }
    const isGone = row.event === 'edited' && texts.get(row.target ?? 0) === null
    return isGone ? { ...row, text: null } : row
  })
}

function finish(world: World): void {
  for (const [channel, log] of world.logs) {
    const rows = served(log)
    const messages = rows.flatMap(({ seq, text = null, author, clientId = '', event }) =>
      event === 'created' ? [{ seq, text, author, clientId }] : [],
    )
    for (const row of rows) world.note({ kind: 'audit', ...row })
    for (const row of rows) world.note({ kind: 'truth', ...row })
    for (const person of PEOPLE) {
      const isMember = log.members.has(person)
      const who = deviceOf(person)
      const cursor = log.cursors.get(person) ?? 0
      const unread = messages.filter(
        ({ seq, author, text }) => seq > cursor && author !== person && text !== null,
      ).length
      world.note({ kind: 'place', person, channel, isMember, cursor, unread })
      const counts = who.startsWith('ours') && { unread }
      const final = { kind: 'final', who, person, channel, from: 1, isMember, ...counts } as const
      world.note({ ...final, waiting: [], messages })
    }
  }
  for (const name of ['madang_sockets', 'madang_feeds'])
    world.note({ kind: 'gauge', node: 'node-1', name, value: 0 })
}
