/** `madang user`: who is there, what they are called, and who may not come in. */
import type { PersonRecord, Store } from '../../store/store.ts'
import { type Command, EXITS, Failure, type Given, type Surroundings, textOf } from '../command.ts'
import { findPerson } from '../find-person.ts'
import { openApi, opsDetail, opsFlags } from '../ops-flags.ts'
import { table } from '../table.ts'

const limitUsual = 100
const limitMax = 10_000

export const user: Command = {
  name: 'user',
  summary: 'Lists people, renames one, keeps one out or lets them in again.',
  usage: 'list [<text>] | rename <person> <name> | disable <person> | enable <person>',
  details: [
    'The text is an id, a login, or a part of a name. A person who signs in by a token of another system gets the name of the token back with the next one.',
    'Whoever is disabled cannot sign in or connect, and their sessions and tokens are good for nothing until they are enabled: connections end at once on all nodes where a server answers at --url, within a minute where none does. What they said, and where they belong, stays. The last operator cannot be disabled.',
    opsDetail,
  ],
  flags: {
    limit: {
      type: 'string',
      value: 'number',
      about: `How many are listed; ${limitUsual} unless given.`,
    },
    after: { type: 'string', value: 'id', about: 'Goes on with the list after this person.' },
    json: { type: 'boolean', about: 'Prints JSON, a line for each person.' },
    ...opsFlags,
  },
  words: { min: 1, max: 3 },
  async run(given, around) {
    const act = actOf(given, around)
    if (act === undefined) {
      throw new Failure(
        'Say: madang user list [<text>], rename <person> <name>, disable <person> or enable <person>.',
        'usage',
      )
    }
    // Not before it is needed: whoever asks for help is answered at once.
    const { configOf, withStore } = await import('../open-store.ts')
    around.out(await withStore(configOf(around), act))
    return EXITS.done.code
  },
}

function actOf(
  given: Given,
  around: Surroundings,
): ((store: Store) => Promise<string>) | undefined {
  const [verb, first, second] = given.words
  if (verb === 'list' && second === undefined) return (store) => list(store, given, first)
  if ((verb === 'disable' || verb === 'enable') && first !== undefined && second === undefined) {
    return (store) => disable(store, first, verb === 'disable', given, around)
  }
  if (verb !== 'rename' || first === undefined || second === undefined) return undefined
  return (store) => rename(store, first, second)
}

async function list(store: Store, given: Given, text: string | undefined): Promise<string> {
  const limit = Number(textOf(given, 'limit') ?? limitUsual)
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax) {
    throw new Failure(`--limit is a whole number from 1 to ${limitMax}.`, 'usage')
  }
  const after = textOf(given, 'after')
  const found = await store.persons({
    limit,
    ...(text !== undefined && { text }),
    ...(after !== undefined && { after }),
  })
  if (given.flags.json === true) return found.map((each) => `${JSON.stringify(each)}\n`).join('')
  return peopleTable(found)
}

async function rename(store: Store, who: string, wanted: string): Promise<string> {
  const { Name } = await import('@madang/protocol')
  const name = Name.safeParse(wanted.normalize('NFC'))
  if (!name.success) throw new Failure('That is no name: one line with something to see in it.')
  const { person } = await findPerson(store, who)
  await store.changePerson(person.id, { name: name.data })
  return `${person.name} (${person.id}) is called ${name.data} now.\n`
}

/** Kept in the store first, which holds whatever becomes of the rest; a server that runs tells all nodes of it. */
async function disable(
  store: Store,
  who: string,
  disabled: boolean,
  given: Given,
  around: Surroundings,
): Promise<string> {
  const { person } = await findPerson(store, who)
  const { isLastOperator } = await import('../../core/people/last-operator.ts')
  if (disabled && (await isLastOperator(store, person.id))) {
    throw new Failure(`${person.name} is the last operator. Make another one first.`)
  }
  await store.changePerson(person.id, { disabled })
  const done = `${person.name} (${person.id}) is ${disabled ? 'kept out' : 'let in again'}`
  if (!disabled) return `${done}.\n`
  try {
    await (await openApi(given, around)).disable(person.id, disabled)
    return `${done}; their connections have ended.\n`
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return `${done}; their connections end within a minute, as no server could be told: ${error.message}\n`
  }
}

export function peopleTable(people: readonly PersonRecord[]): string {
  return table(
    ['ID', 'KIND', 'LOGIN', 'OPERATOR', 'DISABLED', 'SINCE', 'NAME'],
    people.map(({ person, login, operator, disabled, createdAt }) => [
      person.id,
      person.kind,
      login ?? '-',
      operator ? 'yes' : '-',
      disabled ? 'yes' : '-',
      new Date(createdAt).toISOString().slice(0, 10),
      person.name,
    ]),
  )
}
