/** Where nodes reach each other: `host:port`, an IPv6 address in brackets. */
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

export interface Place {
  readonly host: string
  readonly port: number
}

const ADDRESS = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s[\]]+)):(\d{1,5})$/

export function writeAddress({ host, port }: Place): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}

/** Undefined where it is none. */
export function readAddress(address: string): Place | undefined {
  const [, v6, name, port] = ADDRESS.exec(address) ?? []
  const host = v6 ?? name
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) }
}

type Interfaces = ReturnType<typeof networkInterfaces>

/** `auto` is this machine's first address that is not loopback, IPv4 before IPv6; loopback where it has no other. */
export function hostOf(setting: string, interfaces: () => Interfaces = networkInterfaces): string {
  if (setting !== 'auto') return setting
  const others = Object.values(interfaces())
    .flatMap((each) => each ?? [])
    // Link-local addresses need a zone that others do not share.
    .filter(({ internal, address }) => !internal && !/^(fe80|169\.254\.)/i.test(address))
  const best = others.find(({ family }) => family === 'IPv4') ?? others[0]
  return best?.address ?? '127.0.0.1'
}
