/** What the views are handed: everything that talks to the outside, made once in `main.tsx`. */
import type { Client, ErrorBody, Person } from '@madang/client'

import { createContext, use } from 'react'
import type { Gate } from './features/sign-in/gate.ts'
import type { Keep } from './keep.ts'
import type { PreferencesValue } from './preferences.ts'
import type { Rest } from './rest.ts'
import type { Router } from './routes.ts'
import type { Value } from './value.ts'

export interface Services {
  readonly rest: Rest
  readonly keep: Keep
  readonly router: Router
  readonly preferences: PreferencesValue
  readonly gate: Gate
  /** The last thing that was refused, shown until it is put away. */
  readonly refusal: Value<ErrorBody | undefined>
}

/** What is there only while somebody is signed in. */
export interface Inside {
  readonly client: Client
  readonly me: Person
}

export const ServicesContext = createContext<Services | undefined>(undefined)
export const InsideContext = createContext<Inside | undefined>(undefined)

export function useServices(): Services {
  const services = use(ServicesContext)
  if (!services) throw new Error('a view stands outside of ServicesContext')
  return services
}

function useInside(): Inside {
  const inside = use(InsideContext)
  if (!inside) throw new Error('a view for signed-in people stands outside of InsideContext')
  return inside
}

export const useClient = (): Client => useInside().client
export const useMe = (): Person => useInside().me
