// Hosts of their own, really made, where root allows.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { countOf, type Host, sentAgain } from './host.ts'
import { Hosts } from './hosts.ts'
import { loss, namespaces } from './rights.ts'
import { run } from './tool.ts'

const PORT = 4_000
/** After three questions, a second apart, a kernel that does not know a hardware address says that there is no way. */
const SURE_MS = 4_000

const answer = await namespaces.find()
const skip = answer.found ? false : `network namespaces ${answer.why}`

test('a count is found in the table of the kernel by its name', () => {
  const table = 'Ip: Forwarding InReceives\nIp: 2 9\nTcp: ActiveOpens RetransSegs\nTcp: 5 7\n'
  assert.equal(countOf(table, 'Tcp', 'RetransSegs'), 7)
  assert.ok(Number.isNaN(countOf(table, 'Tcp', 'OutRsts')))
})

interface Talk {
  readonly host: Host
  /** Of whoever says everything again that it is told, in the host. */
  readonly pid: number
  /** To it. */
  readonly socket: Socket
}

async function talking(act: (talk: Talk) => Promise<void>): Promise<void> {
  const hosts = Hosts.open()
  try {
    const host = hosts.add('one')
    const script = `require('node:net').createServer((socket) => socket.pipe(socket).on('error', () => {}))
      .listen(${PORT}, '${host.address}', () => console.log('ready'))`
    const [command = '', ...args] = [...host.command, process.execPath, '-e', script]
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const gone = once(child, 'exit')
    await once(child.stdout, 'data')
    const socket = connect(PORT, host.address)
    try {
      await once(socket, 'connect')
      await act({ host, pid: child.pid ?? 0, socket })
    } finally {
      socket.destroy()
      child.kill('SIGKILL')
      await gone
    }
  } finally {
    hosts.remove()
  }
}

/** What happened to a connection. */
function eventsOf(socket: Socket): string[] {
  const events: string[] = []
  for (const name of ['connect', 'data', 'end', 'error', 'close'])
    socket.on(name, (what: unknown) => events.push(`${name} ${String(what)}`))
  return events
}

test(
  'a host whose cables are pulled neither acknowledges nor refuses, and is as before when they are back',
  {
    skip,
  },
  () =>
    talking(async ({ host, socket: old }) => {
      old.write('a')
      await once(old, 'data')
      host.pull()
      assert.equal(host.isReachable, false)
      const before = sentAgain(process.pid)
      old.write('b')
      const late = connect(PORT, host.address)
      const [events, lateEvents] = [eventsOf(old), eventsOf(late)]
      while (sentAgain(process.pid) === before) await sleep(10)
      await sleep(SURE_MS)
      assert.deepEqual([events, lateEvents], [[], []])
      host.plug()
      while (events.length === 0 || lateEvents.length === 0) await sleep(10)
      assert.deepEqual([events, lateEvents], [['data b'], ['connect undefined']])
      late.destroy()
    }),
)

test('one card can be cut off by itself', { skip }, async () => {
  const hosts = Hosts.open()
  try {
    const [host, other] = [hosts.add('one'), hosts.add('two')]
    host.pull(['back'])
    const carriers = [host, other].map(({ command }) => {
      const [, , , namespace = ''] = command
      const links = JSON.parse(run('ip', ['-json', '-netns', namespace, 'link', 'show'])) as {
        ifname: string
        flags: string[]
      }[]
      return links.flatMap(({ ifname, flags }) => (flags.includes('NO-CARRIER') ? [ifname] : []))
    })
    assert.deepEqual([carriers, host.isReachable], [[['back'], []], true])
  } finally {
    hosts.remove()
  }
})

test('everything is gone at the end, and so it is where something fails half-way', { skip }, () => {
  const ours = () =>
    [run('ip', ['netns', 'list']), run('ip', ['link', 'show'])]
      .join('\n')
      .split('\n')
      .filter(
        (line) => line.includes(`madang-${process.pid}-`) || line.includes(`md${process.pid}`),
      )
  const hosts = Hosts.open()
  hosts.add('one')
  // Twice two switches and two ports, and the namespace.
  assert.ok(ours().length >= 5, ours().join('\n'))
  assert.throws(() => hosts.add('one'), /exists/)
  assert.deepEqual(ours(), [])
  hosts.remove()
})

const lossy = await loss.find()

test('packets are lost on both ways, and sent again; no table stays behind', {
  skip: lossy.found ? false : `lost packets ${lossy.why}`,
}, async () => {
  const tables = () =>
    run('nft', ['list', 'tables', 'netdev'])
      .split('\n')
      .filter((line) => line.includes(`madang_${process.pid}_`))
  await talking(async ({ host, pid, socket }) => {
    host.lose(30)
    assert.equal(tables().length, 1)
    const again = () => [process.pid, pid].map(sentAgain)
    const before = again()
    while (again().some((count, at) => count === before[at])) {
      socket.write('a')
      await once(socket, 'data')
    }
    assert.ok(host.loseNoMore() > 0)
    assert.deepEqual(tables(), [])
    host.lose(30)
  })
  assert.deepEqual(tables(), [])
})
