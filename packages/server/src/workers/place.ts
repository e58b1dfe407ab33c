/** How a worker learns that it is one, and which: by two variables that are no settings, taken out of the environment before anybody reads it. */

const NUMBER = 'MADANG_WORKER'
const BROKER = 'MADANG_IPC_PATH'

export interface WorkerPlace {
  /** 1, 2, 3, ...: no two workers of one primary ever have the same. */
  readonly worker: number
  /** Where the primary carries frames between the workers. */
  readonly brokerPath: string
}

export function placeVariables({
  worker,
  brokerPath,
}: WorkerPlace): Readonly<Record<string, string>> {
  return { [NUMBER]: String(worker), [BROKER]: brokerPath }
}

/** Undefined where the process is not a worker. */
export function takePlace(env: Record<string, string | undefined>): WorkerPlace | undefined {
  const { [NUMBER]: number, [BROKER]: brokerPath } = env
  if (number === undefined || brokerPath === undefined) return undefined
  delete env[NUMBER]
  delete env[BROKER]
  return { worker: Number(number), brokerPath }
}
