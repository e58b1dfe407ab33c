import assert from 'node:assert/strict'
import { it } from 'node:test'
import { LIMITS, type MyChannel } from '@madang/protocol'
import { GATEWAY_BOUNDS } from '../bounds.ts'
import { placeKey } from './offset.ts'
import { fromOf, resumptionOf } from './resumption.ts'

const AT = Date.UTC(2026, 0, 1)
const channelOf = (n: number, head: number, epoch = '0'): MyChannel => ({
  id: `00000000-0000-7000-8000-00000000000${n}`,
  communityId: '00000000-0000-7000-8000-0000000000aa',
  kind: 'text',
  visibility: 'public',
  name: `c${n}`,
  topic: '',
  createdAt: 0,
  epoch,
  head,
  messages: 0,
  role: 'member',
  cursor: 0,
  unread: 0,
})
const placeOf = ({ id, epoch }: MyChannel, seq: number) => ({ key: placeKey(id, epoch), seq })

it('a channel that is named goes on there, the others from a little before it', () => {
  const [one, two] = [channelOf(1, 9), channelOf(2, 90)]
  const offset = { at: AT, places: [placeOf(one, 7)], whole: false }
  const resumption = resumptionOf(offset, [one, two])
  assert.equal(fromOf(resumption, one.id), 7)
  assert.deepEqual(fromOf(resumption, two.id), { since: AT - GATEWAY_BOUNDS.resumeOverlapMs })
  assert.equal(resumption.complete, true)
})

it('nobody is called recovered who cannot be given all that they missed', () => {
  const one = channelOf(1, 1_000)
  const isComplete = (seq: number, channels: readonly MyChannel[] = [one]) =>
    resumptionOf({ at: AT, places: [placeOf(one, seq)], whole: true }, channels).complete
  assert.equal(isComplete(1_000 - LIMITS.replayEventsMax), true)
  assert.equal(isComplete(999 - LIMITS.replayEventsMax), false)
  assert.equal(isComplete(1_001), false)
  assert.equal(isComplete(1_000, []), false)
  assert.equal(isComplete(1_000, [channelOf(1, 1_000, 'restored')]), false)
})
