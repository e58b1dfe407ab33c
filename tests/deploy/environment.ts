// Asks the server itself whether it would start with an environment.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './files.ts'

const MAIN = join(ROOT, 'packages/server/src/main.ts')
/** In production a node that cannot have its data folder ends with 1; one that does not take a setting, with 78. */
const NOWHERE = '/dev/null/data'
const WRONG_SETTING = 78

/** Fails with what the server says where it does not take one of these settings. Nothing is started. */
export function readEnvironment(env: Readonly<Record<string, string>>): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...env, DATA_DIR: NOWHERE, PORT: '0' },
  })
  assert.notEqual(status, WRONG_SETTING, stderr)
  assert.equal(status, 1, `${stdout}${stderr}`)
}
