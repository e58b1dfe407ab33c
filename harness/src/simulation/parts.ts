/** What a run is made of: nodes and clients as they are, or one of them with something wrong. */
import { createClient } from '@madang/client'
import { NODE_MUTANTS, type Weather } from '@madang/server/simulation'
import { CLIENT_MUTANTS, mutantClient } from './client-mutants.ts'
import type { SimulateParts } from './simulate.ts'

export interface Mutant {
  readonly breaks: readonly string[]
  readonly weather?: Weather
  /** Found within so many small seeds, beginning with `from` or 1. */
  readonly seedsMax: number
  readonly from?: number
}

export const MUTANTS: Readonly<Record<string, Mutant>> = { ...NODE_MUTANTS, ...CLIENT_MUTANTS }

/** Makes the parts of one run after the other. Throws for a mutant that is not there. */
export async function partsOf(mutant: string | undefined): Promise<() => SimulateParts> {
  if (mutant === undefined) return () => ({ createClient })
  const node = NODE_MUTANTS[mutant]
  if (node) return () => ({ createClient, seams: node.seams() })
  const client = CLIENT_MUTANTS[mutant]
  if (client === undefined) throw new RangeError(`there is no mutant "${mutant}"`)
  const changed = await mutantClient(client)
  return () => ({ createClient: changed })
}
