// Every script is type-checked, by one configuration and no other.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { TYPE_PROJECTS } from '../../scripts/projects.ts'
import { isScript, ROOT, readTree } from './tree.ts'

function tsc(project: string, option: string): string {
  const args = [join(ROOT, 'node_modules/typescript/bin/tsc'), option, '-p', join(ROOT, project)]
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(run.status, 0, run.stdout + run.stderr)
  return run.stdout
}

/** The files that a configuration names itself, as paths from the root. */
function named(project: string): readonly string[] {
  const folder = project.slice(0, project.lastIndexOf('/') + 1)
  const { files = [] } = JSON.parse(tsc(project, '--showConfig')) as { files?: string[] }
  return files.map((file) => join(folder, file))
}

/** The files that it checks: those, and what they import. A view beside logic of the same name is only among these. */
function checked(project: string): readonly string[] {
  return tsc(project, '--listFilesOnly')
    .split('\n')
    .map((file) => relative(ROOT, file))
}

const scripts = readTree()
  .map((file) => file.path)
  .filter((path) => isScript(path) && !/^deploy\/|\.m?js$/.test(path))

test('every script is type-checked', () => {
  const all = new Set(TYPE_PROJECTS.flatMap(checked))
  assert.deepEqual(
    scripts.filter((path) => !all.has(path)),
    [],
  )
})

test('no script is claimed by two configurations', () => {
  const owners = TYPE_PROJECTS.flatMap((project) =>
    named(project).map((path) => ({ path, project })),
  )
  const twice = scripts
    .map((path) => owners.filter((one) => one.path === path))
    .filter((found) => found.length > 1)
    .map((found) => found.map(({ path, project }) => `${path} in ${project}`).join(', '))
  assert.deepEqual(twice, [])
})
