/** A disk of its own for a store: so small that it can be filled. It is memory, and mounting it takes root. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes that the ballast grows by. */
const STEP_BYTES = 4_096
const MIB = 1_048_576

export class SmallDisk {
  readonly folder: string
  readonly #ballast: string
  #isMounted = true
  readonly #atExit = (): void => this.remove()

  private constructor(folder: string) {
    this.folder = folder
    this.#ballast = join(folder, 'ballast')
    process.once('exit', this.#atExit)
  }

  /** Throws where it cannot be mounted. */
  static mount(mebibytes: number): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), 'madang-disk-'))
    try {
      mount('-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0777`, 'tmpfs', folder)
    } catch (error) {
      rmSync(folder, { recursive: true })
      throw error
    }
    return new SmallDisk(folder)
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder)
    return bavail * bsize
  }

  /** Takes all the room that is left. */
  fill(): void {
    const [large, small] = [Buffer.alloc(MIB), Buffer.alloc(STEP_BYTES)]
    for (const piece of [large, small]) {
      while (this.freeBytes >= piece.length) writeFileSync(this.#ballast, piece, { flag: 'a' })
    }
  }

  /** Gives back what `fill` took. */
  free(): void {
    rmSync(this.#ballast, { force: true })
  }

  /** Nobody may have a file there open for writing. Throws where somebody has. */
  set(how: 'ro' | 'rw'): void {
    mount('-o', `remount,${how}`, this.folder)
  }

  /** Calling it twice is calling it once. */
  remove(): void {
    if (!this.#isMounted) return
    this.#isMounted = false
    process.off('exit', this.#atExit)
    spawnSync('umount', ['--lazy', this.folder])
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function mount(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`mount: ${error?.message ?? stderr}`)
}
