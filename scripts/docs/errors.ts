// docs/reference/errors.md: every refusal, and what to do next.
import { ERRORS } from '@madang/protocol'
import { code, page, table } from './markdown.ts'

export function errorsPage(): string {
  return page(
    'Errors',
    'packages/protocol/src/errors.ts',
    'An error has a `code`, a `text` for people, and `retry`, which says what to do next:',
    [
      '- `never`: the same request fails again.',
      '- `later`: wait `retryAfterMs`, or back off, and send it again.',
      '- `now`: send it again at once, on a new connection where the old one is closed.',
    ].join('\n'),
    'Over HTTP it is the body of an answer with this status, over Socket.IO the `error` of an acknowledgement, the `data` of a `connect_error`, or the payload of `closed`. ' +
      '`field` names what is wrong in the request, `limit` the [limit](limits.md) that is reached.',
    table(
      ['code', 'HTTP status', 'retry', 'text'],
      Object.entries(ERRORS).map(([name, { status, retry, text }]) => [
        code(name),
        String(status),
        code(retry),
        text,
      ]),
    ),
  )
}
