/** A store behind real HTTP, and nothing else of a server around it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createStoreApi } from '../remote/serve.ts'
import type { Store } from '../store.ts'

export const SECRET = 'a secret of the tests, and long enough'

export interface StoreApiServer {
  readonly url: string
  readonly server: Server
  close(): Promise<void>
}

export async function serveStore(store: Store): Promise<StoreApiServer> {
  const faults: unknown[] = []
  const api = createStoreApi({ store, secrets: [SECRET], onFault: (error) => faults.push(error) })
  const server = createServer(async (request, response) => {
    if (!api.admits(request.headers.authorization)) {
      response.writeHead(401).end()
      return
    }
    const { status, body } = await api.answer(request.url ?? '', await text(request))
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    async close() {
      await new Promise((resolve) => server.close(resolve))
      if (faults.length > 0) throw new AggregateError(faults, 'the store failed')
    },
  }
}
