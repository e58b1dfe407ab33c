/** The door for whoever simulates: nodes of real parts in one process, over a store and a hub that can fail. */
export { type MemoryClient, Refused, type Seen } from '../../gateway/testing/memory-wire.ts'
export type { Store } from '../../store/store.ts'
export { MortalClock } from './mortal-clock.ts'
export { NODE_MUTANTS, type NodeMutant } from './mutants.ts'
export { type NodeOptions, type Seams, SimNode, type Weather } from './node.ts'
export {
  createDice,
  createHubs,
  type Dice,
  type Furnished,
  furnish,
  type Place,
  type PlaceKind,
  type Resident,
} from './place.ts'
export { createVault, type VaultListener } from './vault.ts'
