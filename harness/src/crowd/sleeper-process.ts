/** The process of a sleeper: one participant, which tells its parent all that it writes down and how it is. */
import { OurParticipant } from './ours.ts'
import type { Participant } from './participant.ts'
import type { SleeperAsked, SleeperGiven, SleeperTold } from './sleeper-words.ts'
import { StockParticipant } from './stock.ts'

const TELL_MS = 50

const KINDS = { ours: OurParticipant, stock: StockParticipant }

const tell = (told: SleeperTold): void => void process.send?.(told)

process.once('message', (given: SleeperGiven) => void begin(given))
process.once('disconnect', () => process.exit())

async function begin({ kind, ...parts }: SleeperGiven): Promise<void> {
  const one = new KINDS[kind]({ ...parts, note: (record) => tell({ kind: 'note', record }) })
  await one.start()
  const tellState = () => tell({ kind: 'state', state: stateOf(one, parts.channels) })
  tellState()
  setInterval(tellState, TELL_MS)
  tell({ kind: 'started' })
  process.on('message', (asked: SleeperAsked) => {
    if (asked === 'reconnect') one.reconnect()
    if (asked === 'finish') void one.finish().then(() => tell({ kind: 'finished' }))
  })
}

const stateOf = (one: Participant, channels: readonly string[]) => ({
  isOnline: one.isOnline(),
  channels: channels.map((channel) => ({
    channel,
    isMember: one.isMember(channel),
    reached: one.reached(channel),
  })),
})
