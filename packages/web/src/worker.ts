/** The script of the SharedWorker that holds the one client of all tabs. */
import { serveTabs, type WorkerScope } from '@madang/client/tabs/worker'
import { makeClient } from './one-client.ts'

serveTabs(globalThis as unknown as WorkerScope, makeClient)
