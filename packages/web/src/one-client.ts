/** The one client of all tabs, wherever it runs. */
import { createClient } from '@madang/client'
import { type MakeClient, webStorage } from '@madang/client/tabs'

export const makeClient: MakeClient = (world) => createClient({ storage: webStorage() }, world)
