// The type-check configurations, each for one kind of place that code runs in.

export const TYPE_PROJECTS = [
  // Node: the server, the libraries, the scripts.
  'tsconfig.json',
  // Browsers, and Node without its types: the client.
  'packages/client/tsconfig.json',
  // Browsers, with views.
  'packages/web/tsconfig.json',
  // Node, importing code that is written for browsers: tests, harness, examples.
  'tests/tsconfig.json',
] as const
