/** Empty databases for suites, each of its own on one running PostgreSQL. */
import { Client } from 'pg'
import type { Running } from '../../../../../tests/services/part.ts'

let made = 0

export interface TestDatabase {
  readonly url: string
  remove(): Promise<void>
}

/** Runs statements as the superuser, in the database of that URL. */
export async function asAdmin<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  // A server that is killed by a test fails the query that is under way.
  client.on('error', () => {})
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

/** Sorted by a language's rules, unless columns say otherwise: nothing of ours may depend on them. */
export async function newDatabase({ url }: Running): Promise<TestDatabase> {
  made += 1
  const name = `test_${process.pid}_${made}`
  const locale = `template template0 locale_provider icu icu_locale 'en-US'`
  await asAdmin(url, (client) => client.query(`create database ${name} ${locale}`))
  return {
    url: new URL(`/${name}`, url).href,
    remove: () =>
      asAdmin(url, async (client) => {
        await client.query(`drop database ${name} with (force)`)
      }),
  }
}
