import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ROUTES, type Route } from '@madang/protocol'
import { ask } from '../testing/http.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: object
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: object }>> }
  readonly responses: Readonly<Record<string, { content: Record<string, { schema: object }> }>>
}

interface Document {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

describe('the OpenAPI document', () => {
  let server: StartedServer
  let document: Document
  let text: string

  before(async () => {
    server = await startServer()
    const answer = await ask(`${server.url}/api/openapi.json`)
    assert.equal(answer.status, 200)
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/)
    text = answer.body
    document = JSON.parse(text)
  })
  after(() => server.stop())

  const operationOf = ({ method, path }: Route): Operation => {
    const template = path.replace(/:(\w+)/g, '{$1}')
    return document.paths[template]?.[method.toLowerCase()] ?? assert.fail(`${method} ${template}`)
  }

  it('is OpenAPI 3.1 and says what it describes', () => {
    assert.match(document.openapi, /^3\.1\.\d$/)
    assert.equal(document.info.title, 'Madang')
  })

  it('has every row of the table, and nothing else', () => {
    const described = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    )
    assert.deepEqual(described.toSorted(), Object.keys(ROUTES).toSorted())
  })

  for (const [name, row] of Object.entries(ROUTES)) {
    it(`describes ${name} as the table has it`, () => {
      const route: Route = row
      const operation = operationOf(route)
      assert.equal(operation.operationId, name)
      assert.equal(operation.summary, route.summary)
      assert.equal(operation.security.length > 0, route.auth)
      const named = (place: string) =>
        (operation.parameters ?? []).filter((parameter) => parameter.in === place)
      const keys = (schema: Route['query']) => Object.keys(schema?.shape ?? {}).toSorted()
      assert.deepEqual(
        named('path')
          .map((one) => one.name)
          .toSorted(),
        keys(route.params),
      )
      assert.deepEqual(
        named('query')
          .map((one) => one.name)
          .toSorted(),
        keys(route.query),
      )
      for (const parameter of named('path')) assert.equal(parameter.required, true)
      const body = operation.requestBody?.content['application/json']?.schema
      assert.equal(body !== undefined, route.body !== undefined)
      assert.deepEqual(Object.keys(operation.responses).toSorted(), [
        String(route.status),
        'default',
      ])
      for (const response of Object.values(operation.responses)) {
        assert.ok(response.content['application/json']?.schema)
      }
    })
  }

  it('has every shape that it refers to, and none that it does not', () => {
    const referred = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1])
    assert.deepEqual(
      [...new Set(referred)].toSorted(),
      Object.keys(document.components.schemas).toSorted(),
    )
    for (const name of ['Person', 'MyChannel', 'LogEvent', 'Error']) {
      assert.ok(document.components.schemas[name], name)
    }
  })

  it('tells the bounds of a request', () => {
    const { requestBody } = operationOf(ROUTES.createMessage)
    const schema = JSON.stringify(requestBody?.content['application/json']?.schema)
    assert.match(schema, /"maxLength":4000/)
    assert.match(schema, /"additionalProperties":false/)
  })

  it('has pages to read it, whose every file is served', async () => {
    const page = await ask(`${server.url}/api/docs`)
    assert.equal(page.status, 200)
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
    assert.ok(files.length >= 5)
    for (const file of files) {
      const { status } = await ask(new URL(file, `${server.url}/api/docs`).href)
      assert.equal(status, 200, file)
    }
    const script = await ask(`${server.url}/api/docs/static/swagger-initializer.js`)
    assert.match(script.body, /\/api\/openapi\.json/)
  })
})
