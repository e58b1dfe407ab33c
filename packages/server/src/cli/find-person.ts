/** Finds the one person whom an operator means. */
import type { PersonRecord, Store } from '../store/store.ts'
import { Failure } from './command.ts'

/** People who are named where several are meant. */
const namedMax = 5

/** By id, by login, or by the whole name where only one has it. */
export async function findPerson(store: Store, text: string): Promise<PersonRecord> {
  const found = await store.persons({ text, limit: 1_000 })
  const sure = found.filter(({ person, login }) => person.id === text || login === text)
  const named = found.filter(({ person }) => person.name === text)
  const [one, ...others] = sure.length > 0 ? sure : named.length > 0 ? named : found
  if (one === undefined) {
    throw new Failure(
      `Nobody has the id, login or name ${JSON.stringify(text)}. \`madang user list\` shows who is there; people of another system are there once they have signed in.`,
    )
  }
  if (others.length === 0) return one
  const shown = [one, ...others].slice(0, namedMax)
  throw new Failure([
    `${1 + others.length} people are found by ${JSON.stringify(text)}. Name one by id or login:`,
    ...shown.map(({ person, login }) => `  ${person.id}  ${login ?? '-'}  ${person.name}`),
  ])
}
