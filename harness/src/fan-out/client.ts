/** A client by hand: a TCP socket, the WebSocket and Socket.IO handshakes, and then counting. Cheap, so that many fit beside the server they load. */
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { PATH } from './candidates/candidate.ts'
import { FrameReader } from './frame-reader.ts'

/** "2": Engine.IO's ping. */
const PING = 0x32

/** Resolves when the server has taken it into its namespace. `onMessage` gets the payload of every frame after that, but pings. */
export function connect(port: number, onMessage: (payload: Buffer) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const upgrade = request({
      port,
      host: '127.0.0.1',
      path: `${PATH}?EIO=4&transport=websocket`,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': Buffer.alloc(16, 1).toString('base64'),
        Origin: 'http://127.0.0.1:3000',
        'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
        'Accept-Language': 'en-US,en;q=0.5',
        'Accept-Encoding': 'gzip, deflate, br, zstd',
        'Cache-Control': 'no-cache',
        Cookie: 'session=0123456789abcdef0123456789abcdef0123456789abcdef',
      },
    })
    upgrade.on('error', reject)
    upgrade.on('upgrade', (_response, stream, head) => {
      const tcp = stream as Socket
      let isIn = false
      const reader = new FrameReader((payload) => {
        if (isIn && payload.length === 1 && payload[0] === PING) tcp.write(textFrame('3'))
        else if (isIn) onMessage(payload)
        else if (payload[0] === 0x30) tcp.write(textFrame('40'))
        else {
          isIn = true
          resolve(tcp)
        }
      })
      tcp.on('error', reject)
      tcp.on('data', (bytes: Buffer) => reader.push(bytes))
      reader.push(head)
    })
    upgrade.end()
  })
}

/** Masked, with the mask 0; up to 125 bytes. */
function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 + text.length, 0, 0, 0, 0]), Buffer.from(text)])
}
