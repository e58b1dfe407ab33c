/** Puts a client together: the world as it is, or what is handed in. */
import { ChatClient } from './client.ts'
import { type Environment, systemEnvironment } from './environment.ts'
import type { OpenLink } from './link.ts'
import { openSocket } from './socket.ts'
import { usualStorage } from './storage.ts'
import type { Client, ClientOptions } from './types.ts'
import { Vault } from './vault.ts'

/** What tests hand in instead of the world. */
export interface World {
  readonly environment?: Environment
  readonly openLink?: OpenLink
}

/** Makes a client. Nothing happens before `start`. */
export function createClient(options: ClientOptions = {}, world: World = {}): Client {
  const { environment = systemEnvironment, openLink = openSocket } = world
  const { url, storage = usualStorage() } = options
  return new ChatClient({
    options,
    openVault: (parts) => new Vault(storage, url ?? pageOrigin(), parts),
    environment,
    openLink,
  })
}

function pageOrigin(): string {
  return typeof location === 'undefined' ? 'here' : location.origin
}
