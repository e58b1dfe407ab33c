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

/** Says everything again that it is told, in a host. */
async function echoing(host: Host) {
  const script = `require('node:net').createServer((socket) => socket.pipe(socket).on('error', () => {}))
    .listen(${PORT}, '${host.address}', () => console.log('ready'))`
  const [command = '', ...args] = [...host.command, process.execPath, '-e', script]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

/** What happened to a connection. */
function eventsOf(socket: Socket): string[] {
  const events: string[] = []
  for (const name of ['connect', 'data', 'end', 'error', 'close'])
    socket.on(name, (what: unknown) => events.push(`${name} ${String(what)}`))
  return events
}

test('a host whose cables are pulled neither acknowledges nor refuses, and is as before when they are back', {
  skip,
}, async () => {
  const hosts = Hosts.open()
  try {
    const host = hosts.add('one')
    const child = await echoing(host)
    const gone = once(child, 'exit')
    const old = connect(PORT, host.address)
    try {
      await once(old, 'connect')
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
    } finally {
      old.destroy()
      child.kill('SIGKILL')
      await gone
    }
  } finally {
    hosts.remove()
  }
})

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
  const tables = () => run('nft', ['list', 'tables', 'netdev'])
  const before = tables()
  const hosts = Hosts.open()
  try {
    const host = hosts.add('one')
    const child = await echoing(host)
    const gone = once(child, 'exit')
    const socket = connect(PORT, host.address)
    try {
      await once(socket, 'connect')
      host.lose(30)
      const again = [sentAgain(process.pid), sentAgain(child.pid ?? 0)]
      let said = 0
      const lost = () => [process.pid, child.pid ?? 0].map(sentAgain)
      while (lost().some((count, at) => count === again[at])) {
        socket.write('a')
        const [echo] = await once(socket, 'data')
        said += String(echo).length
      }
      assert.ok(said > 0)
      assert.ok(host.find() > 0)
      host.lose(30)
    } finally {
      socket.destroy()
      child.kill('SIGKILL')
      await gone
    }
  } finally {
    hosts.remove()
  }
  assert.equal(tables(), before)
})
