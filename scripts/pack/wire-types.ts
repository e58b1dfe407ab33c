// The protocol's types as plain TypeScript, without the schemas that they come from: who installs the client needs no validator, not even for its types.
import * as protocol from '@madang/protocol'
import { DOWN, UP } from '@madang/protocol'
import { z } from 'zod'

interface JsonSchema {
  readonly $ref?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly propertyNames?: JsonSchema
  readonly items?: JsonSchema
}

const names = z.registry<{ id: string }>()
for (const [id, value] of Object.entries(protocol)) {
  if (value instanceof z.ZodType) names.add(value, { id })
}

/** The text of a declaration file that says what `@madang/protocol` says in types. */
export function wireTypes(): string {
  const { schemas } = z.toJSONSchema(names, { io: 'output', uri: (id) => id })
  return [
    "import type { ErrorBody, ErrorCode, ErrorDetail, Retry } from './errors.js'",
    "import type { LimitName } from './limits.js'",
    'export type { ErrorBody, ErrorCode, ErrorDetail, LimitName, Retry }',
    ...Object.entries(schemas).map(
      ([name, schema]) => `export type ${name} = ${write(schema as JsonSchema)}`,
    ),
    "export type EventKind = LogEvent['kind']",
    `interface Up ${record(UP, ({ request, result }) => `{ request: ${typeOf(request)}; result: ${typeOf(result)} }`)}`,
    'export type UpName = keyof Up',
    "export type UpRequest<N extends UpName> = Up[N]['request']",
    "export type UpResult<N extends UpName> = Up[N]['result']",
    `interface Down ${record(DOWN, typeOf)}`,
    'export type DownName = keyof Down',
    'export type DownPayload<N extends DownName> = Down[N]',
    '',
  ].join('\n')
}

function record<T>(rows: Readonly<Record<string, T>>, type: (row: T) => string): string {
  const lines = Object.entries(rows).map(([name, row]) => `  ${name}: ${type(row)}`)
  return `{\n${lines.join('\n')}\n}`
}

function typeOf(schema: z.ZodType): string {
  const own = names.get(schema)
  if (own !== undefined) return own.id
  return write(z.toJSONSchema(schema, { metadata: names, io: 'output' }) as JsonSchema)
}

function write(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/$defs/', '')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)))
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return union(options.map(write))
  if (Array.isArray(schema.type))
    return union(schema.type.map((type) => write({ ...schema, type })))
  switch (schema.type) {
    case 'object':
      return object(schema)
    case 'array':
      return `(${write(schema.items ?? {})})[]`
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type
    case undefined:
      return 'unknown'
    default:
      throw new Error(`there is no type for ${JSON.stringify(schema)}`)
  }
}

function object({ properties = {}, required = [], ...rest }: JsonSchema): string {
  const { propertyNames, additionalProperties } = rest
  if (propertyNames !== undefined && typeof additionalProperties === 'object') {
    return `Record<string, ${write(additionalProperties)}>`
  }
  const entries = Object.entries(properties).map(([key, value]) =>
    required.includes(key) ? `${key}: ${write(value)}` : `${key}?: ${write(value)} | undefined`,
  )
  return `{ ${entries.join('; ')} }`
}

const union = (options: readonly string[]): string => options.join(' | ')
