/** Finds the connections whose clients read too slowly, in one pass over all of them. */
import type { SlowReader } from '@madang/protocol'
import type { Session } from './session.ts'
import type { Connection } from './wire.ts'

/** A few kilobytes wait for everybody at some moment; this is more, in bytes. */
const bytesQueuedMin = 16_384

export function slowReaders(
  connections: readonly Connection<Session>[],
  max: number,
): readonly SlowReader[] {
  const slow: { readonly connection: Connection<Session>; readonly bytes: number }[] = []
  for (const connection of connections) {
    const bytes = connection.bytesQueued
    if (bytes >= bytesQueuedMin) slow.push({ connection, bytes })
  }
  slow.sort((a, b) => b.bytes - a.bytes)
  return slow.slice(0, max).map(({ connection: { id, transport, state }, bytes }) => ({
    connection: id,
    person: { id: state.person.id, name: state.person.name },
    transport,
    bytesQueued: bytes,
  }))
}
