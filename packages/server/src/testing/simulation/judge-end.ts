/** Judges the end of a simulated run, when everything has come to rest: every device shows what the store holds. */
import type { Id, LogEvent } from '@madang/protocol'
import type { Belongings } from '../../store/store.ts'
import type { Device } from './device.ts'
import type { Report } from './judge.ts'
import type { Truth } from './truth.ts'
import { View } from './view.ts'

/** `knows`: whether every device has been told of every channel that is its person's. */
export function judgeEnd(device: Device, truth: Truth, knows: boolean, report: Report): void {
  const name = `device ${device.index}`
  if (!device.ready) report('I5', `${name} is not connected`)
  for (const { clientId } of device.outbox.waiting) {
    report('I8', `${name} never learned what became of ${clientId}`)
  }
  for (const channelId of truth.channels) {
    if (truth.log(channelId).length > 0) judgeChannel(name, device, channelId, truth, report)
    if (knows && truth.isMember(channelId, device.personId) && !device.known.has(channelId)) {
      report('I5', `${name} was never told that a channel is its own`)
    }
  }
}

function judgeChannel(
  name: string,
  device: Device,
  channelId: Id,
  truth: Truth,
  report: Report,
): void {
  const log = truth.log(channelId)
  const view = device.views.get(channelId)
  const known = device.known.get(channelId)
  if (!truth.isMember(channelId, device.personId)) {
    if (view !== undefined) report('I11', `${name} still has a channel open that it was put out of`)
    return
  }
  if (view !== undefined) {
    if (view.at !== log.length) report('I5', `${name} is at ${view.at} of ${log.length}`)
    else judgeView(name, view, log, report)
  } else if (known !== undefined && known !== log.length) {
    report('I5', `${name} knows of ${known} of ${log.length}, of a channel that it has not open`)
  }
}

/** What a device shows is what whoever reads the log from its beginning shows. */
function judgeView(name: string, view: View, log: readonly LogEvent[], report: Report): void {
  const fresh = new View(log, log.length)
  for (const [seq, { text }] of fresh.messages) {
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
  const ids = new Set(channels.map(({ id }) => id))
  for (const channelId of truth.channels) {
    const member = truth.isMember(channelId, personId)
    if (member !== ids.has(channelId) && communities.length > 0)
      report('I12', `a place in ${channelId} is not what the log says`)
  }
  for (const { id, cursor, unread } of channels) {
    const { messages } = new View(truth.log(id), 0)
    const others = truth
      .log(id)
      .filter(
        ({ kind, seq, author }) => kind === 'created' && seq > cursor && author.id !== personId,
      )
    const count = others.filter(({ seq }) => messages.get(seq)?.text !== null).length
    if (count !== unread) report('I10', `${unread} are unread after ${cursor}, and not ${count}`)
  }
}
