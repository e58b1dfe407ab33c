import { RefusedClient, type State, type WireClient, wireCases } from '../wire.case.ts'
import { type MemoryClient, MemoryWire, Refused } from './memory-wire.ts'

wireCases('memory', async () => {
  const wire = new MemoryWire<State>()
  return {
    wire,
    connect: async (auth) => {
      try {
        return under(await wire.connect({ auth }))
      } catch (error) {
        throw error instanceof Refused ? new RefusedClient(error.error) : error
      }
    },
    connectTo: async (auth, namespaces) => {
      const client = {}
      const clients = namespaces.map((namespace) => wire.connect({ auth, namespace, client }))
      return (await Promise.all(clients)).map(under)
    },
    connectAndLeave: async (auth) => {
      await wire.connect({ auth }, () => true)
    },
    stop: () => wire.stop(),
  }
})

function under(client: MemoryClient): WireClient {
  const seen: [string, unknown][] = client.seen.map(({ event, payload }) => [event, payload])
  let look = () => {}
  const saw = (name: string, value: unknown) => {
    seen.push([name, value])
    look()
  }
  client.onSeen = ({ event, payload }) => saw(event, payload)
  return {
    seen,
    recovery: () => ({ pid: client.pid, offset: client.offset }),
    emit: (...args) => client.emit(...args),
    ask: (n, event, payload) => client.ask(event, payload, (answer) => saw(`answer ${n}`, answer)),
    until: async (count) => {
      while (seen.length < count) {
        await new Promise<void>((resolve) => {
          look = resolve
        })
      }
    },
    get closed() {
      return Promise.resolve(client.closedBy?.reconnect ?? false)
    },
    close: () => client.close(),
  }
}
