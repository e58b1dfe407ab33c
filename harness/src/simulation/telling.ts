/** Tells a simulated run in lines that a person can read. */
import type { Id, LogEvent } from '@madang/protocol'
import type { Entry, Line } from './history.ts'
import type { Outcome } from './simulate.ts'
import { BEGINS_AT_MS } from './story.ts'

/** What was to happen, what happened, and what was wrong with it; times in ms since the beginning. */
export function tell({ story, entries, violations }: Outcome): string[] {
  const { seed, weather, nodes, people, rates, narrow, steps } = story
  const channels = channelsIn(entries)
  // The first is the community's own, and no step is about it.
  const name = (id: Id): string => (id === channels[0] ? 'general' : `c${channels.indexOf(id) - 1}`)
  const noise = Object.entries(rates).filter(([, rate]) => rate > 0)
  return [
    `seed ${seed}: ${weather} weather, ${nodes} nodes, ${people} people, ${steps.length} steps${narrow ? ', narrow bounds' : ''}`,
    ...noise.map(([fault, rate]) => `of all frames ${(rate * 100).toFixed(0)} %: ${fault}`),
    ...entries.flatMap((entry) => {
      const words = wordsOf(entry, name)
      return words === undefined ? [] : `${timeOf(entry.at)}  ${words}`
    }),
    ...violations.map(
      ({ invariant, text, at }) => `${timeOf(at)}  ${invariant} is broken: ${text}`,
    ),
  ]
}

const timeOf = (at: number): string => String(Math.round(at - BEGINS_AT_MS)).padStart(6)

function channelsIn(entries: readonly Entry[]): Id[] {
  const ids = entries.flatMap((entry) => (entry.what === 'committed' ? entry.event.channelId : []))
  return [...new Set(ids)]
}

const nameOf = ({ device, connection }: Line): string => `device ${device}.${connection}`

function wordsOf(entry: Entry, name: (id: Id) => string): string | undefined {
  switch (entry.what) {
    case 'committed':
      return `committed: ${name(entry.event.channelId)} ${eventWords(entry.event)}`
    case 'opened': {
      const { line, channelId, cursor, limited, head, events } = entry
      const given = events.map(({ seq }) => seq).join(' ')
      const how = limited ? 'the latest' : `after ${cursor}`
      return `${nameOf(line)} opens ${name(channelId)}: ${how} up to ${head} [${given}]`
    }
    case 'live':
      return `${nameOf(entry.line)} gets ${name(entry.event.channelId)} ${eventWords(entry.event)}`
    case 'digest':
      return `${nameOf(entry.line)} hears that ${name(entry.channelId)} is at ${entry.head}`
    case 'yours':
      return `${nameOf(entry.line)} is told that ${name(entry.channelId)} is its own, at ${entry.head}`
    case 'gone':
      return `${nameOf(entry.line)} is told that ${name(entry.channelId)} is gone`
    case 'asked':
      return `device ${entry.device} sends ${entry.clientId} to ${name(entry.channelId)}`
    case 'acknowledged':
      return `device ${entry.device} learns that ${entry.clientId} is at seq ${entry.seq}`
    case 'refused':
      return `device ${entry.device} learns that ${entry.clientId} is refused: ${entry.code}`
    case 'told':
      return entry.text
    case 'behind':
      return `${nameOf(entry.line)} is told that it fell behind`
    case 'page':
      return `${nameOf(entry.line)} reads back [${entry.events.map(({ seq }) => seq).join(' ')}]`
    case 'step': {
      const { at: _, do: what, ...rest } = entry.step
      const facts = Object.entries(rest).map(([fact, value]) => `${fact} ${value}`)
      return `${what}: ${facts.join(', ')}`
    }
    case 'calm':
      return 'it is calm from here on'
    case 'typing':
    case 'placed':
      return undefined
    default:
      return entry satisfies never
  }
}

function eventWords(event: LogEvent): string {
  const about = 'subject' in event ? ` ${event.subject.name}` : ''
  const target = 'target' in event ? ` of ${event.target}` : ''
  const text = event.kind === 'created' ? ` "${event.text}"` : ''
  return `seq ${event.seq} ${event.kind}${target}${about}${text}`
}
