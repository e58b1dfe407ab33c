/** The bounds and times of the gateway, beyond protocol's limits, each with the reason for its number. */
export const GATEWAY_BOUNDS = {
  /** Events that one handshake or `sync` repeats, in bytes: with the channel list it must fit into `connectionBytesQueuedMax`. Past it channels are `limited`. */
  replayBytesMax: 393_216,
  /** Events in one page of history, in bytes. A page of 200 long messages would by itself make a slow reader fall behind. */
  pageBytesMax: 262_144,
  /**
   * A stock client that comes back names one channel; of its others it is told again what was made so long before, in ms: an event may reach a node this much later than an
   * event of another channel that was made after it. Heads are compared every 10 s, give or take a fifth, and clocks of nodes differ a little.
   */
  resumeOverlapMs: 15_000,
  /** How far back it is looked first for what was made since then, in events; then as far as a replay goes. */
  sinceEventsFirst: 50,
  /** Live events that wait for one channel's opening to finish. */
  heldEventsMax: 1_024,
  /** People that are named as typing in one channel; nobody reads more. */
  typingPeopleMax: 20,
  /** Requests over the connection's rate, without one within it, after which the connection is closed: reading them costs, too. */
  floodRequestsMax: 500,
  /** Keys of one kind of token bucket. */
  bucketKeysMax: 50_000,
  /** A channel that could not be watched for its digest is tried again after this long, in ms. */
  watchRetryMs: 2_000,
  /** Each node says that it is alive this often, in ms. */
  pulseMs: 2_000,
  /**
   * Whoever is on a node that was not heard of for so long, in ms, is offline on the others. Longer than a broker that stands still is taken for one that is there (7 s):
   * silence for as long as that may be the broker's.
   */
  nodeSilenceMsMax: 12_000,
  /** Each node repeats who is online on it this often, in ms: what was lost is known then at the latest. */
  presenceRepeatMs: 20_000,
  /** After so long without a repeat, in ms, its people are offline: while the broker is away nobody knows better. */
  presenceSilenceMsMax: 65_000,
  /** So long after the broker came back each node says anew who is there, in ms: the others have found the broker and subscribed again by then. */
  presenceGapMs: 3_000,
  /** Each node tells the others who has come and gone at most this often, in ms: the thousands who come back after a crash are some notes, and not one each. */
  presenceNoteIntervalMs: 100,
  /** People in one presence note; a node with more sends several. */
  presenceNotePeopleMax: 500,
  /** Everybody's session and places are compared with the store this often, in ms, give or take a fifth: what notes did not tell is found then at the latest. */
  inspectIntervalMs: 45_000,
  /** The same while the broker is away or there is none, and for connections that were made since the last look. */
  inspectAwayIntervalMs: 2_000,
  /** After a gap everybody is compared within this time, in ms. */
  inspectSpreadMsMax: 1_000,
  /** Looking takes at most one part in so many of the time: where the store takes long to answer for everybody, the next look waits longer, up to the seldom interval. */
  inspectShareMin: 10,
  /** Connections that are compared with one question: SQLite answers it in 15 ms, during which the node does nothing else. */
  inspectSessionsMax: 500,
  /** A place that the store does not know, and of whose end no event came within this time, ends without one, in ms: heads were compared meanwhile, so there is none. */
  doubtMs: 15_000,
  /** People whose places are read anew at the same time after notes were lost. */
  reconcilesRunningMax: 8,
  /**
   * Handshakes that a node begins for each newcomer that it takes: the others are told in them when to come again. Past that they are refused at the door, unread, and come
   * again by their own back-off. 5,000 at once to 400 a second are all in after 18 s with 3, and after 34 s with 2 (`arrivals.test.ts` plays it).
   */
  knocksPerConnect: 3,
  /** Newcomers that are let in within one turn of the event loop, each of which takes 1 to 2 ms: those who talk meanwhile wait for no more than that. */
  admissionsPerTurn: 16,
  /** Connections that are handed what they missed at the same time: the store is asked for them together, and the pages of so many are in memory at once. */
  replaysRunningMax: 64,
  /** Connections that wait for it; past it, and after so long, in ms, they are told to come again: a person takes 3 s for a pause and 10 s for a failure. */
  replaysWaitingMax: 2_000,
  replayWaitMsMax: 3_000,
  /** Events that a node hands over in a second, over all connections: encoding and writing one takes 5 to 10 µs, so that is a quarter of a core. */
  replayEventsPerSecond: 30_000,
  /** Should the node die, its clients' first tries to come back are spread over this long, in ms; where it has few, over less. What is too much for the others is told to wait. */
  spreadMsMax: 1_000,
  /** What a client is told to wait where it has too many connections, in ms: those that are dead are found out about by then. */
  connectionsRetryMs: 5_000,
  /** What a client is told to wait when the store cannot be reached or is busy, in ms. */
  storeRetryMs: 1_000,
  /**
   * A node that stood still for longer than this, in ms, does nothing of what it is asked until the client has shown that it is still there. A pulse, after which it looks, and
   * 3 s that a busy machine may be late; half of the time after which a client gives a request up (10 s).
   */
  pauseMsMax: 5_000,
  /** What such a client is told to wait, in ms: two round trips are over by then, on long-polling, too. */
  pauseRetryMs: 1_000,
  /**
   * A node that stood still for so long, in ms, closes its connections instead of doing what they still ask: their clients have given them up (a ping and its timeout), and
   * may have asked again elsewhere and heard another answer.
   */
  stillMsMax: 45_000,
  /** Timers of Node take no longer time than this, in ms. */
  timerMsMax: 2_147_483_647,
} as const

export type GatewayBounds = { readonly [Name in keyof typeof GATEWAY_BOUNDS]: number }
