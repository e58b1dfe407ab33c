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

/** Of each server, those that nobody uses, emptied. */
const emptied = new Map<string, TestDatabase[]>()

/** As `newDatabase`, but for the schema, which may be there: much quicker where many cases want one after the other. */
export async function emptyDatabase(server: Running): Promise<TestDatabase> {
  const free = emptied.get(server.url) ?? []
  emptied.set(server.url, free)
  const database = free.pop() ?? (await newDatabase(server))
  return {
    url: database.url,
    async remove() {
      await asAdmin(database.url, (client) => client.query(EMPTY))
      free.push(database)
    },
  }
}

const EMPTY = `do $$ begin
  execute (select 'truncate ' || string_agg(quote_ident(tablename), ', ') from pg_tables
    where schemaname = 'public' and tablename not like 'kysely%');
end $$`
