// The Kubernetes files: every overlay resolves to objects of the right shape that fit together and agree with the server.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { METRICS } from '@madang/server/reference'
import { parseAllDocuments } from 'yaml'
import { readEnvironment } from './environment.ts'
import {
  assertPinned,
  assertSettings,
  documentsOf,
  NODE_PORT,
  ROOT,
  SHUTDOWN_SECONDS,
  shaped,
  textOf,
} from './files.ts'
import { KubernetesObject } from './kubernetes-schema.ts'
import { Resource, resolve, withComponent } from './kustomize.ts'

const HOME = 'deploy/kubernetes'
const OVERLAYS = ['redis', 'redis-cluster', 'nats'].map((name) => `${HOME}/overlays/${name}`)
const AUTOSCALING = `${HOME}/components/autoscaling`
/** By themselves these pages of the server answer probes. */
const PAGES = textOf('packages/server/src/ops/pages.ts')

type Kind = KubernetesObject['kind']
type Of<K extends Kind> = Extract<KubernetesObject, { kind: K }>

class Objects {
  readonly #all: readonly KubernetesObject[]

  constructor(folder: string) {
    this.#all = resolve(folder).map((one) => shaped(folder, one, KubernetesObject))
  }

  of<K extends Kind>(kind: K): readonly Of<K>[] {
    return this.#all.filter((one): one is Of<K> => one.kind === kind)
  }

  the<K extends Kind>(kind: K, name: string): Of<K> {
    const found = this.of(kind).find(({ metadata }) => metadata.name === name)
    return found ?? assert.fail(`no ${kind} ${name}`)
  }

  /** Everything that makes pods. */
  workloads() {
    return [...this.of('Deployment'), ...this.of('StatefulSet'), ...this.of('Job')]
  }
}

for (const folder of OVERLAYS) {
  test(`${folder}: what is named is there, and what belongs together fits`, () => {
    const objects = new Objects(folder)
    const pods = objects.workloads().map(({ spec }) => spec.template)
    const fits = (labels: Record<string, string>) =>
      pods.some(({ metadata }) =>
        Object.entries(labels).every(([key, value]) => metadata.labels[key] === value),
      )
    for (const { metadata, spec } of objects.of('Service')) {
      assert.ok(fits(spec.selector), `Service ${metadata.name} finds no pod`)
      const names = pods.flatMap(({ spec: pod }) =>
        pod.containers.flatMap(({ ports = [] }) => ports),
      )
      for (const { targetPort } of spec.ports) {
        assert.ok(
          names.some(({ name }) => name === targetPort),
          `no port ${targetPort}`,
        )
      }
    }
    for (const { spec } of objects.of('PodDisruptionBudget'))
      assert.ok(fits(spec.selector.matchLabels))
    for (const { spec } of objects.of('NetworkPolicy')) {
      assert.ok(fits(spec.podSelector.matchLabels))
      for (const { from = [] } of spec.ingress) {
        for (const { podSelector } of from) assert.ok(fits(podSelector.matchLabels))
      }
    }
    for (const { spec } of [...objects.of('Deployment'), ...objects.of('StatefulSet')]) {
      const { labels } = spec.template.metadata
      for (const [key, value] of Object.entries(spec.selector.matchLabels)) {
        assert.equal(labels[key], value)
      }
    }
    for (const { spec } of objects.of('StatefulSet')) objects.the('Service', spec.serviceName)
    for (const { spec } of objects.of('Ingress')) {
      for (const { path, backend } of spec.rules.flatMap(({ http }) => http.paths)) {
        const { ports } = objects.the('Service', backend.service.name).spec
        assert.ok(
          ports.some(({ name }) => name === backend.service.port.name),
          path,
        )
      }
    }
  })

  test(`${folder}: images are pinned, mounts have volumes, every container has probes`, () => {
    for (const { kind, metadata, spec } of new Objects(folder).workloads()) {
      const { containers, volumes = [] } = spec.template.spec
      const claims = 'volumeClaimTemplates' in spec ? (spec.volumeClaimTemplates ?? []) : []
      const names = [...volumes.map(({ name }) => name), ...claims.map((one) => one.metadata.name)]
      for (const container of containers) {
        if (container.image !== 'madang') assertPinned(metadata.name, container.image)
        for (const { name } of container.volumeMounts ?? []) assert.ok(names.includes(name), name)
        if (kind === 'Job') continue
        const ports = (container.ports ?? []).map(({ name }) => name)
        for (const probe of [container.livenessProbe, container.readinessProbe]) {
          assert.ok(probe !== undefined, `${metadata.name} has no probe`)
          const port = probe.httpGet?.port ?? probe.tcpSocket?.port
          assert.ok(port === undefined || ports.includes(port), `no port ${port}`)
        }
      }
    }
  })

  test(`${folder}: a node gets settings that it reads and takes, probes that it answers, and the time to drain`, () => {
    const objects = new Objects(folder)
    const { data } = objects.the('ConfigMap', 'madang')
    assertSettings(folder, Object.keys(data))
    assert.equal(data.TRUST_PROXY, '1')
    assert.equal(data.NODE_ENV, 'production')
    assert.equal(Number(data.REDIS_URL !== undefined) + Number(data.NATS_URL !== undefined), 1)
    const { spec } = objects.the('Deployment', 'madang')
    const [container] = spec.template.spec.containers
    assert.ok(container !== undefined)
    const port = container.ports?.find(({ name }) => name === 'http')?.containerPort
    assert.equal(port, NODE_PORT)
    assert.equal(data.PORT, String(port))
    assertSettings(
      folder,
      (container.env ?? []).map(({ name }) => name),
    )
    const internal = container.ports?.find((one) => one.name === 'internal')?.containerPort
    assert.equal(data.INTERNAL_PORT, String(internal))
    const policy = objects.the('NetworkPolicy', 'madang').spec.ingress
    const open = policy.filter(({ from }) => from === undefined).flatMap(({ ports }) => ports)
    assert.deepEqual(open, [{ port: NODE_PORT }], 'only that one is for everybody')
    const name = container.env?.find((one) => one.name === 'NODE_ID')?.valueFrom?.fieldRef.fieldPath
    assert.equal(name, 'metadata.name')
    // What Kubernetes adds to the name of a Deployment: a hash of 10 at most, and 5 of its own.
    readEnvironment({ ...data, NODE_ID: 'madang-0123456789-abcde' })
    assert.equal(container.startupProbe?.httpGet?.path, '/health/liveness')
    assert.equal(container.livenessProbe?.httpGet?.path, '/health/liveness')
    assert.equal(container.readinessProbe?.httpGet?.path, '/health/readiness')
    for (const path of ['/health/liveness', '/health/readiness', '/metrics']) {
      assert.ok(PAGES.includes(`path: '${path}'`), `the server has no ${path}`)
    }
    const sleep = container.lifecycle?.preStop.exec.command.at(-1) ?? ''
    const preStop = Number(/setTimeout\(\(\) => \{\}, (\d+)\)/.exec(sleep)?.[1]) / 1_000
    assert.ok(preStop > 0, 'no preStop')
    const grace = spec.template.spec.terminationGracePeriodSeconds ?? 30
    assert.ok(grace > preStop + SHUTDOWN_SECONDS, `${grace} s is not enough`)
    const writable = container.volumeMounts?.map(({ mountPath }) => mountPath)
    assert.deepEqual(writable, [data.DATA_DIR])
  })

  test(`${folder}: a rollout starts the new node before it stops the old one, and never two at a time`, () => {
    const objects = new Objects(folder)
    const { strategy } = objects.the('Deployment', 'madang').spec
    assert.deepEqual(strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 })
    assert.equal(objects.the('PodDisruptionBudget', 'madang').spec.maxUnavailable, 1)
  })

  test(`${folder}: kubectl makes as many objects of it as we do`, (context) => {
    const { error, status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    // It is no part that tests need: what is above says the same without it.
    if (error !== undefined) return context.diagnostic('kubectl is not here')
    assert.equal(status, 0, stderr)
    const made = parseAllDocuments(stdout).map((one) => {
      const { kind, metadata } = shaped(folder, one.toJS(), Resource)
      return `${kind} ${metadata.name}`
    })
    const ours = resolve(folder).map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    assert.deepEqual(made.sort(), [...ours].sort())
    assert.doesNotMatch(stdout, /image: madang$|:latest/m)
  })
}

test('the autoscaler scales the Deployment by a metric that nodes have, and leaves the number to itself', () => {
  const [overlay = ''] = OVERLAYS
  const all = withComponent(AUTOSCALING, resolve(overlay)).map((one) =>
    shaped(AUTOSCALING, one, KubernetesObject),
  )
  const scaler = all.find((one) => one.kind === 'HorizontalPodAutoscaler') ?? assert.fail()
  const nodes = all.find((one) => one.kind === 'Deployment' && one.metadata.name === 'madang')
  assert.ok(nodes?.kind === 'Deployment' && nodes.spec.replicas === undefined)
  const { scaleTargetRef, metrics, minReplicas, behavior } = scaler.spec
  assert.equal(scaleTargetRef.name, nodes.metadata.name)
  const names = metrics.flatMap((one) => (one.type === 'Pods' ? [one.pods.metric.name] : []))
  assert.deepEqual(names, ['madang_sockets'])
  assert.ok(names.every((name) => name in METRICS))
  assert.match(textOf(`${AUTOSCALING}/prometheus-adapter-values.yaml`), /as: madang_sockets/)
  assert.ok(minReplicas >= 2)
  assert.deepEqual(
    behavior.scaleDown.policies.map(({ value }) => value),
    [1],
  )
})

test('the example of a secret has settings, and no secrets', () => {
  const [document] = documentsOf(`${HOME}/secret.example.yaml`)
  const { stringData } = shaped('secret', document, Resource) as {
    stringData?: Record<string, string>
  }
  assertSettings('secret.example.yaml', Object.keys(stringData ?? {}))
  const values = Object.entries(stringData ?? {}).filter(([name]) => name !== 'DATABASE_URL')
  assert.deepEqual(
    values.filter(([, value]) => value !== ''),
    [],
  )
})
