// As much of kustomize as our files need: resources, components, patches of both kinds, labels and images. What an overlay names and what it patches must be there.
import assert from 'node:assert/strict'
import { join } from 'node:path/posix'
import { z } from 'zod'
import { documentOf, documentsOf, isThere, shaped } from './files.ts'

/** Any object of Kubernetes; what is in it is for `kubernetes-schema.ts`. */
export const Resource = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})
export type Resource = z.output<typeof Resource>

const JsonPatch = z.strictObject({
  target: z.strictObject({
    group: z.string(),
    version: z.string(),
    kind: z.string(),
    name: z.string(),
  }),
  patch: z.string(),
})

const Kustomization = z.strictObject({
  apiVersion: z.enum(['kustomize.config.k8s.io/v1beta1', 'kustomize.config.k8s.io/v1alpha1']),
  kind: z.enum(['Kustomization', 'Component']),
  resources: z.array(z.string()).optional(),
  components: z.array(z.string()).optional(),
  patches: z.array(z.union([z.strictObject({ path: z.string() }), JsonPatch])).optional(),
  labels: z
    .array(
      z.strictObject({
        pairs: z.record(z.string(), z.string()),
        includeSelectors: z.literal(false),
        includeTemplates: z.literal(true),
      }),
    )
    .optional(),
  images: z
    .array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() }))
    .optional(),
})

/** The objects that `kubectl apply -k folder` would apply, before labels and images are written into them. */
export function resolve(folder: string): readonly Resource[] {
  return withComponent(folder, [])
}

/** A component adds to what is there already, and changes it. */
export function withComponent(folder: string, before: readonly Resource[]): readonly Resource[] {
  const file = `${folder}/kustomization.yaml`
  const { resources = [], components = [], patches = [] } = documentOf(file, Kustomization)
  let all = [...before]
  for (const name of resources) all.push(...loaded(join(folder, name)))
  assertUnique(file, all)
  for (const name of components) all = [...withComponent(join(folder, name), all)]
  for (const patch of patches) {
    all = 'path' in patch ? merged(join(folder, patch.path), all) : removed(file, patch, all)
  }
  return all
}

function loaded(path: string): readonly Resource[] {
  assert.ok(isThere(path), `${path} is not there`)
  if (!path.endsWith('.yaml')) return resolve(path)
  return documentsOf(path).map((document) => shaped(path, document, Resource))
}

const nameOf = ({ apiVersion, kind, metadata }: Resource): string =>
  `${apiVersion} ${kind} ${metadata.name}`

function assertUnique(where: string, all: readonly Resource[]): void {
  const names = all.map(nameOf)
  const twice = names.filter((name, at) => names.indexOf(name) !== at)
  assert.deepEqual(twice, [], `${where} has them twice`)
}

/** A patch that is written like the object itself. */
function merged(path: string, all: readonly Resource[]): Resource[] {
  let result = [...all]
  for (const document of documentsOf(path)) {
    const patch = shaped(path, document, Resource)
    const at = result.findIndex((one) => nameOf(one) === nameOf(patch))
    assert.notEqual(at, -1, `${path} patches ${nameOf(patch)}, which is not there`)
    result = result.map((one, index) =>
      index === at ? shaped(path, overlaid(one, patch), Resource) : one,
    )
  }
  return result
}

function overlaid(base: unknown, patch: unknown): unknown {
  if (!isObject(base) || !isObject(patch)) return patch
  const keys = new Set([...Object.keys(base), ...Object.keys(patch)])
  return Object.fromEntries(
    [...keys].map((key) => [key, key in patch ? overlaid(base[key], patch[key]) : base[key]]),
  )
}

/** A patch by operations; ours only take away. */
function removed(
  where: string,
  { target, patch }: z.output<typeof JsonPatch>,
  all: readonly Resource[],
): Resource[] {
  const wanted = `${target.group}/${target.version} ${target.kind} ${target.name}`
  const one = all.find((each) => nameOf(each) === wanted)
  assert.ok(one !== undefined, `${where} patches ${wanted}, which is not there`)
  const [, path = ''] = /^- op: remove\n {2}path: (\S+)\n?$/.exec(patch) ?? []
  const keys = path.split('/').slice(1)
  const copy = structuredClone(one)
  const parent = keys
    .slice(0, -1)
    .reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), copy)
  const last = keys.at(-1) ?? ''
  assert.ok(isObject(parent) && last in parent, `${where}: ${wanted} has no ${path}`)
  delete parent[last]
  return all.map((each) => (each === one ? copy : each))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
