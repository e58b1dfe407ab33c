/** One visitor of a scenario: a stock client that comes in, does the steps, and leaves. */
import { setTimeout as wait } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import type { Step, Transport } from './script.ts'
import type { Tally } from './tally.ts'

export interface Visit {
  readonly url: string
  readonly transports: readonly Transport[] | undefined
  readonly steps: readonly Step[]
  /** How long a handshake or an answer is waited for, in ms. */
  readonly answerMsMax: number
}

/** Resolves when the visitor has left; what happened is in the tally. Never rejects. */
export async function visit(
  { url, transports, steps, answerMsMax }: Visit,
  tally: Tally,
): Promise<void> {
  tally.arrived++
  const options = { forceNew: true, reconnection: false, timeout: answerMsMax } as const
  const socket = io(url, { ...options, ...(transports && { transports: [...transports] }) })
  try {
    const startedMs = performance.now()
    if (!(await comeIn(socket, answerMsMax, tally))) return
    tally.connected++
    tally.connectMs.push(performance.now() - startedMs)
    const answers: Promise<void>[] = []
    for (const step of steps) {
      if (step.kind === 'think') await wait(step.ms)
      else answers.push(emit(socket, step, answerMsMax, tally))
    }
    await Promise.all(answers)
    if (socket.io.engine?.transport.name === 'websocket') tally.upgraded++
  } finally {
    // What a late answer or the end of the connection would say is nobody's any more.
    for (const event of ['connect', 'connect_error', 'disconnect'] as const) socket.off(event)
    socket.disconnect()
  }
}

/** Resolves to whether they are in; also where the server is silent, or hangs up first. */
function comeIn(socket: Socket, answerMsMax: number, tally: Tally): Promise<boolean> {
  socket.onAny(() => tally.received++)
  return new Promise((resolve) => {
    const end = (reason?: string): void => {
      clearTimeout(late)
      if (reason !== undefined) tally.refuse(reason)
      resolve(reason === undefined)
    }
    const late = setTimeout(() => end('not let in: no answer'), answerMsMax)
    socket.once('connect', () => end())
    socket.once('connect_error', (error) => end(`not let in: ${error.message}`))
    socket.once('disconnect', (reason) => end(`closed: ${reason}`))
  })
}

/** Artillery does not ask for an answer; we do, for it says whether the server took it, and when. */
async function emit(
  socket: Socket,
  { event, args }: Extract<Step, { kind: 'emit' }>,
  answerMsMax: number,
  tally: Tally,
): Promise<void> {
  const startedMs = performance.now()
  tally.sent++
  try {
    const answer: unknown = await socket.timeout(answerMsMax).emitWithAck(event, ...args)
    const reason = refusalIn(answer)
    if (reason !== undefined) return tally.refuse(`${event}: ${reason}`)
    tally.acknowledged++
    tally.ackMs.push(performance.now() - startedMs)
  } catch {
    tally.refuse(`${event}: no answer`)
  }
}

/** The code where the answer is a refusal. */
export function refusalIn(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { ok, error } = answer as { ok?: unknown; error?: { code?: unknown } | string }
  if (ok !== false && error === undefined) return undefined
  return typeof error === 'object' ? String(error.code) : String(error ?? 'refused')
}
