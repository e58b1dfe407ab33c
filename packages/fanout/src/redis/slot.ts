/** Which of a cluster's 16384 slots a channel belongs to. */

export const SLOTS = 16_384

/** CRC-16/XMODEM: polynomial 0x1021, from 0, nothing reflected. What Redis Cluster's specification names. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc
})

/** Of the whole name, unless braces with something between them stand in it: then of what is between the first pair. */
export function slotOf(channel: string): number {
  const bytes = Buffer.from(channel)
  const open = bytes.indexOf(0x7b)
  const close = open === -1 ? -1 : bytes.indexOf(0x7d, open + 1)
  return crc16(close > open + 1 ? bytes.subarray(open + 1, close) : bytes) % SLOTS
}

export function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] ?? 0)
  return crc
}
