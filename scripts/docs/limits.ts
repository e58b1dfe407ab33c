// docs/reference/limits.md: every bound of the product.
import { LIMIT_ERRORS, LIMITS, RATE_ERRORS, RATES } from '@madang/protocol'
import { rowComments } from './comments.ts'
import { code, page, table } from './markdown.ts'

const FILE = 'packages/protocol/src/limits.ts'
const CLIENT_FILE = 'packages/protocol/src/client-limits.ts'

export function limitsPage(): string {
  const limits = new Map([
    ...rowComments(CLIENT_FILE, 'CLIENT_LIMITS', true),
    ...rowComments(FILE, 'LIMITS', true),
  ])
  const rates = rowComments(FILE, 'RATES', true)
  return page(
    'Limits',
    FILE,
    'The unit is the last word of a name, before `Max` or `Min`. Whoever crosses a limit gets the [error](errors.md) in the last column; where there is none, nobody is refused, and the server holds itself to the number.',
    table(
      ['limit', 'value', 'what it bounds', 'error'],
      Object.entries(LIMITS).map(([name, value]) => [
        code(name),
        value.toLocaleString('en'),
        limits.get(name) ?? '',
        errorLink(Object.entries(LIMIT_ERRORS).find(([limit]) => limit === name)?.[1] ?? null),
      ]),
    ),
    '## Rates',
    'Token buckets: so many at once, then so many a second. `RATE_SCALE` multiplies both, for load tests.',
    table(
      ['rate', 'at once', 'per second', 'what it bounds', 'error'],
      Object.entries(RATES).map(([name, { burst, perSecond }]) => [
        code(name),
        burst.toLocaleString('en'),
        perSecond.toLocaleString('en'),
        rates.get(name) ?? '',
        errorLink(Object.entries(RATE_ERRORS).find(([rate]) => rate === name)?.[1] ?? null),
      ]),
    ),
  )
}

function errorLink(name: string | null): string {
  return name === null ? '' : `[${code(name)}](errors.md)`
}
