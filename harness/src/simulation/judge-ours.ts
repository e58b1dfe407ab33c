/** Judges what our client shows at the end of a simulated run, when everything has come to rest. */
import type { ChannelHandle, TimelineItem } from '@madang/client'
import type { Id, LogEvent, MyChannel } from '@madang/protocol'
import type { Report } from './judge.ts'
import type { Belongings } from './judge-end.ts'
import type { OurDevice } from './ours.ts'
import type { Message, Truth } from './truth.ts'

export interface Ground {
  readonly truth: Truth
  /** The person's places, as the store tells them. */
  readonly places: Belongings
  /** Whether every device has been told of every change of its person's places. */
  readonly knows: boolean
  /** Whether what was read elsewhere was surely heard: a notice of it that is lost is not made up for before the next connection. */
  readonly hears: boolean
  readonly report: Report
}

export function judgeOurs(device: OurDevice, ground: Ground): void {
  const { report, knows, places, truth } = ground
  const name = `device ${device.index}`
  const { connection, channels } = device.client.session.snapshot()
  if (connection.status !== 'online') report('I5', `${name} is ${connection.status}, not online`)
  if (device.pipes.length > 1) report('I14', `${name} has ${device.pipes.length} connections`)
  judgeSends(name, device, ground)
  const known = new Map(channels.map((channel) => [channel.id, channel]))
  const own = new Set(places.channels.map(({ id }) => id))
  for (const { id } of knows ? places.channels : []) {
    if (!known.has(id)) report('I5', `${name} was never told that a channel is its own`)
  }
  for (const channel of channels) judgeHead(name, device, channel, ground)
  for (const [id, handle] of device.handles) {
    const isOwn = own.has(id)
    const isLost = truth.lastVisible(id, device.personId) < Number.POSITIVE_INFINITY
    if (!isOwn && (knows || isLost)) judgeGone(name, device.personId, handle, report)
    else if (isOwn && known.has(id)) judgeTimeline(name, handle, ground)
  }
}

/** Everybody learns what became of what they sent, and it stands in the order in which they sent it. */
function judgeSends(name: string, device: OurDevice, { truth, report }: Ground): void {
  const last = new Map<Id, number>()
  for (const { clientId, channelId } of device.asked) {
    const seq = truth.sent(device.personId, clientId)
    const isStored = seq !== undefined
    const before = last.get(channelId) ?? 0
    if (isStored && seq < before) {
      report('I3', `${name} sent ${clientId}, at ${seq}, after what is at ${before}`)
    }
    last.set(channelId, Math.max(before, seq ?? 0))
    const items = device.handles.get(channelId)?.snapshot().items ?? []
    const shown = items.find(({ key }) => key === clientId)
    const state = shown?.kind === 'message' ? shown.state : undefined
    if (state === 'pending') report('I8', `${name} never learned what became of ${clientId}`)
    if (isStored && state === 'failed') report('I8', `${name} shows ${clientId} as failed`)
    if (!isStored && state === 'sent') report('I1', `${name} shows ${clientId} as sent`)
    if (!isStored && state === undefined && !device.forgotten.has(clientId)) {
      report('I8', `${name} has lost ${clientId}`)
    }
  }
}

function judgeHead(
  name: string,
  device: OurDevice,
  { id, head, cursor, unread }: MyChannel,
  { truth, places, knows, hears, report }: Ground,
): void {
  const place = places.channels.find((one) => one.id === id)
  // Who is out of it, and was not told so.
  if (place === undefined) {
    if (knows) report('I11', `${name} still has a channel that is not its own`)
    return
  }
  const length = truth.log(id).length
  // Nobody who only watches is told of what they have not open.
  if (!device.handles.has(id) && place.role === null) return
  if (head !== length) report('I5', `${name} knows of ${head} of ${length}`)
  const handle = device.handles.get(id)
  if (handle === undefined) return
  const { items, more } = handle.snapshot()
  // Where the window does not reach back to the cursor, the count is a hint.
  if (more && (items[0]?.seq ?? 0) > cursor + 1) return
  const count = truth.unread(id, device.personId, cursor)
  if (count !== unread) {
    report('I10', `${name} counts ${unread} unread after ${cursor}, and not ${count}`)
  }
  if (hears && cursor !== place.cursor) {
    report('I10', `${name} has read up to ${cursor}, the person up to ${place.cursor}`)
  }
}

/** Nothing of a channel is shown to those who are out of it, but for what they wrote themselves and learn only now to have been stored. */
function judgeGone(name: string, self: Id, handle: ChannelHandle, report: Report): void {
  const shown = handle
    .snapshot()
    .items.filter(
      (item) => item.kind === 'note' || (item.seq !== undefined && item.author.id !== self),
    )
  if (shown.length > 0) {
    report('I11', `${name} still shows ${shown.length} rows of a channel that it is out of`)
  }
}

const FOLDED: ReadonlySet<string> = new Set(['edited', 'deleted', 'question'])

function judgeTimeline(name: string, handle: ChannelHandle, { truth, report }: Ground): void {
  const { items, more, loaded } = handle.snapshot()
  if (!loaded) {
    report('I5', `${name} has loaded nothing`)
    return
  }
  const rows = items.filter(({ seq }) => seq !== undefined)
  const log = truth.log(handle.id).filter(({ kind }) => !FOLDED.has(kind))
  const first = rows[0]?.seq ?? Number.POSITIVE_INFINITY
  const expected = more ? log.filter(({ seq }) => seq >= first) : log
  const seqs = rows.map(({ seq }) => seq)
  if (seqs.some((seq, at) => (seq ?? 0) <= (seqs[at - 1] ?? 0))) {
    report('I6', `${name} shows [${seqs}]`)
    return
  }
  if (expected.length !== rows.length || expected.length === 0) {
    report('I5', `${name} shows [${seqs}], not [${expected.map(({ seq }) => seq)}]`)
    return
  }
  const messages = truth.messages(handle.id)
  for (const [at, event] of expected.entries()) {
    const wrong = differenceOf(rows[at], event, messages.get(event.seq))
    if (wrong !== undefined) report('I9', `${name} shows at ${event.seq} ${wrong}`)
  }
}

function differenceOf(
  row: TimelineItem | undefined,
  event: LogEvent,
  message: Message | undefined,
): string | undefined {
  if (row?.seq !== event.seq) return `what is at ${row?.seq}`
  if (row.kind === 'note') return row.event.id === event.id ? undefined : 'another event'
  if (message === undefined) return 'a message that is none'
  if (row.text !== message.text) return `"${row.text}", not "${message.text}"`
  if (row.state !== 'sent') return `something ${row.state}`
  if (message.text !== null && row.edited !== message.edited) return `edited: ${row.edited}`
  return undefined
}
