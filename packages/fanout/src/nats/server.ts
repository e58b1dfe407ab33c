/** One NATS server as a user names it, and whether it speaks. */
import { once } from 'node:events'
import { connect } from 'node:net'

export interface NatsServer {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly user: string | undefined
  readonly pass: string | undefined
  readonly token: string | undefined
}

/** `nats://user:pass@host:4222`, `tls://token@host`, `host:4222` or `host`. Throws a TypeError, without the secret, where it is none of these. */
export function serverOf(url: string): NatsServer {
  const whole = url.includes('://') ? url : `nats://${url}`
  const parsed = URL.canParse(whole) ? new URL(whole) : undefined
  if (parsed === undefined || !/^(nats|tls):$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new TypeError('a NATS server is given as nats://host:port or tls://host:port')
  }
  const [name, secret] = [decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)]
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(parsed.port) || 4222,
    tls: parsed.protocol === 'tls:',
    user: secret === '' ? undefined : name,
    pass: secret === '' ? undefined : secret,
    token: secret === '' && name !== '' ? name : undefined,
  }
}

export const addressOf = ({ host, port }: NatsServer): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/**
 * Resolves when the server has said its first word, and rejects after `timeoutMs`. Asked before the driver is: it leaves its socket open for good where a server
 * accepts and says nothing, one more with every attempt.
 */
export async function firstWord(
  { host, port }: NatsServer,
  timeoutMs: number,
  given: AbortSignal,
): Promise<void> {
  const late = AbortSignal.timeout(timeoutMs)
  const signal = AbortSignal.any([late, given])
  const socket = connect(port, host)
  try {
    await Promise.race([
      once(socket, 'data', { signal }),
      once(socket, 'close', { signal }).then(() => {
        throw new Error('it closes without a word')
      }),
    ])
  } catch (error) {
    if (late.aborted) throw new Error(`no word within ${timeoutMs} ms`, { cause: error })
    throw error
  } finally {
    socket.on('error', () => {})
    socket.destroy()
  }
}
