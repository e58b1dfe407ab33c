/** Tells a secret that can be guessed. */

const secretBytesMin = 32
/** Placeholders that are found in examples and guessed first. */
const KNOWN_SECRET = /^(change.?(me|it)|secret|password|example|test|development|your.?secret)/i

export function isWeak(secret: string): boolean {
  const isRepeated = new Set(secret).size < 8
  return Buffer.byteLength(secret) < secretBytesMin || isRepeated || KNOWN_SECRET.test(secret)
}
