/** Does harm, and writes down from when to when, to what, and whether it really took effect. */
import type { Note } from '../history/record.ts'

export class Nemesis {
  readonly #note: Note
  readonly #progress: (line: string) => void

  constructor(note: Note, progress: (line: string) => void) {
    this.#note = note
    this.#progress = progress
  }

  /**
   * One fault, from the call until `harm` resolves, which says whether it was seen to take effect: a process that is gone, connections that
   * were cut, a readiness that fell. A fault that did not act makes the run prove nothing.
   */
  async strike(
    name: string,
    target: string,
    harm: () => Promise<boolean> | boolean,
  ): Promise<void> {
    this.#progress(`${name} ${target}`)
    this.#note({ kind: 'fault', phase: 'start', name, target, acted: false })
    let acted = false
    try {
      acted = await harm()
    } finally {
      this.#note({ kind: 'fault', phase: 'end', name, target, acted })
      if (!acted) this.#progress(`${name} ${target} did not take effect`)
    }
  }
}
