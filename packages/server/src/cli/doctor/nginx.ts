/** What an nginx configuration does to long connections, held against the server's own times. Reads directives, wherever they stand; it is no whole nginx. */
import { LIMITS } from '@madang/protocol'
import { error, type Finding, warning } from './finding.ts'

/** The server pings every 25 s and waits 20 s: a healthy connection is silent for so long at most, in ms. */
export const silenceMsMax = 45_000
/** The server keeps idle HTTP connections so long, in ms. */
const keepAliveMs = 65_000
/** nginx's own, where nothing is said. */
const usualReadMs = 60_000
const usualBodyBytes = 1_048_576

const HEADERS = 'deploy/nginx/round-robin.conf shows all of them.'

export interface ProxyFacts {
  /** TRUST_PROXY. */
  readonly trustedProxies: number
}

/** Directive → its values, in the order of the file; comments left out. */
export function directivesOf(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  const bare = text.replace(/(^|\s)#[^\n]*/g, '$1')
  for (const [, name = '', value = ''] of bare.matchAll(
    /([a-z_]+)\s+((?:"[^"]*"|'[^']*'|[^;{}"'])+);/g,
  )) {
    found.set(name, [...(found.get(name) ?? []), value.trim().replace(/\s+/g, ' ')])
  }
  return found
}

export function nginxFindings(text: string, { trustedProxies }: ProxyFacts): Finding[] {
  const said = directivesOf(text)
  if (!said.has('proxy_pass')) {
    const remedy = 'Give the file that has the server block, with its includes written out.'
    return [
      warning(
        'nginx-no-proxy',
        'The nginx configuration passes nothing on (no proxy_pass).',
        remedy,
      ),
    ]
  }
  return [
    ...timeFindings(said),
    ...upgradeFindings(said),
    ...headerFindings(said, trustedProxies),
    ...loadFindings(said),
  ]
}

type Said = ReadonlyMap<string, readonly string[]>

function timeFindings(said: Said): Finding[] {
  const found: Finding[] = []
  for (const name of ['proxy_read_timeout', 'proxy_send_timeout']) {
    const shortest = Math.min(...(said.get(name) ?? []).map(msOf), usualReadMs)
    if (shortest > silenceMsMax) continue
    const text = `nginx has ${name} of ${shortest / 1_000} s, but a healthy connection may be silent for ${silenceMsMax / 1_000} s (ping every 25 s, 20 s for the answer).`
    found.push(error(`nginx-${name.replaceAll('_', '-')}`, text, `Set ${name} to 75s.`))
  }
  const keep = Math.min(...(said.get('keepalive_timeout') ?? []).map(msOf))
  if (said.has('keepalive') && keep >= keepAliveMs && Number.isFinite(keep)) {
    const text = `nginx keeps connections to the nodes for ${keep / 1_000} s, and these close them after ${keepAliveMs / 1_000} s: a request now and then meets one that is just closing (502).`
    found.push(
      warning('nginx-keepalive', text, 'Set keepalive_timeout in the upstream block to 60s.'),
    )
  }
  return found
}

function upgradeFindings(said: Said): Finding[] {
  const found: Finding[] = []
  const headers = (said.get('proxy_set_header') ?? []).map((value) => value.toLowerCase())
  const hasUpgrade = headers.some((value) => value.startsWith('upgrade '))
  const hasConnection = headers.some(
    (value) => value.startsWith('connection ') && value !== 'connection ""',
  )
  if (!hasUpgrade || !hasConnection) {
    const text =
      'nginx does not pass the headers Upgrade and Connection on: no WebSocket comes through, only long-polling.'
    found.push(
      error(
        'nginx-upgrade',
        text,
        `Set proxy_set_header Upgrade $http_upgrade and Connection $connection_upgrade; ${HEADERS}`,
      ),
    )
  }
  if (!said.get('proxy_http_version')?.some((version) => version === '1.1' || version === '2')) {
    const text =
      'nginx speaks HTTP/1.0 to the nodes, which knows no upgrade and no kept connections.'
    found.push(error('nginx-http-version', text, 'Set proxy_http_version 1.1.'))
  }
  if (!said.get('proxy_buffering')?.includes('off')) {
    const text = 'nginx collects answers before it passes them on (proxy_buffering).'
    found.push(warning('nginx-buffering', text, 'Set proxy_buffering off.'))
  }
  const body = Math.min(...(said.get('client_max_body_size') ?? []).map(bytesOf), usualBodyBytes)
  if (body > 0 && body < LIMITS.payloadBytesMax) {
    const text = `nginx refuses bodies of more than ${body} bytes, but a payload may have ${LIMITS.payloadBytesMax}.`
    found.push(error('nginx-body-size', text, 'Set client_max_body_size to 128k.'))
  }
  return found
}

function headerFindings(said: Said, trustedProxies: number): Finding[] {
  const found: Finding[] = []
  const headers = (said.get('proxy_set_header') ?? []).map((value) => value.toLowerCase())
  if (!headers.some((value) => value.startsWith('x-forwarded-for '))) {
    const text =
      'nginx does not tell the nodes who asks (X-Forwarded-For): to them everybody has one address, and shares its limits.'
    found.push(
      error(
        'nginx-forwarded-for',
        text,
        `Set proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; ${HEADERS}`,
      ),
    )
  } else if (trustedProxies === 0) {
    const text =
      'TRUST_PROXY is 0 though nginx stands in front: everybody has its address, and shares its limits.'
    found.push(
      error('trust-proxy', text, 'Set TRUST_PROXY to the number of proxies of yours, here 1.'),
    )
  }
  if (!headers.some((value) => value.startsWith('host ') && value.includes('$http_host'))) {
    const text =
      'nginx does not pass the name and port on that the browser asked for (Host): pages are refused as of another origin.'
    found.push(error('nginx-host', text, 'Set proxy_set_header Host $http_host.'))
  }
  return found
}

function loadFindings(said: Said): Finding[] {
  const servers = (said.get('server') ?? []).filter((value) => !/max_fails=0/.test(value))
  if (servers.length === 0) return []
  const text = `nginx takes nodes for dead by itself (${servers.length} without max_fails=0): when a node drains, it counts the closed connections as failures, of the next node too, until none is left.`
  return [
    warning(
      'nginx-max-fails',
      text,
      'Write max_fails=0 behind every server of the upstream block.',
    ),
  ]
}

/** `75s`, `1m`, `500ms`, `60` → ms. */
function msOf(text: string): number {
  const units: Readonly<Record<string, number>> = {
    ms: 1,
    s: 1_000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
  }
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h|d)?/g)]
  return parts.reduce((sum, [, digits, unit = 's']) => sum + Number(digits) * (units[unit] ?? 0), 0)
}

/** `128k`, `1m`, `0` → bytes. */
function bytesOf(text: string): number {
  const [, digits = '0', unit = ''] = /^(\d+)([kmg]?)$/i.exec(text) ?? []
  const units: Readonly<Record<string, number>> = { k: 1_024, m: 1_048_576, g: 1_073_741_824 }
  return Number(digits) * (units[unit.toLowerCase()] ?? 1)
}
