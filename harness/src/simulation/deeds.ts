/** What somebody may do in a story, and what may go wrong. */
import type { Weather } from '@madang/server/simulation'
import { oneOf, type Roll } from './roll.ts'
import type { Story } from './story.ts'

/** `device` and `whom` count devices and people from 0. Who is expelled is out of the community with all of its channels. A fault ends by itself after `forMs`. */
export type Deed =
  | {
      readonly do: 'send'
      readonly device: number
      readonly channel: number
      readonly count: number
    }
  /** Changes the person's own message that is so far from the latest which the device shows. */
  | {
      readonly do: 'edit' | 'delete'
      readonly device: number
      readonly channel: number
      readonly back: number
    }
  | {
      readonly do: 'join' | 'leave' | 'open' | 'close' | 'read' | 'type' | 'page'
      readonly device: number
      readonly channel: number
    }
  | {
      readonly do: 'kick' | 'ban' | 'unban' | 'invite' | 'expel' | 'admit'
      readonly node: number
      readonly whom: number
      readonly channel: number
    }
  /** The connection breaks; the device knows it at once, the node after so long. */
  | { readonly do: 'break'; readonly device: number; readonly forMs: number }
  /** Nothing passes between the device and its node, and what was said meanwhile arrives in the end. */
  | { readonly do: 'stall'; readonly device: number; readonly forMs: number }
  /** Nothing passes any more, and neither of the two knows it for so long: a half-open connection. */
  | { readonly do: 'freeze'; readonly device: number; readonly forMs: number }
  /** As `stall`, for longer than anybody waits for an answer. */
  | { readonly do: 'hang'; readonly device: number; readonly forMs: number }
  /** The device reads too slowly for so long: the node lets it fall behind. */
  | { readonly do: 'lag'; readonly device: number; readonly forMs: number }
  /** The browser says that it is offline, and is. */
  | { readonly do: 'offline'; readonly device: number; readonly forMs: number }
  /** The page is loaded anew: what it knew is gone, but for what is in storage. */
  | { readonly do: 'reload'; readonly device: number }
  /** The process ends without a word, and another takes its place. */
  | { readonly do: 'crash'; readonly node: number; readonly forMs: number }
  /** The process is asked to go, and another takes its place. */
  | { readonly do: 'drain'; readonly node: number; readonly forMs: number }
  /** The broker is away for one node, which is told; what it publishes meanwhile is lost, and nobody else is told. */
  | { readonly do: 'part'; readonly node: number; readonly forMs: number }
  /** One node gets no frame, and is not told. */
  | { readonly do: 'deafen'; readonly node: number; readonly forMs: number }
  /** One node gets no frame, and is told afterwards, though the broker was there all the time. */
  | { readonly do: 'skip'; readonly node: number; readonly forMs: number }
  /** The broker is away for all nodes, and all are told. */
  | { readonly do: 'cut'; readonly forMs: number }
  /** One node is cut off from its clients: what is said meanwhile arrives in the end, and who comes waits. */
  | { readonly do: 'isolate'; readonly node: number; readonly forMs: number }
  /** The store refuses every call of one node. */
  | { readonly do: 'bar'; readonly node: number; readonly forMs: number }
  /** The store does what one node asks, and the answer is lost. */
  | { readonly do: 'mute'; readonly node: number; readonly forMs: number }

export type DeviceFault = Extract<Deed, { device: number; forMs: number }>
export type Lead = Extract<Deed, { whom: number }>

const LEADS = [
  'kick',
  'kick',
  'ban',
  'unban',
  'invite',
  'invite',
  'expel',
  'admit',
  'admit',
] as const
const DOES = ['join', 'leave', 'open', 'open', 'close', 'read', 'read', 'type', 'page'] as const
const DEVICE_FAULTS = ['break', 'break', 'stall', 'freeze', 'lag', 'offline'] as const
const ROUGH = ['crash', 'drain', 'part', 'deafen', 'skip', 'cut', 'isolate', 'bar', 'mute'] as const
const TOLD = ['drain', 'cut', 'bar', 'skip', 'skip', 'isolate'] as const
const ALONE = ['crash', 'drain', 'bar', 'mute', 'isolate'] as const

/** Longer than the client waits for an answer, in ms. */
const HANG_MS_MIN = 10_500

type Conditions = Pick<Story, 'weather' | 'nodes' | 'people' | 'devices' | 'places'>

export function deed(roll: Roll, story: Conditions): Deed {
  const chance = roll(100)
  const device = roll(story.devices.length)
  const channel = roll(3) === 0 ? roll(story.places.length) : 0
  const node = roll(story.nodes)
  if (chance < 34) return { do: 'send', device, channel, count: 1 + roll(3) }
  if (chance < 46) {
    return { do: roll(5) < 2 ? 'delete' : 'edit', device, channel, back: roll(4) }
  }
  if (chance < 60) return { do: oneOf(roll, DOES), device, channel }
  if (chance < 70) {
    const whom = 1 + roll(story.people - 1)
    return { do: oneOf(roll, LEADS), node, whom, channel }
  }
  if (chance < 74) return { do: 'reload', device }
  if (chance < 75) return { do: 'hang', device, forMs: HANG_MS_MIN + roll(3_000) }
  if (chance < 86) return { do: oneOf(roll, DEVICE_FAULTS), device, forMs: roll(2_500) }
  return nodeFault(roll, story.weather, node)
}

/** In weather that is told, nothing happens that only the next comparison of heads could find: it is calm sooner. */
function nodeFault(roll: Roll, weather: Weather, node: number): Deed {
  const rough = weather === 'untold'
  const forMs = 100 + roll(rough ? 4_000 : 1_200)
  if (rough) return { do: oneOf(roll, ROUGH), node, forMs }
  return { do: oneOf(roll, weather === 'told' ? TOLD : ALONE), node, forMs }
}

/** What makes a fault worth its while: somebody acts in the very moment in which it hurts. Undefined: nothing more happens. */
export function companion(roll: Roll, step: Deed & { readonly at: number }, story: Conditions) {
  const device = roll(story.devices.length)
  const send = { do: 'send', device, channel: 0, count: 1 + roll(3) } as const
  switch (step.do) {
    case 'drain':
      return { ...send, at: step.at + roll(900) }
    case 'lag':
    case 'stall':
    case 'isolate':
      return { ...send, at: step.at + step.forMs + roll(60) }
    case 'hang':
      return { ...send, device: step.device, at: step.at + roll(400) }
    case 'reload':
      return { ...send, device: step.device, at: Math.max(0, step.at - roll(40)) }
    case 'page': {
      const does = roll(2) === 0 ? 'edit' : 'delete'
      return {
        do: does,
        device,
        channel: step.channel,
        back: roll(6),
        at: step.at + roll(40),
      } as const
    }
    case 'read':
      return { ...send, device, channel: step.channel, at: Math.max(0, step.at - 50 - roll(100)) }
    case 'kick':
      return { ...step, do: 'invite', at: step.at + roll(1_500) } as const
    default:
      return undefined
  }
}
