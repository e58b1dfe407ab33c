/** People who change what they said through a node that stands still, give up, and change it again elsewhere. The first change must not undo the second. */
import { Quitter } from '../crowd/quitter.ts'
import type { StageNode } from '../stage/node.ts'
import type { Stage } from '../stage/stage.ts'

const PEOPLE = 5
const LATE = 'asked before the node stood still'
const NEWER = 'asked again elsewhere'

interface Person {
  readonly device: Quitter
  /** Connects elsewhere. */
  elsewhere(url: string): Quitter
  readonly target: number
}

export class LateEdits {
  readonly #stage: Stage
  readonly #people: readonly Person[]
  readonly #others: Quitter[] = []

  private constructor(stage: Stage, people: readonly Person[]) {
    this.#stage = stage
    this.#people = people
  }

  /** With what they said, on this node. */
  static async begin(stage: Stage, node: StageNode): Promise<LateEdits> {
    const people = Array.from({ length: PEOPLE }, (_, at) => cameIn(stage, node, at))
    return new LateEdits(stage, await Promise.all(people))
  }

  /** To be called when the node stands still. Resolves to how many gave up and had their change made elsewhere. */
  async change(): Promise<number> {
    const [other] = this.#stage.awake
    if (other === undefined) return 0
    const changed = this.#people.map(async ({ device, elsewhere, target }) => {
      const first = await device.edit(target, LATE)
      const again = elsewhere(other.url)
      this.#others.push(again)
      await again.start()
      const second = await again.edit(target, NEWER)
      return first === undefined && second === true
    })
    return (await Promise.all(changed)).filter((isDone) => isDone).length
  }

  /** To be called when it goes on. Throws where a change that was given up was made after the one that was made elsewhere. */
  async judge(): Promise<void> {
    // What is stored on the same connection afterwards comes after whatever was asked before.
    for (const { device } of this.#people) await device.say('back')
    const { keeper } = this.#stage
    const events = await keeper.read(keeper.hall)
    for (const { target } of this.#people) {
      const last = events.findLast((event) => event.kind === 'edited' && event.target === target)
      const text = last?.kind === 'edited' ? last.text : undefined
      if (text !== NEWER) throw new Error(`seq ${target} says "${text}" in the end, not "${NEWER}"`)
    }
  }

  stop(): void {
    for (const device of [...this.#people.map((one) => one.device), ...this.#others]) device.stop()
  }
}

async function cameIn({ keeper, note }: Stage, node: StageNode, at: number): Promise<Person> {
  const { person, token } = await keeper.admit(`quitter-${at}`)
  const channels = [keeper.hall]
  const on = (url: string, where: string) =>
    new Quitter({ who: `quitter-${at} ${where}`, url, person, token, channels, note })
  const device = on(node.url, 'there')
  await device.start()
  const target = await device.say('first')
  return { device, elsewhere: (url) => on(url, 'elsewhere'), target }
}
