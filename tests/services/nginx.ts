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
}

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** Everything that nginx would write elsewhere goes into the folder, so that it needs no root. */
function configuration({ port, folder }: Place, http: string): string {
  const paths = TEMPORARY.map((name) => `  ${name}_temp_path ${join(folder, name)};`).join('\n')
  const asRoot = process.getuid?.() === 0 ? 'user root;\n' : ''
  // One process: workers would outlive a master that was killed, and keep the port.
  return `${asRoot}daemon off;
master_process off;
pid ${join(folder, 'pid')};
error_log stderr warn;
events { worker_connections 4096; }
http {
${paths}
  access_log off;
${http || `  server { listen 127.0.0.1:${port}; location / { return 404; } }`}
}
`
}

export const nginx: Service<NginxOptions> = {
  name: 'nginx',
  neededFor: 'nodes behind nginx',
  async find() {
    return findBinary(BINARY)
  },
  start: async ({ http } = {}) =>
    startServer({
      name: 'nginx',
      found: requireBinary('nginx', BINARY),
      async prepare(place) {
        const text = configuration(place, http?.(place.port) ?? '')
        writeFileSync(join(place.folder, 'nginx.conf'), text)
      },
      args: ({ folder }) => ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'],
      url: ({ port }) => `http://127.0.0.1:${port}`,
      isReady: async ({ port }) =>
        (await firstWords(port, 'HEAD / HTTP/1.0\r\n\r\n')).startsWith('HTTP/'),
    }),
}
