/** Persons, credentials and sessions of a store in memory. */
import type { Id, Person } from '@madang/protocol'
import type { Selectable } from 'kysely'
import type {
  Credentials,
  NewPerson,
  PersonChange,
  PersonRecord,
  PersonsRequest,
  Session,
} from '../../people.ts'
import type { PersonRow as PersonTable } from '../../queries/tables.ts'
import { StoreError } from '../../store.ts'
import type { Rows } from './rows.ts'

type PersonRow = Selectable<PersonTable>

const toPerson = ({ id, name, kind }: PersonRow): Person => ({ id, name, kind })

const toRow = (person: NewPerson): PersonRow => ({
  id: person.id,
  name: person.name,
  kind: person.kind,
  created_at: person.createdAt,
  login: person.login ?? null,
  password_hash: person.passwordHash ?? null,
  external_id: person.externalId ?? null,
  operator: 0,
  disabled: 0,
})

function find(rows: Rows, fits: (row: PersonRow) => boolean): PersonRow | undefined {
  return [...rows.persons.values()].find(fits)
}

export function createPerson(rows: Rows, person: NewPerson): boolean {
  const { login } = person
  if (login !== undefined && find(rows, (row) => row.login === login)) return false
  if (rows.persons.has(person.id)) throw new Error('there is a person with this id already')
  rows.persons.set(person.id, toRow(person))
  return true
}

export function adoptPerson(
  rows: Rows,
  person: NewPerson & { readonly externalId: string },
): Person {
  const known = find(rows, (row) => row.external_id === person.externalId)
  const row = known ?? toRow(person)
  if (row.disabled === 1) throw keptOut()
  rows.persons.set(row.id, row)
  rename(rows, row, person.name)
  return toPerson(row)
}

function rename(rows: Rows, row: PersonRow, name: string): void {
  row.name = name
  for (const member of rows.communityMembers.in(row.id)) member.name = name
  for (const member of rows.members.in(row.id)) member.name = name
}

export function changePerson(
  rows: Rows,
  id: Id,
  { name, operator, disabled }: PersonChange,
): Person | null {
  const row = rows.persons.get(id)
  if (row === undefined) return null
  if (name !== undefined) rename(rows, row, name)
  if (operator !== undefined) row.operator = operator ? 1 : 0
  if (disabled !== undefined) {
    row.disabled = disabled ? 1 : 0
    for (const member of rows.communityMembers.in(id)) member.rev++
  }
  return toPerson(row)
}

/** In the order of ids. */
export function persons(
  rows: Rows,
  { text, operators, after = '', limit }: PersonsRequest,
): PersonRecord[] {
  const part = text?.toLowerCase() ?? ''
  const fits = ({ id, login, name }: PersonRow): boolean =>
    text === undefined || id === text || login === text || name.toLowerCase().includes(part)
  return [...rows.persons.values()]
    .filter((row) => row.id > after && fits(row) && (operators !== true || row.operator === 1))
    .sort((one, two) => (one.id < two.id ? -1 : 1))
    .slice(0, limit)
    .map((row) => ({
      person: toPerson(row),
      login: row.login,
      operator: row.operator === 1,
      disabled: row.disabled === 1,
      createdAt: row.created_at,
    }))
}

export function personOf(rows: Rows, id: Id): Person | null {
  const row = rows.persons.get(id)
  return row === undefined ? null : toPerson(row)
}

export function credentials(rows: Rows, login: string): Credentials | null {
  const row = find(rows, (one) => one.login === login)
  if (row === undefined || row.password_hash === null) return null
  return { person: toPerson(row), passwordHash: row.password_hash }
}

const keptOut = () => new StoreError('banned', 'The person is disabled.')

export const isDisabled = (rows: Rows, id: Id): boolean => rows.persons.get(id)?.disabled === 1

export function createSession(rows: Rows, session: Session): void {
  const { id, personId, createdAt, expiresAt } = session
  if (isDisabled(rows, personId)) throw keptOut()
  for (const [key, row] of rows.sessions) if (row.expires_at <= createdAt) rows.sessions.delete(key)
  rows.sessions.set(id, {
    ...{ id, person_id: personId },
    ...{ created_at: createdAt, expires_at: expiresAt },
  })
}

export function session(
  rows: Rows,
  id: string,
  now: number,
): { session: Session; person: Person } | null {
  const row = rows.sessions.get(id)
  if (row === undefined || row.expires_at <= now || isDisabled(rows, row.person_id)) return null
  const person = personOf(rows, row.person_id)
  if (person === null) return null
  const { person_id: personId, created_at: createdAt, expires_at: expiresAt } = row
  return { session: { id, personId, createdAt, expiresAt }, person }
}

export function missingSessions(rows: Rows, ids: readonly string[], now: number): string[] {
  return ids.filter((id) => session(rows, id, now) === null)
}
