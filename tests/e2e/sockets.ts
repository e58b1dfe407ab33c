// How many connections the server holds, by its own count.
import type { Visitor } from './visitor.ts'

/** Websockets and long-polling sessions that the server holds. */
export async function sockets({ page }: Visitor): Promise<number> {
  const answer = await fetch(new URL('/metrics', page.url()))
  const found = (await answer.text()).matchAll(/^madang_sockets\{[^}]*\} (\d+)$/gm)
  return [...found].reduce((sum, [, count]) => sum + Number(count), 0)
}
