/** `madang token`: something to sign in with, for tests and bots. */
import { createHmac } from 'node:crypto'
import { systemClock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { newSessionToken, sessionIdOf } from '../../core/people/session-token.ts'
import { systemRandom } from '../../ids.ts'
import { type Command, EXITS, Failure, textOf } from '../command.ts'
import { durationOf } from '../durations.ts'
import { findPerson } from '../find-person.ts'

export const token: Command = {
  name: 'token',
  summary: 'Makes a token to sign in with, for tests and bots.',
  usage: '<subject> [--name <name>] | --person <person>',
  details: [
    'With a subject: a JSON web token, signed with JWT_SECRET as another system would, for JWT_ISSUER and JWT_AUDIENCE where they are set. Whoever shows it first is made a person.',
    'With --person: a session of somebody who is there already. It is kept in the store, and ends with its time or when they sign out.',
  ],
  flags: {
    name: {
      type: 'string',
      value: 'name',
      about: 'What the person is called; the subject unless given.',
    },
    person: { type: 'string', value: 'person', about: 'Whose session: an id, a login or a name.' },
    expires: {
      type: 'string',
      value: 'time',
      about: 'How long it is good: 90s, 15m, 1h, 30d; 1h unless given.',
    },
  },
  words: { min: 0, max: 1 },
  async run(given, around) {
    const [subject] = given.words
    const person = textOf(given, 'person')
    const lifeMs = durationOf(textOf(given, 'expires') ?? '1h')
    if ((subject === undefined) === (person === undefined)) {
      throw new Failure('Say either a subject or --person. See madang token --help.', 'usage')
    }
    // Not before it is needed: whoever asks for help is answered at once.
    const { configOf } = await import('../open-store.ts')
    const config = configOf(around)
    const made =
      person === undefined
        ? signed(
            config,
            { sub: subject ?? '', name: textOf(given, 'name') ?? subject ?? '' },
            lifeMs,
          )
        : await session(config, person, lifeMs)
    around.out(`${made}\n`)
    return EXITS.done.code
  },
}

function signed({ tokens }: Config, who: { sub: string; name: string }, lifeMs: number): string {
  if (tokens.secret === undefined) {
    throw new Failure(
      'JWT_SECRET is not set, so there is nothing to sign with. Set it as the server has it, or use --person.',
    )
  }
  const iat = Math.floor(systemClock.now() / 1_000)
  const payload = {
    ...{ ...who, iat, exp: iat + Math.ceil(lifeMs / 1_000) },
    ...(tokens.issuer !== undefined && { iss: tokens.issuer }),
    ...(tokens.audience !== undefined && { aud: tokens.audience }),
  }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`
  return `${input}.${createHmac('sha256', tokens.secret).update(input).digest('base64url')}`
}

async function session(config: Config, who: string, lifeMs: number): Promise<string> {
  const { withStore } = await import('../open-store.ts')
  return withStore(config, async (store) => {
    const { person } = await findPerson(store, who)
    const made = newSessionToken(systemRandom)
    const createdAt = systemClock.now()
    const id = sessionIdOf(made)
    await store.createSession({ id, personId: person.id, createdAt, expiresAt: createdAt + lifeMs })
    return made
  })
}
