// Says one command to a Redis server, without a driver.
import { once } from 'node:events'
import { connect } from 'node:net'

const ANSWER_TIMEOUT_MS = 10_000

/** What the server answers to a command, as text. Rejects with the server's words when it refuses. Words in a list may hold any bytes. */
export async function tell(
  port: number,
  command: string | readonly (string | Uint8Array)[],
): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const deadline = setTimeout(
    () => socket.destroy(new Error(`no answer to ${command}`)),
    ANSWER_TIMEOUT_MS,
  )
  let heard = ''
  try {
    await once(socket, 'connect')
    socket.write(typeof command === 'string' ? `${command}\r\n` : wordsOf(command))
    for await (const chunk of socket) {
      heard += (chunk as Buffer).toString('latin1')
      const answer = answerIn(heard)
      if (answer !== undefined) return answer
    }
    throw new Error(`the server hung up on ${command}`)
  } finally {
    clearTimeout(deadline)
    socket.destroy()
  }
}

function wordsOf(words: readonly (string | Uint8Array)[]): Buffer {
  const parts = words.map((word) => {
    const bytes = Buffer.from(word)
    return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')])
  })
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts])
}

/** The answer, as soon as all of it is there: one line, or a text with its length before it. */
function answerIn(heard: string): string | undefined {
  const end = heard.indexOf('\r\n')
  if (end === -1) return undefined
  const line = heard.slice(1, end)
  if (heard.startsWith('-')) throw new Error(line)
  if (!heard.startsWith('$')) return line
  const from = end + 2
  const length = Number(line)
  return heard.length < from + length + 2 ? undefined : heard.slice(from, from + length)
}
