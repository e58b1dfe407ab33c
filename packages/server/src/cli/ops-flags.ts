/** What the commands have in common that ask a running server. */
import type { Flag, Given, Surroundings } from './command.ts'
import type { OpsApi } from './ops-api.ts'

export const opsFlags: Readonly<Record<string, Flag>> = {
  url: {
    type: 'string',
    value: 'url',
    about: 'A server of the installation; http://127.0.0.1 with PORT unless given.',
  },
}

/** What is said of how one is known, in the help of each of these commands. */
export const opsDetail =
  'It asks a running server as an operator: with the token in OPERATOR_TOKEN, or else with a session of a few minutes that it makes in the store, in the name of the first operator.'

/** Not before it is needed: whoever asks for help is answered at once. */
export async function openApi(given: Given, around: Surroundings): Promise<OpsApi> {
  const { openOpsApi } = await import('./ops-api.ts')
  return openOpsApi(given, around)
}
