/** Rows of persons, their credentials and sessions. */
import { Id, Instant } from '@madang/protocol'
import { z } from 'zod'
import { DEADLINES } from '../deadlines.ts'
import { row, silentRow } from '../row.ts'
import * as shapes from '../shapes.ts'

const read = { need: 'required', repeats: 'always', deadlineMs: DEADLINES.readMsMax } as const
const write = { need: 'optional', repeats: 'never', deadlineMs: DEADLINES.writeMsMax } as const

export const peopleMethods = {
  createPerson: row<'createPerson'>()(['person'], { person: shapes.NewPerson }, z.boolean(), {
    ...write,
    summary:
      'Makes a guest, or an account with a password. false: the login is taken, and nothing was stored.',
  }),
  adoptPerson: row<'adoptPerson'>()(
    ['person'],
    { person: shapes.AdoptedPerson },
    shapes.AnyPerson,
    {
      ...write,
      repeats: 'always',
      need: 'required',
      summary:
        'Finds the person that a token names (`externalId`: its issuer and subject) and brings the name up to date, or makes it; two at once make one. `banned`: the person is disabled.',
    },
  ),
  person: row<'person'>()(['id'], { id: Id }, shapes.AnyPerson.nullable(), {
    ...read,
    summary: 'A person; null: there is none.',
  }),
  changePerson: row<'changePerson'>()(
    ['id', 'change'],
    { id: Id, change: shapes.PersonChange },
    shapes.AnyPerson.nullable(),
    {
      ...write,
      repeats: 'always',
      summary:
        'Changes what is named in `change`: the name, whether the person is an operator, and whether they are kept out of the whole installation (`disabled`; `placeVersions` tells of it). null: there is no such person.',
    },
  ),
  isOperator: row<'isOperator'>()(['id'], { id: Id }, z.boolean(), {
    ...read,
    need: 'optional',
    summary: 'Whether the person may see and steer the whole installation. Needed for /ops.',
  }),
  persons: row<'persons'>()(
    ['request'],
    { request: shapes.PersonsRequest },
    z.array(shapes.PersonRecord),
    {
      ...read,
      need: 'optional',
      summary:
        'People in the order of their ids, for operators: all, or those that `text` finds, or operators alone.',
    },
  ),
  credentials: row<'credentials'>()(
    ['login'],
    { login: z.string().max(1_024) },
    shapes.Credentials.nullable(),
    {
      ...read,
      need: 'optional',
      summary: 'The person with this login, and what a password is checked against.',
    },
  ),
  createSession: silentRow<'createSession'>()(
    ['session'],
    { session: shapes.Session },
    { ...write, summary: 'Keeps a session. Needed where people come in as guests or by password.' },
  ),
  session: row<'session'>()(
    ['id', 'now'],
    { id: z.string().max(128), now: Instant },
    shapes.FoundSession.nullable(),
    {
      ...read,
      need: 'optional',
      summary:
        'The session and its person, where it exists, expires after `now`, and the person is not disabled.',
    },
  ),
  missingSessions: row<'missingSessions'>()(
    ['ids', 'now'],
    { ids: z.array(z.string().max(128)), now: Instant },
    z.array(z.string().max(128)),
    {
      ...read,
      need: 'optional',
      summary:
        'Those of the sessions that are void at `now`: deleted, expired, never made, or of somebody who is disabled. Thousands at once; how a sign-out reaches connections where no broker tells of it.',
    },
  ),
  deleteSession: row<'deleteSession'>()(['id'], { id: z.string().max(128) }, z.boolean(), {
    ...write,
    summary: 'Ends a session; whether there was one.',
  }),
}
