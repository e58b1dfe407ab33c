// Writes a schema of the protocol the way TypeScript would, with its bounds, by way of its JSON Schema.
import * as protocol from '@madang/protocol'
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
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly pattern?: string
}

const lineCharsMax = 96

const names = z.registry<{ id: string }>()
for (const [id, value] of Object.entries(protocol)) {
  if (value instanceof z.ZodType) names.add(value, { id })
}

/** The named shapes of the protocol, by name, each written out. */
export function namedShapes(): readonly { readonly name: string; readonly text: string }[] {
  const { schemas } = z.toJSONSchema(names, { io: 'output', uri: (id) => id })
  return Object.entries(schemas)
    .map(([name, schema]) => ({ name, text: write(schema as JsonSchema, 0) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** One shape, with the named ones inside it by name. */
export function shapeOf(schema: z.ZodType, io: 'input' | 'output'): string {
  const own = names.get(schema)
  if (own !== undefined) return own.id
  return write(z.toJSONSchema(schema, { metadata: names, io }) as JsonSchema, 0)
}

function write(schema: JsonSchema, depth: number): string {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/$defs/', '')
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ')
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return union(options, depth)
  if (Array.isArray(schema.type)) {
    return union(
      schema.type.map((type) => ({ ...schema, type })),
      depth,
    )
  }
  switch (schema.type) {
    case 'object':
      return object(schema, depth)
    case 'array':
      return array(schema, depth)
    case 'string':
      return `string${bounds(schema.minLength, schema.maxLength, 'characters')}${likeness(schema)}`
    case 'integer':
    case 'number':
      return `${schema.type}${bounds(schema.minimum, schema.maximum)}`
    default:
      return String(schema.type ?? 'unknown')
  }
}

function object(schema: JsonSchema, depth: number): string {
  const { properties = {}, required = [], propertyNames, additionalProperties } = schema
  if (propertyNames !== undefined && typeof additionalProperties === 'object') {
    return `{ [${write(propertyNames, depth)}]: ${write(additionalProperties, depth)} }`
  }
  const entries = Object.entries(properties).map(
    ([key, value]) => `${key}${required.includes(key) ? '' : '?'}: ${write(value, depth + 1)}`,
  )
  if (entries.length === 0) return '{}'
  const line = `{ ${entries.join(', ')} }`
  if (line.length + depth * 2 <= lineCharsMax && !line.includes('\n')) return line
  const indent = '  '.repeat(depth + 1)
  return `{\n${entries.map((entry) => `${indent}${entry}`).join('\n')}\n${'  '.repeat(depth)}}`
}

function array({ items = {}, maxItems }: JsonSchema, depth: number): string {
  const item = write(items, depth)
  const most = maxItems === undefined ? '' : ` /* at most ${maxItems} */`
  return `${/[ |]/.test(item) && !item.startsWith('{') ? `(${item})` : item}[]${most}`
}

function union(options: readonly JsonSchema[], depth: number): string {
  const texts = options.map((option) => write(option, depth))
  const line = texts.join(' | ')
  if (line.length <= lineCharsMax && !line.includes('\n')) return line
  return texts.map((text) => `\n${'  '.repeat(depth)}| ${text}`).join('')
}

function likeness({ pattern }: JsonSchema): string {
  return pattern === undefined ? '' : ` /* like ${pattern} */`
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

function bounds(min: number | undefined, max: number | undefined, unit = ''): string {
  const least = min === undefined || min === Number.MIN_SAFE_INTEGER ? undefined : min
  const most = max === undefined || max === Number.MAX_SAFE_INTEGER ? undefined : max
  if (least === undefined && most === undefined) return ''
  const of = unit === '' ? '' : ` ${unit}`
  if (most === undefined) return ` /* ${least} or more${of} */`
  return ` /* ${least === undefined ? `at most ${most}` : `${least} to ${most}`}${of} */`
}
