// Takes into a compiled package what it uses of `@madang/protocol`, which is not published: its tables as they are, its types without their schemas.
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { wireTypes } from './wire-types.ts'

/** The tables that need no validator; see `exports` of the protocol. */
export const PROTOCOL_TABLES = ['client-limits', 'errors', 'limits', 'version']
const IMPORT = /(['"])@madang\/protocol(?:\/([\w-]+))?\1/g

/** `protocol`: the compiled protocol; `dist`: the compiled package. Throws where the package takes more than tables and types. */
export function inlineProtocol(protocol: string, dist: string): void {
  const folder = join(dist, 'protocol')
  mkdirSync(folder, { recursive: true })
  for (const table of PROTOCOL_TABLES) {
    for (const end of ['js', 'd.ts']) {
      cpSync(join(protocol, `${table}.${end}`), join(folder, `${table}.${end}`))
    }
  }
  writeFileSync(join(folder, 'wire.d.ts'), wireTypes())
  for (const file of globSync('**/*.{js,d.ts}', { cwd: dist })) {
    const path = join(dist, file)
    const isTypes = file.endsWith('.d.ts')
    const text = readFileSync(path, 'utf8')
    const rewritten = text.replace(IMPORT, (_, quote: string, door: string | undefined) => {
      if (door === undefined ? !isTypes : !PROTOCOL_TABLES.includes(door)) {
        throw new Error(`${file} takes more of @madang/protocol than its tables and types`)
      }
      const to = relative(dirname(path), join(folder, `${door ?? 'wire'}.js`)).replaceAll('\\', '/')
      return `${quote}${to.startsWith('.') ? to : `./${to}`}${quote}`
    })
    if (rewritten !== text) writeFileSync(path, rewritten)
  }
}
