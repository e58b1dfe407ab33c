/** Makes tokens for tests, good ones and forgeries, without the library that judges them. */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

const encode = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url')
const json = (value: unknown): string => encode(JSON.stringify(value))

export type Sign = (input: string) => Uint8Array

export const hmac =
  (secret: string | Uint8Array): Sign =>
  (input) =>
    createHmac('sha256', secret).update(input).digest()

export const rsa =
  (key: KeyObject): Sign =>
  (input) =>
    sign('sha256', Buffer.from(input), key)

export const ecdsa =
  (key: KeyObject): Sign =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })

export const unsigned: Sign = () => new Uint8Array()

export function mint(header: object, payload: unknown, signer: Sign): string {
  const input = `${json(header)}.${json(payload)}`
  return `${input}.${encode(signer(input))}`
}

export interface Pair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export const rsaPair = (modulusLength = 2_048): Pair =>
  generateKeyPairSync('rsa', { modulusLength })

export const ecPair = (namedCurve = 'P-256'): Pair => generateKeyPairSync('ec', { namedCurve })

export const jwkOf = (pair: Pair, extra: object): object => ({
  ...pair.publicKey.export({ format: 'jwk' }),
  ...extra,
})
