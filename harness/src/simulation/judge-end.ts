/** Judges the end of a simulated run, when everything has come to rest: what the store tells, and what stock devices show. */
import type { Id, MyChannel } from '@madang/protocol'
import type { Report } from './judge.ts'
import type { StockDevice } from './stock.ts'
import type { Truth } from './truth.ts'
import type { View } from './view.ts'

/** A person's channels as the store tells them. */
export interface Belongings {
  readonly personId: Id
  readonly communities: readonly unknown[]
  readonly channels: readonly MyChannel[]
}

/** `knows`: whether every device has been told of every channel that is its person's. */
export function judgeStock(
  device: StockDevice,
  truth: Truth,
  knows: boolean,
  report: Report,
): void {
  const name = `device ${device.index}`
  if (!device.ready) report('I5', `${name} is not connected`)
  for (const { clientId } of device.outbox.waiting) {
    report('I8', `${name} never learned what became of ${clientId}`)
  }
  for (const channelId of truth.channels) {
    judgeChannel(name, device, channelId, truth, report)
    if (knows && truth.isMember(channelId, device.personId) && !device.known.has(channelId)) {
      report('I5', `${name} was never told that a channel is its own`)
    }
  }
}

function judgeChannel(
  name: string,
  device: StockDevice,
  channelId: Id,
  truth: Truth,
  report: Report,
): void {
  const head = truth.log(channelId).length
  const view = device.views.get(channelId)
  const known = device.known.get(channelId)
  if (!truth.isMember(channelId, device.personId)) {
    if (view === undefined || truth.isWatched(channelId)) return
    report('I11', `${name} still has a channel open that it was put out of`)
  } else if (view !== undefined) {
    if (view.at !== head) report('I5', `${name} is at ${view.at} of ${head}`)
    else judgeView(name, view, channelId, truth, report)
  } else if (known !== undefined && known !== head) {
    report('I5', `${name} knows of ${known} of ${head}, of a channel that it has not open`)
  }
}

/** What a device shows is what whoever reads the log from its beginning shows. */
function judgeView(name: string, view: View, channelId: Id, truth: Truth, report: Report): void {
  for (const [seq, { text }] of truth.messages(channelId)) {
    if (seq < view.from) continue
    const shown = view.messages.get(seq)
    if (shown?.text !== text)
      report('I9', `${name} shows "${shown?.text}" at ${seq}, not "${text}"`)
  }
}

/**
 * A person's channels and unread counts as the store tells them. Who is out of the community, and not yet out of all of its channels because that was broken off
 * in the middle, is told of none.
 */
export function judgePlaces(
  { personId, communities, channels }: Belongings,
  truth: Truth,
  report: Report,
): void {
  const ids = new Set(channels.filter(({ role }) => role !== null).map(({ id }) => id))
  for (const channelId of truth.channels) {
    const member = truth.isMember(channelId, personId)
    if (member !== ids.has(channelId) && communities.length > 0)
      report('I12', `a place in ${channelId} is not what the log says`)
  }
  for (const { id, cursor, unread } of channels) {
    const count = truth.unread(id, personId, cursor)
    if (count !== unread) report('I10', `${unread} are unread after ${cursor}, and not ${count}`)
  }
}
