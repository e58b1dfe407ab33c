/** The bounds of authentication. */

export const AUTH_LIMITS = {
  /** A token, in characters; the handshake's own bound. */
  tokenCharsMax: 4_096,
  /** Who another system says somebody is (`iss` and `sub` together), in characters: an index of PostgreSQL holds it. */
  externalIdCharsMax: 512,
  /** How far an issuer's clock may be ahead of ours before its new tokens are not valid yet, in ms. */
  notBeforeLeewayMs: 5_000,
  /** How long a key set counts as fresh; after that it is fetched again while it is still used, in ms. */
  keySetFreshMs: 600_000,
  /** How long a key set is used that could not be fetched again, in ms: a key withdrawn meanwhile lives on until then. */
  keySetAgeMsMax: 3_600_000,
  /** A key set is fetched at most this often, whatever key ids tokens name, in ms. */
  keySetIntervalMsMin: 10_000,
  /** A fetch that takes longer has failed, in ms. */
  keySetTimeoutMs: 5_000,
  /** A key set's document, in bytes. */
  keySetBytesMax: 65_536,
  /** Keys in one set. */
  keySetKeysMax: 64,
  /** An RSA key, in bits: NIST SP 800-131A has allowed no shorter one since 2014. */
  rsaBitsMin: 2_048,
} as const
