/** A relay between clients and servers, in place of a load balancer and of everything that breaks on the way. */
import { connect, createServer, type Socket } from 'node:net'

export interface Relay extends AsyncDisposable {
  readonly url: string
  /** New connections go there; those that are open stay where they are. */
  lead(url: string): void
  /** From now on nothing that a server says comes through; what clients say does. */
  mute(): void
  /** Breaks all connections, and lets new ones through in both directions again. */
  cut(): void
}

export async function startRelay(url: string): Promise<Relay> {
  let target = new URL(url)
  let isMute = false
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    // A broken connection is what this is for.
    socket.on('error', () => {})
    return socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    keep(near)
    const far = keep(connect(Number(target.port), target.hostname))
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => {
      if (!isMute) near.write(bytes)
    })
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
    isMute = false
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    lead(next) {
      target = new URL(next)
    },
    mute() {
      isMute = true
    },
    cut,
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done())
        cut()
      }),
  }
}
