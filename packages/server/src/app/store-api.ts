/** What an API process serves to gateways, as a part of its HTTP port; nothing where no secret guards it. */
import type { Mount } from '../api/mount.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { createStoreApi } from '../store/remote/serve.ts'
import type { Store } from '../store/store.ts'

export function storeApiMounts({ roles, apiSecrets }: Config, store: Store, log: Log): Mount[] {
  if (!roles.api || apiSecrets.length === 0) return []
  const onFault = (err: unknown, facts: { readonly method: string }) =>
    log.error({ err, ...facts }, 'A request of a gateway failed.')
  return [createStoreApi({ store, secrets: apiSecrets, onFault })]
}
