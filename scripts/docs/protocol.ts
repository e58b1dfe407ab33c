// docs/reference/protocol.md: everything that goes over the wire.
import {
  DOWN,
  Handshake,
  ROUTES,
  type Route,
  UP,
  WIRE_VERSION,
  WIRE_VERSION_MIN,
} from '@madang/protocol'
import { declarationComment, rowComments } from './comments.ts'
import { block, code, page } from './markdown.ts'
import { namedShapes, shapeOf } from './shapes.ts'

const FOLDER = 'packages/protocol/src'

export function protocolPage(): string {
  return page(
    'The wire',
    FOLDER,
    `Version ${WIRE_VERSION}; a server serves versions ${WIRE_VERSION_MIN} to ${WIRE_VERSION}. Shapes are written as TypeScript would; \`?\` means that an entry may be absent. ` +
      'Entries that a request does not know are refused, and entries that an answer grows later are to be ignored.',
    '## Connecting',
    `Stock Socket.IO 4, the main namespace, any transport. ${declarationComment(`${FOLDER}/up.ts`, 'Handshake')}`,
    block(shapeOf(Handshake, 'input')),
    'A refusal arrives as Socket.IO’s `connect_error`, with the [error](errors.md) in `data`. Stock clients take that for the last word: one that does not name `wire`, and is refused as `draining`, `busy` or `unavailable`, has its transport closed instead, and comes back by itself.',
    '## Requests',
    'Each is one event with one argument, acknowledged `{ ok: true, ...answer }` or `{ ok: false, error: ErrorShape }`. A retry of a request with the same `clientId` gets the first answer.',
    ...requests(),
    '## Events',
    'What the server sends by itself, each with one argument.',
    ...events(),
    '## HTTP',
    'JSON in and out. `Authorization: Bearer <token>` or the session cookie says who asks. An error is its [row](errors.md) as the body, with the row’s status, and `Retry-After` where waiting helps. ' +
      'A running server describes this part as OpenAPI 3.1 at `/api/openapi.json`, to be read and tried at `/api/docs`.',
    ...routes(),
    '## Shapes',
    ...namedShapes().flatMap(({ name, text }) => [
      `### ${name}`,
      sentence(commentOf(name)),
      block(`type ${name} = ${text}`),
    ]),
  )
}

function requests(): string[] {
  const comments = rowComments(`${FOLDER}/up.ts`, 'UP', false)
  return Object.entries(UP).flatMap(([name, { request, result }]) => [
    `### ${code(name)}`,
    comments.get(name) ?? '',
    block(`request: ${shapeOf(request, 'input')}\nanswer: ${shapeOf(result, 'output')}`),
  ])
}

function events(): string[] {
  const comments = rowComments(`${FOLDER}/down.ts`, 'DOWN', false)
  return Object.entries(DOWN).flatMap(([name, payload]) => [
    `### ${code(`${name}`)} event`,
    comments.get(name) ?? '',
    block(shapeOf(payload, 'output')),
  ])
}

function routes(): string[] {
  return Object.entries(ROUTES).flatMap(([name, route]: [string, Route]) => [
    `### ${code(`${route.method} ${route.path}`)}`,
    `${route.summary}${route.auth ? '' : ' Open to everybody.'} (${code(name)}, ${route.status})`,
    block(
      [
        ...(route.params ? [`path: ${shapeOf(route.params, 'input')}`] : []),
        ...(route.query ? [`query: ${shapeOf(route.query, 'input')}`] : []),
        ...(route.body ? [`body: ${shapeOf(route.body, 'input')}`] : []),
        `answer: ${shapeOf(route.response, 'output')}`,
      ].join('\n'),
    ),
  ])
}

function commentOf(name: string): string {
  for (const file of ['ids', 'places', 'event', 'down', 'up']) {
    const comment = declarationComment(`${FOLDER}/${file}.ts`, name)
    if (comment !== '') return comment
  }
  return ''
}

function sentence(text: string): string {
  return text === '' || text.endsWith('.') ? text : `${text}.`
}
