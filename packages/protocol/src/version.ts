/** The number of the wire, and what each number brought. */

/** The version this code speaks. Raise it with every change of a schema, and add a history line. */
export const WIRE_VERSION = 1

/**
 * A fingerprint of every shape, error and limit that a client can notice, checked by `version.test.ts`: whoever changes the wire notices it here, before
 * the clients do.
 */
export const WIRE_HASH = '81dbc5ffba0a7a20'

/** The oldest version this code still serves, so that old and new nodes and clients run side by side. */
export const WIRE_VERSION_MIN = 1

/*
 * History
 * 1  The first wire: ready, event, digest, typing, presence, read, channel, gone, community, resume, goaway, closed;
 *    join, leave, send, edit, delete, question, read, typing, sync, history.
 *    For operators: observe; cluster, trace.
 */
