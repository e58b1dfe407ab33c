// People at one address who talk in one channel through stock clients, and what each of them got, when.
import assert from 'node:assert/strict'
import { eventually } from '../e2e/eventually.ts'
import { Spectator } from '../e2e/spectator.ts'

const CHANNEL = 'general'
/** Without a broker nodes look into the store now and then only. */
const patienceMs = 60_000

export class Crowd {
  readonly #url: string
  readonly #people: Spectator[] = []
  readonly #expected: string[] = []
  readonly #sentMs = new Map<string, number>()
  #longestMs = 0

  constructor(url: string) {
    this.#url = url
  }

  get size(): number {
    return this.#people.length
  }

  /** The longest that anybody waited for a message since the last call, from sending it, in ms. */
  takeLongestMs(): number {
    const longest = this.#longestMs
    this.#longestMs = 0
    return Math.round(longest)
  }

  async join(...transports: readonly ('polling' | 'websocket')[]): Promise<void> {
    const name = `person ${this.#people.length + 1}`
    const person = await Spectator.comeIn(
      this.#url,
      name,
      transports.length > 0 ? transports : undefined,
    )
    person.onText((text) => {
      const sentMs = this.#sentMs.get(text)
      if (sentMs === undefined) return
      this.#longestMs = Math.max(this.#longestMs, performance.now() - sentMs)
    })
    this.#people.push(person)
  }

  /** The first so many say something, so often; resolves when everybody has heard all of it. */
  async talk(topic: string, rounds: number, speakers = this.#people.length): Promise<void> {
    await Promise.all(
      this.#people.slice(0, speakers).map(async (person, at) => {
        const { id } = person.place(CHANNEL)
        for (let round = 1; round <= rounds; round++) {
          const text = `${topic} ${at + 1}.${round}`
          this.#expected.push(text)
          this.#sentMs.set(text, performance.now())
          await person.send(id, text)
        }
      }),
    )
    await this.#allHeard()
  }

  leave(): void {
    for (const person of this.#people) person.leave()
  }

  /** Everything once, and in one order. */
  async #allHeard(): Promise<void> {
    const [first, ...others] = this.#people
    const sorted = [...this.#expected].sort()
    await eventually(() => assert.deepEqual([...(first?.texts ?? [])].sort(), sorted), patienceMs)
    for (const other of others) {
      await eventually(() => assert.deepEqual(other.texts, first?.texts), patienceMs)
    }
  }
}
