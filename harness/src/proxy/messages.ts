/** Finds the messages of pub/sub in what a broker's server says, without understanding the rest. */

/** What the server said first: how many bytes it is long, and whether it hands a published frame over. */
export interface Said {
  readonly bytes: number
  readonly isMessage: boolean
}

/** Undefined: it is not all there yet. Throws where it is no such protocol. */
export type Splitter = (heard: Buffer) => Said | undefined

const CRLF = '\r\n'
const ends = CRLF.length

/** RESP 2 and 3 (https://redis.io/docs/latest/develop/reference/protocol-spec/). */
export const redisSaid: Splitter = (heard) => {
  const end = valueEnd(heard, 0)
  if (end === undefined) return undefined
  // A push, or an array, of three whose first is the word.
  const head = heard.subarray(0, Math.min(end, 24)).toString('latin1')
  return { bytes: end, isMessage: /^[>*]3\r\n\$(7\r\nmessage|8\r\nsmessage)\r\n/.test(head) }
}

/** The core protocol of NATS (https://docs.nats.io/reference/reference-protocols/nats-protocol). */
export const natsSaid: Splitter = (heard) => {
  const line = lineEnd(heard, 0)
  if (line === undefined) return undefined
  const words = heard
    .subarray(0, line - ends)
    .toString('latin1')
    .split(' ')
  const isMessage = words[0] === 'MSG' || words[0] === 'HMSG'
  const bytes = isMessage ? line + numberOf(words.at(-1)) + ends : line
  return bytes > heard.length ? undefined : { bytes, isMessage }
}

/** Where the value that begins at `at` ends; undefined: not yet. */
function valueEnd(heard: Buffer, at: number): number | undefined {
  const line = lineEnd(heard, at)
  if (line === undefined) return undefined
  const kind = String.fromCharCode(heard[at] ?? 0)
  if ('+-:_,#('.includes(kind)) return line
  const count = numberOf(heard.subarray(at + 1, line - ends).toString('latin1'))
  if ('$=!'.includes(kind)) {
    const end = count < 0 ? line : line + count + ends
    return end > heard.length ? undefined : end
  }
  if (!'*>~%|'.includes(kind)) throw new Error(`no value of Redis begins with "${kind}"`)
  const values = Math.max(count, 0) * ('%|'.includes(kind) ? 2 : 1)
  let end: number | undefined = line
  for (let i = 0; i < values && end !== undefined; i++) end = valueEnd(heard, end)
  // What an attribute is about comes after it.
  return kind === '|' && end !== undefined ? valueEnd(heard, end) : end
}

function lineEnd(heard: Buffer, at: number): number | undefined {
  const end = heard.indexOf(CRLF, at)
  return end === -1 ? undefined : end + ends
}

function numberOf(text = ''): number {
  if (/^-?\d+$/.test(text)) return Number(text)
  throw new Error(`"${text}" is no length`)
}
