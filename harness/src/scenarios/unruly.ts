/** A broker that does not keep its word: frames are lost, come twice, late and in another order. Nobody notices. */
import type { Habits } from '../proxy/unruly.ts'
import type { BrokerName } from '../stage/brokers.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const PLAY_MS = 8_000
const REPAIRED_MS = 12_000

const HABITS = {
  drops: { dropped: 20, doubled: 0, held: 0, heldMsMax: 0 },
  doubles: { dropped: 0, doubled: 40, held: 0, heldMsMax: 1_000 },
  reorders: { dropped: 0, doubled: 0, held: 40, heldMsMax: 1_000 },
  'does-it-all': { dropped: 15, doubled: 15, held: 30, heldMsMax: 3_000 },
} as const satisfies Readonly<Record<string, Habits>>

type Habit = keyof typeof HABITS

export const unruly: readonly Scenario[] = [
  row('redis', 'drops', 'loses every fifth frame'),
  row('redis', 'doubles', 'hands two of five frames over twice, the second time up to 1 s later'),
  row('redis', 'reorders', 'holds two of five frames for up to 1 s, and lets others go ahead'),
  row('redis', 'does-it-all', 'loses, doubles and holds frames for up to 3 s', true),
  row('nats', 'does-it-all', 'loses, doubles and holds frames for up to 3 s'),
]

function row(
  broker: BrokerName & ('redis' | 'nats'),
  habit: Habit,
  what: string,
  quick = false,
): Scenario {
  return {
    name: `${broker}-${habit}`,
    story: `the broker ${what}`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I10', 'I11', 'I12', 'I13'],
    needs: [broker],
    seed: 1,
    quick,
    stage: { broker, unruly: true, nodes: 2, ours: 6, stock: 6 },
    figures: { unansweredSends: 0, delayMaxMs: REPAIRED_MS },
    run: (stage) => misbehave(stage, habit),
  }
}

async function misbehave(stage: Stage, habit: Habit): Promise<void> {
  const { unruly: links } = stage.links
  await stage.nemesis.strike(habit, stage.broker.name, async () => {
    for (const link of links) link.habits = HABITS[habit]
    await stage.sleep(PLAY_MS)
    await stage.links.fair()
    const { dropped, doubled, held } = HABITS[habit]
    const wanted = { dropped, doubled, held }
    return Object.entries(wanted).every(
      ([fate, share]) =>
        share === 0 || links.some(({ done }) => done[fate as keyof typeof wanted] > 0),
    )
  })
}
