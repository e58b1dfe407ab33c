/** What every use case stands on. */
import type { Clock } from '../clock.ts'
import type { NewId } from '../ids.ts'
import type { Store } from '../store/store.ts'
import type { Appender } from './appender.ts'
import type { Outlet } from './outlet.ts'
import type { Places } from './places.ts'
import type { Turns } from './turns.ts'

export interface Ground {
  readonly store: Store
  readonly outlet: Outlet
  readonly clock: Clock
  readonly newId: NewId
  readonly appender: Appender
  readonly places: Places
  readonly turns: Turns
}
