/** Where everything that was acknowledged is kept, as the settings say. */
import type { SettingValues } from './settings.ts'

export type StoreConfig =
  /** One file in the data folder. */
  | { readonly kind: 'sqlite' }
  | {
      readonly kind: 'postgres'
      /** With the password. */
      readonly url: string
      readonly connectionsMax: number
      readonly statementMsMax: number
    }

export function storeOf(values: SettingValues): StoreConfig {
  const { DATABASE_URL: url } = values
  if (url === undefined) return { kind: 'sqlite' }
  return {
    kind: 'postgres',
    url,
    connectionsMax: values.DATABASE_CONNECTIONS_MAX,
    statementMsMax: values.DATABASE_TIMEOUT_MS,
  }
}

/** For an operator's eyes: no user, no password, no options. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}
