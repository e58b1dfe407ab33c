/** The bounds that a client holds itself to, or tells people of before it asks. Imports nothing, so that browsers can have it for free. */

export const CLIENT_LIMITS = {
  /** A message's text, in UTF-16 code units. */
  textCharsMax: 4_000,
  /** A person's, community's or channel's name, in UTF-16 code units. */
  nameCharsMax: 80,
  /** A channel's topic line, in UTF-16 code units. */
  topicCharsMax: 250,
  /** A login name, in characters. */
  loginCharsMax: 64,
  /** A password, in characters: long enough for any manager, short enough to hash. */
  passwordCharsMin: 8,
  passwordCharsMax: 256,
  /** Events in one page of history. */
  historyEventsMax: 200,
  historyEventsDefault: 50,
  /** Channels that one `sync` or handshake may open. */
  syncChannelsMax: 100,
} as const
