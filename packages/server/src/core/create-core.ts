/** Puts core together from its use cases. */
import type { Clock } from '../clock.ts'
import type { NewId, RandomBytes } from '../ids.ts'
import type { Store } from '../store/store.ts'
import { Appender } from './appender.ts'
import { createChannels } from './channels/channels.ts'
import { NewChannels } from './channels/new-channels.ts'
import { createCommunities } from './communities/communities.ts'
import { General } from './communities/general.ts'
import { Welcome, type WelcomeOptions } from './communities/welcome.ts'
import type { Core } from './core.ts'
import type { Ground } from './ground.ts'
import { CORE_LIMITS } from './limits.ts'
import { Messages } from './messages/messages.ts'
import type { Outlet } from './outlet.ts'
import type { PasswordHash } from './people/password-hash.ts'
import { People } from './people/people.ts'
import { Places } from './places.ts'
import { Reading } from './reading/reading.ts'
import { Turns } from './turns.ts'

export interface CoreOptions {
  /** The welcome community; null: none. Without a word: "Madang", and whoever is new is put into it. */
  readonly welcome?: Partial<WelcomeOptions> | null
  /** Whether guests may come in. Without a word they may. */
  readonly guests?: boolean
}

export interface CoreParts {
  readonly store: Store
  readonly outlet: Outlet
  readonly clock: Clock
  readonly newId: NewId
  readonly randomBytes: RandomBytes
  /** How passwords are hashed; without a word in the best way that this Node can. */
  readonly passwords?: PasswordHash
  readonly options?: CoreOptions
}

function welcomeOptions(options: CoreOptions['welcome']): WelcomeOptions | null {
  return options === null ? null : { name: 'Madang', admitsNew: true, ...options }
}

/** Core over a store that was started. It holds no timer and nothing that needs to be stopped. */
export function createCore(parts: CoreParts): Core {
  const { store, outlet, clock, newId, randomBytes, passwords, options = {} } = parts
  const ground: Ground = {
    store,
    outlet,
    clock,
    newId,
    appender: new Appender({ store, outlet, clock, newId }),
    places: new Places(store),
    turns: new Turns(CORE_LIMITS.turnsWaitingMax),
  }
  const made = new NewChannels(ground)
  const general = new General(ground, made)
  const welcome = new Welcome(ground, general, welcomeOptions(options.welcome))
  return {
    messages: new Messages(ground),
    reading: new Reading(ground),
    channels: createChannels(ground, made),
    communities: createCommunities(ground, general),
    people: new People(ground, {
      welcome,
      randomBytes,
      guests: options.guests ?? true,
      ...(passwords && { passwords }),
    }),
    prepare: () => welcome.prepare(),
  }
}
