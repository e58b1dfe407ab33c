/** nginx in front of the nodes, set as the guide says: no node is ever taken for dead, the least busy one is given the next connection. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nginx } from '../../../tests/services/nginx.ts'
import type { Running } from '../../../tests/services/part.ts'

export interface FrontOptions {
  /** Where its configuration is kept. */
  readonly folder: string
  /** nginx's own health checks; 0 turns them off. */
  readonly maxFails?: number
}

export class Front {
  readonly #file: string
  readonly #maxFails: number
  #nginx: Running | undefined
  #ports: readonly number[] = []

  private constructor({ folder, maxFails = 0 }: FrontOptions) {
    this.#file = join(folder, 'nodes.conf')
    this.#maxFails = maxFails
  }

  static async open(options: FrontOptions, ports: readonly number[]): Promise<Front> {
    const front = new Front(options)
    front.#write(ports)
    front.#nginx = await nginx.start({
      reloadable: true,
      http: (port) => `include ${front.#file};\n${server(port)}`,
    })
    return front
  }

  get url(): string {
    return this.process.url
  }

  get port(): number {
    return this.process.port
  }

  /** nginx itself: to be killed, frozen, restarted. */
  get process(): Running {
    if (this.#nginx === undefined) throw new Error('there is no nginx')
    return this.#nginx
  }

  /** Sends new connections to these ports from now on, and leaves the old ones where they are; says whether it was told anything new. */
  route(ports: readonly number[]): boolean {
    if (String(ports) === String(this.#ports)) return false
    this.#write(ports)
    this.reload()
    return true
  }

  /** Reads its configuration again, as `nginx -s reload` does. */
  reload(): void {
    process.kill(this.process.pid, 'SIGHUP')
  }

  async stop(): Promise<void> {
    await this.#nginx?.stop()
  }

  #write(ports: readonly number[]): void {
    this.#ports = [...ports]
    const servers = ports.map((port) => `  server 127.0.0.1:${port} max_fails=${this.#maxFails};`)
    writeFileSync(
      this.#file,
      `upstream nodes {\n  zone nodes 64k;\n  least_conn;\n${servers.join('\n')}\n}\n`,
    )
  }
}

const server = (port: number): string => `
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 128k;
    location / {
      proxy_pass http://nodes;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_connect_timeout 3s;
      proxy_read_timeout 75s;
      proxy_send_timeout 75s;
      proxy_next_upstream error timeout;
      proxy_next_upstream_tries 3;
    }
  }`
