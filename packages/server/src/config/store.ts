/** Where everything that was acknowledged is kept, as the settings say. */
import type { SettingValues } from './settings.ts'

export type StoreConfig =
  /** One file in the data folder. */
  | { readonly kind: 'sqlite' }
  /** Behind an API process, which wants to see the secret. */
  | { readonly kind: 'remote'; readonly url: string; readonly secret: string }

export function storeOf({ API_URL: url, API_SECRET: secrets }: SettingValues): StoreConfig {
  if (url !== undefined) return { kind: 'remote', url, secret: secrets?.[0] ?? '' }
  return { kind: 'sqlite' }
}
