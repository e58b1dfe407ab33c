// The usual way to a server's binary: named, installed, or unpacked from its Debian package.
import { fromDebian } from './debian.ts'
import { locate, type Wanted } from './locate.ts'
import type { Found, Missing } from './part.ts'

export interface Binary extends Wanted {
  readonly debianPackage: string
}

export function findBinary(binary: Binary): Found | Missing {
  const isNamed = Boolean(process.env[binary.variable])
  const found = locate(binary) ?? (isNamed ? undefined : fromDebian(binary.debianPackage, binary))
  if (found) return found
  if (isNamed) {
    return { found: false, why: `not at $${binary.variable}`, remedy: 'correct it or unset it' }
  }
  const remedy = `install ${binary.debianPackage} or set ${binary.variable}`
  return { found: false, why: 'not found', remedy }
}

/** For `start`: what was found, or the reason as an error. */
export function requireBinary(name: string, binary: Binary): Found {
  const answer = findBinary(binary)
  if (!answer.found) throw new Error(`${name} ${answer.why}; ${answer.remedy}`)
  return answer
}
