/** Finds out which address a client has, and what counts as one address. */
import { isIP, isIPv6 } from 'node:net'

const MAPPED = '::ffff:'

/**
 * The client's address, where `proxies` proxies in front of us each append the address they saw to `X-Forwarded-For`. What a client writes there by itself stands
 * further left than the proxies' entries and is not read. With no proxies the header is not read at all.
 */
export function clientAddress(
  remote: string,
  forwardedFor: string | readonly string[] | undefined,
  proxies: number,
): string {
  if (proxies === 0 || forwardedFor === undefined) return plain(remote)
  const header = typeof forwardedFor === 'string' ? forwardedFor : forwardedFor.join(',')
  const hops = [...header.split(',').map((hop) => hop.trim()), remote]
  const claimed = hops[Math.max(0, hops.length - 1 - proxies)] ?? remote
  return plain(isIP(claimed) === 0 ? remote : claimed)
}

/** What limits are counted by: the address; of IPv6 the first 64 bits, which is what one customer is given at least. */
export function addressKey(address: string): string {
  return isIPv6(address) ? `${groups(address).slice(0, 4).join(':')}::/64` : address
}

function plain(address: string): string {
  const lower = address.toLowerCase()
  return lower.startsWith(MAPPED) && lower.includes('.') ? lower.slice(MAPPED.length) : lower
}

function groups(address: string): string[] {
  const [bare = ''] = address.split('%')
  const [left = '', right] = bare.split('::')
  const before = left === '' ? [] : left.split(':')
  const after = right === undefined || right === '' ? [] : right.split(':')
  const zeros = right === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  return [...before, ...Array<string>(zeros).fill('0'), ...after].map((group) =>
    Number.parseInt(group, 16).toString(16),
  )
}
