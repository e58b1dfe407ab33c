/** Histories with one thing wrong, each of which the checker has to find. Pure; made from any history that is right. */

import { MEMBERSHIP } from './mutants-of-membership.ts'
import { VACUITY } from './mutants-of-nothing.ts'
import { READING } from './mutants-of-reading.ts'
import { SENDS } from './mutants-of-sends.ts'
import { STATE } from './mutants-of-state.ts'
import type { Mutant } from './mutate.ts'

export const MUTANTS: readonly Mutant[] = [
  ...SENDS,
  ...READING,
  ...STATE,
  ...MEMBERSHIP,
  ...VACUITY,
]
