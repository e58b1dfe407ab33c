// The import table: which part of the repository may import what. ARCHITECTURE.md explains it; this file decides.

export interface Zone {
  /** A folder without its `src/`, or one file. The longest that fits a file is the file's zone. */
  readonly path: string
  /** What it may import from its own package: a zone, one file, or everything below a folder (`/*`). Its own files always. */
  readonly zones?: readonly string[]
  /** Zones, files and packages that it may import types from, and nothing else. */
  readonly types?: readonly string[]
  /** Packages; a name that ends in `:` or `/` stands for its whole family. */
  readonly packages?: readonly string[]
}

/** What every part of the server may know: time, dice, and a way to tell the operator. They import nothing of ours. */
const LEAVES = ['clock', 'ids', 'log'].map((name) => `packages/server/${name}.ts`)

/** The store's contract; these files name no implementation. */
const STORE = ['store', 'log', 'people', 'places', 'nodes', 'stats'].map(
  (name) => `packages/server/store/${name}.ts`,
)

const WORKERS = 'packages/server/workers'

const PROTOCOL = '@madang/protocol'
/** What a browser may have of the protocol beside types: tables that need no validator cost it nothing. */
const TABLES = ['client-limits', 'errors', 'limits', 'version'].map((name) => `${PROTOCOL}/${name}`)
const FANOUT = ['@madang/fanout', '@madang/fanout/']

const LIBRARIES: readonly Zone[] = [
  { path: 'packages/protocol', packages: ['zod'] },
  {
    path: 'packages/fanout',
    packages: ['node:', 'socket.io', 'socket.io-adapter', 'socket.io-parser', 'engine.io', 'ws'],
  },
  { path: 'packages/fanout/brokers', zones: ['packages/fanout'], packages: ['node:'] },
  { path: 'packages/fanout/index.ts', zones: ['packages/fanout/*'] },
  { path: 'packages/fanout/testing', zones: ['packages/fanout/*'], packages: ['node:'] },
  { path: 'packages/fanout/testing.ts', zones: ['packages/fanout/*'], packages: ['node:'] },
  {
    path: 'packages/client',
    types: [PROTOCOL],
    packages: [...TABLES, 'socket.io-client'],
  },
  { path: 'packages/client/react.ts', zones: ['packages/client'], packages: ['react'] },
  {
    path: 'packages/web',
    types: [PROTOCOL],
    packages: [
      '@madang/client',
      '@madang/client/',
      'react',
      'react/',
      'react-dom',
      'react-dom/',
      'virtua',
      ...TABLES,
    ],
  },
  { path: 'packages/web/vite.config.ts', packages: ['node:', 'vite', '@vitejs/'] },
]

const SERVER: readonly Zone[] = [
  {
    path: 'packages/server/core',
    zones: LEAVES,
    types: STORE,
    packages: [PROTOCOL, 'node:crypto'],
  },
  {
    path: 'packages/server/auth',
    zones: [...LEAVES, 'packages/server/core'],
    types: STORE,
    packages: [PROTOCOL, 'node:crypto', 'fast-jwt', 'zod'],
  },
  {
    path: 'packages/server/feed',
    // The contract at run time too: it holds the store's error, and no implementation.
    zones: [...LEAVES, 'packages/server/store/store.ts'],
    types: [...STORE, 'packages/server/core'],
    packages: [PROTOCOL, ...FANOUT, 'zod'],
  },
  {
    path: 'packages/server/store',
    zones: LEAVES,
    packages: [PROTOCOL, 'node:', 'kysely', 'kysely/', 'zod'],
  },
  // What both doors share: who comes from where, and how often.
  { path: 'packages/server/doors', zones: LEAVES, packages: [PROTOCOL, 'node:net'] },
  {
    path: 'packages/server/gateway',
    // Of the feed the topics' names: what nodes tell each other about people goes out here.
    zones: [
      ...LEAVES,
      'packages/server/core',
      'packages/server/doors',
      'packages/server/feed/topics.ts',
    ],
    types: [...STORE, 'packages/server/auth', 'packages/server/feed', 'zod'],
    packages: [PROTOCOL, ...FANOUT, 'node:', 'socket.io', 'engine.io', 'ws'],
  },
  {
    path: 'packages/server/api',
    zones: [...LEAVES, 'packages/server/core', 'packages/server/doors'],
    types: [...STORE, 'packages/server/auth'],
    packages: [PROTOCOL, 'node:', 'fastify', '@fastify/', 'fastify-type-provider-zod', 'zod'],
  },
  {
    path: 'packages/server/ops',
    zones: LEAVES,
    types: STORE,
    packages: [PROTOCOL, 'node:', 'prom-client', 'pino', 'zod'],
  },
  // Processes and what they say to each other; of the server only how it is told to stop.
  {
    path: 'packages/server/workers',
    zones: LEAVES,
    types: ['packages/server/lifecycle/signals.ts', 'packages/server'],
    packages: ['node:'],
  },
  // The server's root starts, stops and configures; it sees no part of the server.
  { path: 'packages/server', packages: [PROTOCOL, 'node:', 'pino', 'pino-pretty', 'zod'] },
  {
    path: 'packages/server/main.ts',
    zones: ['packages/server', 'packages/server/app.ts', 'packages/server/host.ts', WORKERS],
    packages: ['node:'],
  },
  {
    path: 'packages/server/host.ts',
    zones: ['packages/server', WORKERS],
    packages: ['node:', '@madang/fanout/ipc'],
  },
  {
    // The door for whoever writes the reference: tables, and nothing that runs.
    path: 'packages/server/reference.ts',
    zones: [
      'packages/server',
      'packages/server/cli',
      'packages/server/ops',
      'packages/server/store',
    ],
  },
  {
    path: 'packages/server/app.ts',
    zones: ['packages/server/*'],
    packages: [PROTOCOL, ...FANOUT, 'node:', 'pino'],
  },
  {
    path: 'packages/server/app',
    zones: ['packages/server/*'],
    packages: [PROTOCOL, ...FANOUT, 'node:', 'pino'],
  },
  // Commands: each opens what it needs.
  {
    path: 'packages/server/cli',
    zones: ['packages/server/*'],
    packages: [PROTOCOL, ...FANOUT, 'node:', 'zod'],
  },
  { path: 'packages/server/reference.ts', zones: ['packages/server/*'] },
  {
    path: 'packages/server/testing',
    zones: ['packages/server/*'],
    packages: [PROTOCOL, ...FANOUT, 'node:', 'socket.io-client'],
  },
]

/** Tests and shared suites may import these, and anything of their own package. */
export const TEST_TOOLS = [
  'node:',
  'fast-check',
  'axe-core',
  'playwright-core',
  'publint',
  'publint/',
  'socket.io',
  'socket.io-client',
  'socket.io-parser',
  'ws',
  'yaml',
  'zod',
]

const AROUND: readonly Zone[] = [
  {
    path: 'harness',
    // Comparisons run over the same real brokers as the tests, and start them the same way; claims are tried with the same people and proxies.
    zones: [
      'tests/services',
      ...['e2e/spectator', 'e2e/stage', 'topology/transports'].map((name) => `tests/${name}.ts`),
      ...['cluster/nginx', 'web-build'].map((name) => `scripts/${name}.ts`),
    ],
    packages: [
      '@madang/',
      'node:',
      'socket.io',
      '@socket.io/',
      'socket.io-client',
      'ws',
      'ioredis',
      'redis',
      '@nats-io/',
      'yaml',
    ],
  },
  {
    path: 'examples',
    packages: ['@madang/', 'node:', 'socket.io', '@socket.io/', 'socket.io-client'],
  },
  { path: 'deploy', packages: ['node:'] },
  {
    path: 'scripts',
    zones: ['tests/services', 'scripts/docs', 'scripts/pack'],
    packages: ['node:'],
  },
  { path: 'scripts/pack', packages: ['node:', '@madang/', 'zod'] },
  { path: 'scripts/docs', zones: ['scripts'], packages: ['node:', '@madang/', 'zod'] },
  { path: 'scripts/test-seed.ts', zones: ['scripts'], packages: ['node:', 'fast-check'] },
  { path: 'tests', zones: ['scripts/*'], packages: ['@madang/', ...TEST_TOOLS] },
  { path: 'tests/services', packages: ['node:'] },
]

export const ZONES: readonly Zone[] = [...LIBRARIES, ...SERVER, ...AROUND]

/** A driver is imported only in its own files: those whose path begins so. Tests, harness and examples may, too. */
export const DRIVERS: readonly {
  readonly packages: readonly string[]
  readonly files: readonly string[]
}[] = [
  {
    packages: ['ioredis', 'redis'],
    files: ['packages/fanout/brokers/redis', 'packages/fanout/redis/'],
  },
  { packages: ['@nats-io/'], files: ['packages/fanout/brokers/nats', 'packages/fanout/nats/'] },
  {
    packages: ['node:cluster'],
    files: ['packages/fanout/brokers/ipc', 'packages/fanout/ipc/', `${WORKERS}/fork.ts`],
  },
  { packages: ['node:sqlite'], files: ['packages/server/store/sqlite'] },
  { packages: ['pg'], files: ['packages/server/store/postgres'] },
]
