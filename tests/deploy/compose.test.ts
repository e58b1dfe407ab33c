// The files for Docker Compose and Swarm: their shape, and that they agree with the server, the Dockerfile and nginx.
import assert from 'node:assert/strict'
import { dirname, join } from 'node:path/posix'
import { test } from 'node:test'
import { ComposeFile, type Service } from './compose-schema.ts'
import {
  assertPinned,
  assertSettings,
  documentOf,
  isThere,
  NODE_PORT,
  SHUTDOWN_SECONDS,
  secondsOf,
  textOf,
} from './files.ts'

const COMPOSE = ['redis', 'redis-cluster', 'nats'].map((name) => `deploy/compose/${name}.yaml`)
const SWARM = 'deploy/swarm/stack.yaml'
const NGINX = 'deploy/nginx/round-robin.conf'
const EXAMPLE = 'deploy/compose/.env.example'

const isNode = ([name]: readonly [string, Service]): boolean => /^node(-\d+)?$/.test(name)

for (const path of [...COMPOSE, SWARM]) {
  const file = documentOf(path, ComposeFile)
  const services = Object.entries(file.services)
  const nodes = services.filter(isNode)

  test(`${path}: images are pinned, and what is named is there`, () => {
    for (const [name, service] of services) {
      assertPinned(`${path} ${name}`, service.image)
      for (const other of Object.keys(service.depends_on ?? {})) {
        const { healthcheck } = file.services[other] ?? assert.fail(`${name} waits for ${other}`)
        assert.ok(healthcheck !== undefined || other.startsWith('node-'), `${other} has no check`)
      }
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':')
        if (from.startsWith('.')) assert.ok(isThere(join(dirname(path), from)), `no ${from}`)
        else assert.ok(from in (file.volumes ?? {}), `no volume ${from}`)
      }
      for (const { source } of service.configs ?? []) {
        const at = file.configs?.[source]?.file ?? assert.fail(`no config ${source}`)
        assert.ok(isThere(join(dirname(path), at)), `no ${at}`)
      }
      for (const { source } of service.secrets ?? []) assert.ok(source in (file.secrets ?? {}))
      if (service.build !== undefined) {
        const context = join(dirname(path), service.build.context)
        assert.ok(isThere(join(context, service.build.dockerfile)))
      }
    }
  })

  test(`${path}: a node gets settings that it reads, and the time to drain`, () => {
    assert.ok(nodes.length > 0)
    for (const [name, node] of nodes) {
      assertSettings(`${path} ${name}`, Object.keys(node.environment ?? {}))
      assert.equal(node.environment?.TRUST_PROXY, '1')
      assert.equal(node.environment?.PORT, undefined, 'the port is the image’s')
      assert.ok(secondsOf(node.stop_grace_period ?? '') > SHUTDOWN_SECONDS, name)
      assert.equal(node.read_only, true)
      assert.deepEqual(node.cap_drop, ['ALL'])
      assert.ok(
        node.tmpfs?.some((one) => one.startsWith('/data:')),
        'nowhere to write',
      )
    }
    const names = new Set(nodes.map(([, node]) => node.environment?.NODE_ID))
    assert.equal(names.size, nodes.length, 'two nodes have one name')
  })

  test(`${path}: only nginx is reached from outside`, () => {
    const published = services.filter(([, service]) => service.ports !== undefined)
    assert.deepEqual(
      published.map(([name]) => name),
      ['nginx'],
    )
  })

  test(`${path}: every service that nginx asks for is there, on the port of a node`, () => {
    const names = new Set(nodes.map(([name]) => name))
    for (const [, node] of nodes) {
      const networks = node.networks ?? []
      if (Array.isArray(networks)) continue
      for (const { aliases = [] } of Object.values(networks))
        for (const one of aliases) names.add(one)
    }
    const servers = [...textOf(NGINX).matchAll(/^\s*server\s+([\w.-]+):(\d+)/gm)]
    assert.ok(servers.length > 0, `${NGINX} has no servers`)
    for (const [, host = '', port] of servers) {
      assert.ok(names.has(host), `${NGINX} asks for ${host}, which ${path} does not have`)
      assert.equal(port, String(NODE_PORT))
    }
  })

  test(`${path}: every variable that has to be given stands in the example, and no secret has a value there`, () => {
    const example = new Map(
      [...textOf(EXAMPLE).matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    )
    const text = textOf(path)
    for (const [, name = ''] of text.matchAll(/(?<!\$)\$\{(\w+)/g)) {
      assert.ok(example.has(name) || name === 'REGISTRY', `${name} is not in ${EXAMPLE}`)
    }
    for (const [name, value] of example) {
      if (/PASSWORD|SECRET|TOKEN/.test(name)) assert.equal(value, '', name)
    }
  })
}

test('the three files of Compose differ in their broker alone', () => {
  const without = COMPOSE.map((path) => {
    const { services, ...rest } = documentOf(path, ComposeFile)
    const kept = Object.entries(services)
      .filter(([name]) => !/^(redis|nats)/.test(name))
      .map(([name, service]) => {
        const { REDIS_URL, NATS_URL, ...environment } = service.environment ?? {}
        return [name, { ...service, environment }, (REDIS_URL ?? NATS_URL) === undefined]
      })
    return { kept, volumes: 'postgres' in (rest.volumes ?? {}) }
  })
  assert.deepEqual(without[1], without[0])
  assert.deepEqual(without[2], without[0])
})

test('Compose starts nothing before what it needs, and nodes wait for no broker', () => {
  for (const path of COMPOSE) {
    const { services } = documentOf(path, ComposeFile)
    for (const [name, service] of Object.entries(services)) {
      assert.ok(service.restart !== undefined, `${path} ${name} stays away after a crash`)
      if (!isNode([name, service])) continue
      assert.deepEqual(service.depends_on, { postgres: { condition: 'service_healthy' } })
    }
    // Looked up once, when nginx starts.
    const addresses = Object.entries(services)
      .filter(isNode)
      .map(([, { networks }]) => {
        return Array.isArray(networks) ? undefined : networks?.default?.ipv4_address
      })
    assert.equal(new Set(addresses).size, 3)
    assert.ok(addresses.every((address) => address?.startsWith('172.30.79.')))
    const asked = Object.entries(services.nginx?.depends_on ?? {})
    assert.deepEqual(
      asked.map(([name]) => name),
      ['node-1', 'node-2', 'node-3'],
    )
    assert.ok(asked.every(([, { condition }]) => condition === 'service_healthy'))
    assert.ok(services.postgres?.volumes?.some((one) => one.startsWith('postgres:/')))
  }
})

test('Swarm starts the new node before it stops the old one, and tells the two apart', () => {
  const { services } = documentOf(SWARM, ComposeFile)
  const node = services.node ?? assert.fail('no node')
  assert.equal(node.deploy?.update_config.order, 'start-first')
  assert.equal(node.deploy?.update_config.parallelism, 1)
  assert.equal(node.deploy?.update_config.failure_action, 'rollback')
  assert.equal(node.deploy?.rollback_config?.order, 'start-first')
  assert.equal(node.environment?.NODE_ID, '{{.Task.ID}}')
  // A node reads .env of the folder that it is started in.
  const workdir = /^WORKDIR (\S+)$/m.exec(textOf('deploy/Dockerfile'))?.[1]
  assert.deepEqual(
    node.secrets?.map(({ target }) => target),
    [`${workdir}/.env`],
  )
})
