/** Somebody at a primary's socket who need not keep to any rule: writes raw bytes, and reads only when told to. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { hello, IPC_VERSION, type Kind, RecordReader } from '../ipc/record.ts'

export class Stranger {
  readonly #socket: Socket
  readonly #reader = new RecordReader(2_000_000)
  readonly heard: { readonly kind: Kind; readonly body: Buffer }[] = []
  readonly gone: Promise<unknown>
  #look = () => {}

  constructor(socket: Socket) {
    this.#socket = socket
    this.gone = once(socket, 'close')
    socket.on('error', () => {})
    socket.on('data', (piece: Buffer) => {
      this.#reader.push(piece, (kind, body) => {
        this.heard.push({ kind, body: Buffer.from(body) })
        return true
      })
      this.#look()
    })
  }

  static async at(path: string): Promise<Stranger> {
    const socket = connect(path)
    await once(socket, 'connect')
    return new Stranger(socket)
  }

  /** As a worker begins. */
  async greet(version = IPC_VERSION): Promise<void> {
    this.write(hello({ version, frameBytesMax: 0 }))
    await this.until(() => this.heard.length > 0)
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** From now on nothing is read, as by a process that is frozen. */
  freeze(): void {
    this.#socket.pause()
  }

  thaw(): void {
    this.#socket.resume()
  }

  until(ready: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (ready()) resolve()
      }
      this.#look()
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}
