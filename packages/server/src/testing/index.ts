/** Servers for tests: in this process, or in one of their own. */
export { createPostgresStore } from '../store/postgres.ts'
export { createSqliteStore } from '../store/sqlite.ts'
export type { Store } from '../store/store.ts'
export { asAdmin } from '../store/testing/postgres-database.ts'
export { createFakeClock, type FakeClock } from './clock.ts'
export { createRestClient, type RestCall, type RestClient, RestRefusal } from './rest-client.ts'
export { type SpawnedServer, SpawnFailure, type SpawnOptions, spawnServer } from './spawn-server.ts'
export { type StartedServer, type StartOptions, startServer } from './start-server.ts'
