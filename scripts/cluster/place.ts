// Where the parts of one cluster keep their files, and what they are made with.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Member, type OnCrash, type Plan } from './member.ts'

/** What every plan says, less what the place knows. */
export type Draft = Omit<Plan, 'folder' | 'logFile'>

export class Place {
  readonly root: string
  readonly #isTemporary: boolean
  readonly #onCrash: OnCrash

  constructor(data: string | undefined, onCrash: OnCrash) {
    this.#isTemporary = data === undefined
    this.#onCrash = onCrash
    this.root = data === undefined ? mkdtempSync(join(tmpdir(), 'madang-cluster-')) : resolve(data)
    mkdirSync(join(this.root, 'log'), { recursive: true })
    // PostgreSQL may run as somebody else, who has to get to its own folder and no further.
    if (this.#isTemporary) chmodSync(this.root, 0o711)
  }

  /** The folder of one part; made when it is not there. */
  folderOf(name: string): string {
    const folder = join(this.root, name)
    mkdirSync(folder, { recursive: true })
    return folder
  }

  member(draft: Draft): Member {
    const { name } = draft
    const files = { folder: this.folderOf(name), logFile: join(this.root, 'log', `${name}.log`) }
    return new Member({ ...draft, ...files }, this.#onCrash)
  }

  /** Removes what is temporary. */
  clear(): void {
    if (this.#isTemporary) rmSync(this.root, { recursive: true, force: true })
  }
}
