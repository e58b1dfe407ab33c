/** Between Fastify and the schemas of the table: what comes in is checked, what goes out is what the table says and no more. */
import { check } from '@madang/protocol'
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify'
import type { z } from 'zod'
import { Refusal } from '../core/refusal.ts'

export const checkRequest: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data) => {
    const parsed = check(schema, data)
    if (parsed.success) return { value: parsed.data }
    return { error: new Refusal('invalid', { field: fieldOf(parsed.error) }) }
  }

/** A value that does not fit its schema is our fault, not the caller's, and is not sent. Entries that the schema does not know are left out. */
export const writeResponse: FastifySerializerCompiler<z.ZodType> =
  ({ schema }) =>
  (data) =>
    JSON.stringify(schema.parse(data))

/** The path of the first thing that is wrong. */
function fieldOf(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return ''
  const extra = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  return [...issue.path, ...extra].map(String).join('.').slice(0, 200)
}
