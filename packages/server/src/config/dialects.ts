/** Reads which dialects are spoken. */

export const DIALECTS = ['rooms', 'communities'] as const
export type Dialect = (typeof DIALECTS)[number]

/** Names with commas between, each once; undefined for anything else. */
export function readDialects(text: string): readonly Dialect[] | undefined {
  const names = text.split(',').map((name) => name.trim())
  const known = DIALECTS.filter((dialect) => names.includes(dialect))
  return known.length === names.length ? known : undefined
}
