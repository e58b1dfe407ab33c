/** The same thing is said by several devices of one person at once, under the same client id, on different nodes. */
import { Twin } from '../crowd/twin.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const PEOPLE = 2
const ROUNDS = 60
/** Of each device. */
const TIMES = 3

export const twins: readonly Scenario[] = [
  {
    name: 'same-client-id',
    story: `one client id is sent ${TIMES} times on each of three nodes at once: one row, and the same answer to all`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { ours: 4, stock: 4, sendsPerSecond: 20 },
    figures: { unansweredSends: 0 },
    run: repeat,
  },
]

async function repeat(stage: Stage): Promise<void> {
  const people = await Promise.all(Array.from({ length: PEOPLE }, (_, at) => cameIn(stage, at)))
  try {
    await stage.nemesis.strike('said at once', 'all nodes', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const counts = await Promise.all(
          people.map((devices, person) => sayAtOnce(stage, devices, `twins-${person}-${round}`)),
        )
        // One of them was the first, all the others were told so.
        if (counts.some((count, at) => count !== (people[at]?.length ?? 0) * TIMES - 1))
          return false
      }
      return true
    })
  } finally {
    for (const device of people.flat()) device.stop()
  }
}

/** One person, with a device on each node. */
async function cameIn({ keeper, nodes, note }: Stage, at: number): Promise<Twin[]> {
  const { person, token } = await keeper.admit(`twins-${at}`)
  const channels = [keeper.hall]
  const devices = nodes.map(({ url, name }) => {
    const who = `twin-${at} on ${name}`
    return new Twin({ who, url, person, token, channels, note })
  })
  await Promise.all(devices.map((device) => device.start()))
  return devices
}

/** Resolves to how many answers said that the message was there before. Throws where two answers differ. */
async function sayAtOnce(
  { keeper }: Stage,
  devices: readonly Twin[],
  clientId: string,
): Promise<number> {
  const text = `said on all nodes: ${clientId}`
  const channel = keeper.hall
  const asked = Array.from({ length: TIMES }, (_, time) =>
    devices.map((device, at) =>
      device.say({ op: `${clientId}/${at}-${time}`, channel, clientId, text }),
    ),
  )
  const answers = await Promise.all(asked.flat())
  const different = new Set(
    answers.map((answer) =>
      answer?.ok ? `${answer.seq} ${answer.id} ${answer.createdAt}` : JSON.stringify(answer),
    ),
  )
  if (different.size !== 1)
    throw new Error(`${clientId} was answered with ${[...different].join(' and ')}`)
  return answers.filter((answer) => answer?.ok && answer.duplicate === true).length
}
