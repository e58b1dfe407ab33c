/** The OpenAPI document of the API, from the same table, and pages to read and try it. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import * as protocol from '@madang/protocol'
import type { FastifyInstance } from 'fastify'
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod'
import { z } from 'zod'
import { SESSION_COOKIE } from '../doors/session-cookie.ts'
import { securityHeaders } from './headers.ts'

/** What every route may answer instead. */
export const errorResponses = { default: protocol.ErrorShape }

/** Shapes that get a name of their own in the document. */
function namedShapes() {
  const registry = z.registry<{ id: string }>()
  const {
    Person,
    Author,
    Community,
    MyCommunity,
    Channel,
    MyChannel,
    Member,
    LogEvent,
    ErrorShape,
  } = protocol
  const named = { Person, Author, Community, MyCommunity, Channel, MyChannel, Member, LogEvent }
  for (const [id, shape] of Object.entries({ ...named, Error: ErrorShape })) {
    registry.add(shape, { id })
  }
  return registry
}

export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  const schemaRegistry = namedShapes()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Madang',
        version,
        description:
          'The HTTP door of a Madang server. Whatever can be done here can be done over Socket.IO too, and both see the same log.',
      },
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'A session token, or a JSON web token that this server accepts.',
          },
          cookie: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  })
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP:
      securityHeaders('docs', { host: undefined, isTls: false })['content-security-policy'] ?? '',
    uiConfig: { url: '/api/openapi.json', tryItOutEnabled: true },
  })
  let text: string | undefined
  app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(withoutUnused(app.swagger()))
    return reply.type('application/json').send(text)
  })
}

/** The shapes of requests and of answers are generated both; most are used as one of them only. */
function withoutUnused<T extends object>(document: T): T {
  const copy: T & { components?: { schemas?: Record<string, unknown> } } = structuredClone(document)
  const schemas = copy.components?.schemas ?? {}
  let before: number
  do {
    before = Object.keys(schemas).length
    const text = JSON.stringify(copy)
    for (const name of Object.keys(schemas)) {
      if (!text.includes(`"#/components/schemas/${name}"`)) delete schemas[name]
    }
  } while (Object.keys(schemas).length < before)
  return copy
}
