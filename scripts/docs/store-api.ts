// docs/reference/store-api.md: what a gateway asks of the process that keeps the truth.
import {
  METHODS,
  type Method,
  pathOf,
  STORE_API_LIMITS,
  STORE_API_VERSION,
} from '@madang/server/reference'
import { block, code, page, table } from './markdown.ts'
import { shapeOf } from './shapes.ts'

const mebibytes = (bytes: number): string => `${bytes / 2 ** 20} MiB`

const REFUSALS = table(
  ['status', 'body', 'what the gateway makes of it'],
  [
    [
      'of the row',
      '`{ "code": ... }`, a code of the [error table](errors.md)',
      'the request is refused with this code; a refusal of one entry of a batch is that entry’s result instead',
    ],
    ['401', 'any', 'the secret is wrong: nothing is asked but `ping`, until it is right'],
    ['426', 'any', 'this version is not served (upgrade API processes before gateways): likewise'],
    [
      '501',
      'any',
      'the method is left out: whoever needs it is refused as `forbidden`, and the rest goes on',
    ],
    [
      'any other',
      'any that does not fit',
      '`unavailable`, which clients try again later; logged and counted',
    ],
  ],
)

const STANDINGS = table(
  ['`needs`', 'the author', 'else refused as'],
  [
    ['`nothing`', 'is anybody: the server itself asks', ''],
    [
      '`community`',
      'is a member of the channel’s community, banned neither there nor in the channel',
      '`banned` or `not_member`',
    ],
    ['`member`', 'is that, and a member of the channel', '`banned` or `not_member`'],
    [
      '`writer`',
      'is `member`; in a public live channel `community` is enough',
      '`banned` or `not_member`',
    ],
    ['`author`', 'is `writer` and wrote the target, or is `moderator`', '`forbidden`'],
    ['`moderator`', 'is moderator or owner of the channel or of the community', '`forbidden`'],
  ],
)

export function storeApiPage(): string {
  const rows: [string, Method][] = Object.entries(METHODS)
  return page(
    'The store API',
    'packages/server/src/store/remote/methods.ts',
    `Version ${STORE_API_VERSION}. What a socket server (\`ROLES=gateway\`) asks of the process at \`API_URL\`: Madang itself with \`ROLES=api\`, or a backend of your own. ` +
      'The answer decides: what is not appended there is broadcast to nobody, and a refusal reaches the sender as its error. [examples/own-backend](../../examples/own-backend) is a backend in one file.',
    '## Requests',
    `\`POST ${pathOf('<method>')}\`, JSON in and out, \`Authorization: Bearer <API_SECRET>\`. The body is an object with the method’s arguments by name; the answer is \`200\` with \`{ "result": ... }\`. ` +
      `A body has at most ${mebibytes(STORE_API_LIMITS.requestBytesMax)}, an answer ${mebibytes(STORE_API_LIMITS.answerBytesMax)}. Both sides ignore entries that they do not know. Connections are kept; keep idle ones for longer than a few seconds.`,
    '## Refusals',
    REFUSALS,
    'No answer within the deadline, or a broken connection, is `unavailable` too: the outcome is unknown, and the same client id finds it out. Where there is no answer to a `ping` either, the gateway refuses everything at once and asks on until there is.',
    '## What an author must be',
    'Every entry of an append names what its author must be, checked inside the commit: whoever was removed before it appends nothing after it.',
    STANDINGS,
    'An entry that changes nothing (a member joins, a deleted message is deleted, an edit to the same text) is `repeated`, with the event that stands for it or null.',
    '## Methods',
    '“Repeated” says whether a request whose connection broke is made a second time; an answer must then be what it would have been at first. Calls of the same moment share one request where items are given.',
    table(
      ['method', 'needed', 'deadline', 'repeated', 'items in one request'],
      rows.map(([name, { need, deadlineMs, repeats, itemsMax }]) => [
        `[${code(name)}](#${name.toLowerCase()})`,
        need,
        `${deadlineMs} ms`,
        { always: 'yes', once: 'where every entry has a client id', never: 'no' }[repeats],
        itemsMax === undefined ? 'one call' : `at most ${itemsMax}`,
      ]),
    ),
    'Where people come in as guests, `createPerson`, `createSession` and `session` are needed as well. Shapes with a name are those of [the wire](protocol.md#shapes).',
    ...rows.flatMap(([name, { summary, request, result }]) => [
      `### ${code(name)}`,
      summary,
      block(`request: ${shapeOf(request, 'input')}\nresult: ${shapeOf(result, 'output')}`),
    ]),
  )
}
