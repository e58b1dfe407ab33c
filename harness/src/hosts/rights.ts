/** Whether this machine lets us make hosts, found out by making one. */
import type { Found, Missing, Part } from '../../../tests/services/part.ts'
import type { Host } from './host.ts'
import { Hosts } from './hosts.ts'
import type { BadNetwork } from './netem.ts'
import { findTool } from './tool.ts'

export const namespaces: Part = {
  name: 'network namespaces',
  neededFor: 'hosts that vanish without a word',
  find: async () => tried('run it as root, with iproute2', () => {}),
}

const SLIGHT: BadNetwork = { delayMs: 1, jitterMs: 1, lossPercent: 0, hastyPercent: 1 }

export const netem: Part = {
  name: 'bad networks',
  neededFor: 'networks that delay, lose and reorder packets',
  find: async () => tried('run it on a kernel with netem', (host) => host.worsen(SLIGHT)),
}

export const loss: Part = {
  name: 'lost packets',
  neededFor: 'networks that lose packets, on kernels without netem, too',
  find: async () => tried('run it as root, with iproute2 and nftables', (host) => host.lose(1)),
}

/** For a person, behind the part's name. */
function tried(remedy: string, attempt: (host: Host) => void): Found | Missing {
  const lacks = (why: string): Missing => ({
    found: false,
    why: `cannot be made here: ${why}`,
    remedy,
  })
  const tool = findTool('ip')
  if (tool === undefined) return lacks('there is no `ip`')
  try {
    const hosts = Hosts.open()
    try {
      attempt(hosts.add('probe'))
    } finally {
      hosts.remove()
    }
    return tool
  } catch (error) {
    return lacks(error instanceof Error ? error.message : String(error))
  }
}
