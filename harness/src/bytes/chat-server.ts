/** A chat server of the comparison, as the process that started it sees it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ClientBytes } from './client-bytes.ts'
import type { ServerAnswer, ServerOrder } from './wiring.ts'

const PROCESS = fileURLToPath(new URL('./server-process.ts', import.meta.url))
/** After this a server that was told to stop is killed. */
const STOP_TIMEOUT_MS = 5_000

export class ChatServer {
  readonly url: string
  readonly #child: ChildProcess

  constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.url = `http://127.0.0.1:${port}`
  }

  static async start(order: ServerOrder): Promise<ChatServer> {
    const child = fork(PROCESS, [JSON.stringify(order)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    })
    const answer = await answerOf(child)
    if (!('port' in answer)) throw new Error('a server did not say where it listens')
    return new ChatServer(child, answer.port)
  }

  /** What went to and came from the brokers since the server started. */
  async bytes(): Promise<ClientBytes> {
    const answered = answerOf(this.#child)
    this.#child.send({})
    const answer = await answered
    if (!('bytes' in answer)) throw new Error('a server answered something else')
    return answer.bytes
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.disconnect()
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await gone
    clearTimeout(late)
  }
}

async function answerOf(child: ChildProcess): Promise<ServerAnswer> {
  const aborted = new AbortController()
  const { signal } = aborted
  const died = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`a server of the comparison ended with ${code}; what it said stands above`)
  })
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal }), died])
    return answer
  } finally {
    aborted.abort()
    died.catch(() => undefined)
  }
}
