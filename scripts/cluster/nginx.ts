// nginx with the file that deployments use, its addresses replaced by those of this cluster.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Found } from '../../tests/services/part.ts'
import { firstWords, freePort } from '../../tests/services/server-process.ts'
import { ROOT } from '../steps.ts'
import type { Member } from './member.ts'
import type { Place } from './place.ts'

const CONF = join(ROOT, 'deploy/nginx/round-robin.conf')
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** Not started yet. `port` 0: any free one. */
export async function newNginx(
  { path, env = {} }: Found,
  place: Place,
  wantedPort: number,
  nodes: readonly Member[],
): Promise<Member> {
  const port = wantedPort === 0 ? await freePort() : wantedPort
  const folder = place.folderOf('nginx')
  const file = join(folder, 'nginx.conf')
  const site = withAddresses(
    readFileSync(CONF, 'utf8'),
    nodes.map((node) => `127.0.0.1:${node.port}`),
    `127.0.0.1:${port}`,
  )
  writeFileSync(file, around(site, folder))
  return place.member({
    ...{ name: 'nginx', what: 'load balancer', binary: path, env, port },
    url: `http://127.0.0.1:${port}`,
    args: ['-p', folder, '-c', file, '-e', 'stderr'],
    isReady: async () => (await firstWords(port, 'HEAD / HTTP/1.0\r\n\r\n')).startsWith('HTTP/'),
  })
}

/**
 * The servers of every upstream become these addresses, with the parameters of the first one there; every `listen` becomes the one address. What says otherwise
 * nothing of where things are stays as it is written. Pure.
 */
export function withAddresses(conf: string, servers: readonly string[], listen: string): string {
  let listening = 0
  return conf
    .replaceAll(/(upstream\s+\S+\s*\{)([^}]*)\}/g, (_, head: string, body: string) => {
      const [, parameters = ''] = /^\s*server\s+\S+?(\s[^;]*)?;/m.exec(body) ?? []
      const rest = body.replaceAll(/^\s*server\s[^;]*;.*\n?/gm, '')
      const lines = servers.map((server) => `    server ${server}${parameters};\n`).join('')
      return `${head}\n${lines}${rest.replace(/^\n/, '')}}`
    })
    .replaceAll(/^([ \t]*)listen\s[^;]*;.*\n/gm, (_, indent: string) =>
      listening++ === 0 ? `${indent}listen ${listen};\n` : '',
    )
}

/** What stands around an `http` block's content, so that nginx needs no root and writes nowhere else. */
function around(site: string, folder: string): string {
  const paths = TEMPORARY.map((name) => `  ${name}_temp_path ${join(folder, name)};`).join('\n')
  const asRoot = process.getuid?.() === 0 ? 'user root;\n' : ''
  return `${asRoot}daemon off;
worker_processes 1;
pid ${join(folder, 'pid')};
error_log stderr warn;
events { worker_connections 4096; }
http {
${paths}
  access_log off;
${site}
}
`
}
