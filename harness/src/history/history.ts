/** Keeps a run's records: in memory for the checker, and as JSON lines in the run's folder for whoever wants to look. */
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { HistoryRecord, Note } from './record.ts'

export class History {
  readonly folder: string
  readonly records: HistoryRecord[] = []
  readonly #files = new Map<string, WriteStream>()
  readonly #startedAt = performance.now()

  private constructor(folder: string) {
    this.folder = folder
  }

  /** In a folder that is made, and that must be new. */
  static async open(folder: string): Promise<History> {
    await mkdir(folder, { recursive: true })
    return new History(folder)
  }

  /** In ms since the run began. */
  now(): number {
    return Math.round((performance.now() - this.#startedAt) * 1_000) / 1_000
  }

  /** Writes into a file of its own: 'crowd', 'nemesis', 'truth'. */
  source(name: string): Note {
    const file = createWriteStream(join(this.folder, `${name}.jsonl`))
    this.#files.set(name, file)
    return (untimed) => {
      const record = { t: this.now(), ...untimed } as HistoryRecord
      this.records.push(record)
      file.write(`${JSON.stringify(record)}\n`)
    }
  }

  /** Resolves when everything is on disk. */
  async close(): Promise<void> {
    for (const file of this.#files.values()) {
      await new Promise<void>((resolve) => file.end(resolve))
    }
    this.#files.clear()
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** The records of all files of a folder, by time. */
export async function readHistory(folder: string): Promise<HistoryRecord[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts
    .flatMap((text) => text.split('\n').filter((line) => line !== ''))
    .map((line) => JSON.parse(line) as HistoryRecord)
    .sort((one, other) => one.t - other.t)
}
