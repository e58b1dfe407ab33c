/** Splits long lists, so that one query stays within what databases take. */

/** Terms of an OR, or values of an IN, in one query: SQLite's expressions are at most 1,000 deep. */
const TERMS_MAX = 200

/** Runs the query for each part of the list, and joins what it gave. */
export async function inChunks<T, R>(
  items: readonly T[],
  query: (part: readonly T[]) => Promise<readonly R[]>,
  termsMax = TERMS_MAX,
): Promise<R[]> {
  const rows: R[] = []
  for (let start = 0; start < items.length; start += termsMax) {
    rows.push(...(await query(items.slice(start, start + termsMax))))
  }
  return rows
}
