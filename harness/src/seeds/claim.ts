/** The contract of a row: one thing that a write-up says of its system, tried against running processes. */
import type { Part } from '../../../tests/services/part.ts'
import type { Ground } from './ground.ts'

export type SeedName = '000' | '001' | '002' | '003' | '004'

export interface Claim {
  readonly seed: SeedName
  /** What holds, in the words of whoever would check it. */
  readonly says: string
  /** What is done to see it. */
  readonly does: string
  /** Real parts without which it cannot be tried. */
  readonly needs?: readonly Part[]
  /** Rejects where it could not be carried through: the row is missed, with what was said. */
  try(ground: Ground): Promise<Seen>
}

export interface Seen {
  readonly ok: boolean
  readonly saw: string
}

/** Ok where everything of `holds` does; what does not is named. */
export function seen(saw: string, holds: Readonly<Record<string, boolean>>): Seen {
  const broken = Object.keys(holds).filter((what) => !holds[what])
  const ok = broken.length === 0
  return { ok, saw: ok ? saw : `${saw}; does not hold: ${broken.join(', ')}` }
}

/** The claims of one write-up. They may share what they started. */
export interface Seed {
  readonly name: SeedName
  readonly title: string
  readonly claims: readonly Claim[]
}
