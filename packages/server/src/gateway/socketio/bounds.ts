/** The bounds of the Socket.IO door that a client never hears of by name, beyond protocol's limits. */
export const BOUNDS = {
  /** Newcomers whose first request is looked at within one turn of the event loop, each of which takes 0.2 to 0.4 ms: those who are in already wait for no more than that. */
  newcomersPerTurn: 32,
  /** CONNECT packets on one engine connection, refused ones included; one more closes it. A client needs one. */
  connectsPerConnectionMax: 2,
  /** The same where clients may have several namespaces, each of which may be left and entered again; how fast is held back by the connection's rate. */
  namespacedConnectsMax: 1_000,
  /** Namespaces that one connection has open, or is being admitted to: as many as one person has communities, and `/`. */
  namespacesPerConnectionMax: 101,
  /** A namespace's name, in characters. */
  namespaceCharsMax: 64,
  /** Fragments of one websocket message. Browsers send one. */
  fragmentsPerMessageMax: 64,
  /** Chunks of the network that one websocket message may arrive in. */
  chunksPerMessageMax: 1_024,
  /** Pongs that wait for a client which pings and does not read. */
  pongsPendingMax: 16,
  /** Packets in one long-polling request. A client that was away sends its buffer in one. */
  packetsPerRequestMax: 1_000,
  /** How long a closed connection may take to read what it was still sent, in ms. */
  closeGraceMsMax: 5_000,
  /** What a refused client is told to wait where the refusal itself does not say, in ms. */
  retryAfterMs: 1_000,
} as const
