// The files of deploy/, and what all of them have to agree with.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingNames } from '@madang/server/reference'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'

export const ROOT = join(import.meta.dirname, '../..')

/** Where a node listens in every one of the files. */
export const NODE_PORT = 3000

/** From SIGTERM to the end of a node at the latest, in s: what every grace period has to be longer than. */
export const SHUTDOWN_SECONDS = shutdownSeconds()

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
export const isThere = (path: string): boolean => existsSync(join(ROOT, path))

/** Every document of a YAML file; a key that is there twice, or a merge of nothing, fails. */
export function documentsOf(path: string): readonly unknown[] {
  return parseAllDocuments(textOf(path), { merge: true, uniqueKeys: true }).map((document) => {
    assert.deepEqual(document.errors, [], path)
    assert.deepEqual(document.warnings, [], path)
    return document.toJS() as unknown
  })
}

/** The one document of a YAML file, as the schema has it; every objection is named with its place in the file. */
export function documentOf<T>(path: string, schema: z.ZodType<T>): T {
  const documents = documentsOf(path)
  assert.equal(documents.length, 1, `${path} has ${documents.length} documents`)
  return shaped(path, documents[0], schema)
}

export function shaped<T>(where: string, value: unknown, schema: z.ZodType<T>): T {
  const reading = schema.safeParse(value)
  if (!reading.success) assert.fail(`${where}: ${z.prettifyError(reading.error)}`)
  return reading.data
}

/** Fails for a variable that no node reads. */
export function assertSettings(where: string, names: readonly string[]): void {
  const known = new Set<string>([...settingNames, 'NODE_ENV'])
  assert.deepEqual(
    names.filter((name) => !known.has(name)),
    [],
    `${where} sets what no node reads`,
  )
}

/** `35s` and `1m30s` as s. */
export function secondsOf(text: string): number {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? []
  return Number(minutes) * 60 + Number(seconds)
}

/** What is pulled tomorrow is what is pulled today. */
export function assertPinned(where: string, image: string): void {
  assert.match(image, /:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/, `${where}: ${image} names no version`)
}

/** The longer of a node's and of a host's with workers. It is the code that is read, so that it cannot be forgotten here. */
function shutdownSeconds(): number {
  const bounds = ['app', 'host'].map((name) => {
    const text = readFileSync(join(ROOT, `packages/server/src/${name}.ts`), 'utf8')
    const ms = /shutdownMsMax = ([\d_]+)/.exec(text)?.[1]?.replaceAll('_', '')
    assert.ok(ms !== undefined, `${name}.ts names no shutdownMsMax`)
    return Number(ms) / 1_000
  })
  return Math.max(...bounds)
}
