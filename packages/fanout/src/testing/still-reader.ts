/** A client that reads nothing from its TCP socket until it is told to, over a websocket made by hand. */
import { request } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'

export class StillReader {
  readonly #tcp: TcpSocket
  /** Bytes read so far. */
  readBytes = 0

  private constructor(tcp: TcpSocket) {
    this.#tcp = tcp
    tcp.on('error', () => {})
  }

  /** Connects to the default namespace, and reads no byte from then on. */
  static open(port: number): Promise<StillReader> {
    return new Promise((resolve, reject) => {
      const upgrade = request({
        port,
        host: '127.0.0.1',
        path: '/socket.io/?EIO=4&transport=websocket',
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': Buffer.alloc(16, 1).toString('base64'),
        },
      })
      upgrade.on('error', reject)
      upgrade.on('upgrade', (_response, stream) => {
        const tcp = stream as TcpSocket
        tcp.pause()
        // A masked text frame with the mask 0: "40", which is Socket.IO's CONNECT.
        tcp.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]))
        resolve(new StillReader(tcp))
      })
      upgrade.end()
    })
  }

  /** Reads everything from now on. */
  read(): void {
    this.#tcp.on('data', (bytes: Buffer) => {
      this.readBytes += bytes.length
    })
    this.#tcp.resume()
  }

  /** Resolves when the server has let the connection go, after all that was still to be read. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#tcp.once('close', () => resolve())
      this.read()
    })
  }

  close(): void {
    this.#tcp.destroy()
  }
}
