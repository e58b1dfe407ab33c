// An nginx with a configuration of the test's own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Binary, findBinary, requireBinary } from './binary.ts'
import type { Service } from './part.ts'
import { firstWords, type Place, startServer } from './server-process.ts'

const BINARY: Binary = { variable: 'NGINX_BIN', names: ['nginx'], debianPackage: 'nginx' }

export interface NginxOptions {
  /** What stands in the `http` block: a `server` that listens on the port. Nothing but 404s unless given. */
  readonly http?: (port: number) => string
  /** With a master and a worker, as in earnest: SIGHUP reads the configuration again and leaves connections alone. One process unless given. */
  readonly reloadable?: boolean
}

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** Everything that nginx would write elsewhere goes into the folder, so that it needs no root. */
function configuration(
  { port, folder }: Place,
  { http, reloadable = false }: NginxOptions,
): string {
  const paths = TEMPORARY.map((name) => `  ${name}_temp_path ${join(folder, name)};`).join('\n')
  const asRoot = process.getuid?.() === 0 ? 'user root;\n' : ''
  return `${asRoot}daemon off;
master_process ${reloadable ? 'on' : 'off'};
worker_processes 1;
pid ${join(folder, 'pid')};
error_log stderr warn;
events { worker_connections 4096; }
http {
${paths}
  access_log off;
${http?.(port) ?? `  server { listen 127.0.0.1:${port}; location / { return 404; } }`}
}
`
}

export const nginx: Service<NginxOptions> = {
  name: 'nginx',
  neededFor: 'nodes behind nginx',
  async find() {
    return findBinary(BINARY)
  },
  start: async (options = {}) =>
    startServer({
      name: 'nginx',
      found: requireBinary('nginx', BINARY),
      async prepare(place) {
        writeFileSync(join(place.folder, 'nginx.conf'), configuration(place, options))
      },
      args: ({ folder }) => ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'],
      url: ({ port }) => `http://127.0.0.1:${port}`,
      hasChildren: options.reloadable === true,
      isReady: async ({ port }) =>
        (await firstWords(port, 'HEAD / HTTP/1.0\r\n\r\n')).startsWith('HTTP/'),
    }),
}
