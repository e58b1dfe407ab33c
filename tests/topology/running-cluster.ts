// `npm run cluster` as a process that a test reads, types into and ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eventually } from '../e2e/eventually.ts'

const ROOT = join(import.meta.dirname, '../..')
const SCRIPT = join(ROOT, 'scripts/cluster.ts')
/** More people than one address may hold otherwise. */
const SETTINGS = { RATE_SCALE: '100', LAG_LIMIT_MS: '0', CONNECTS_PER_SECOND: '0' }

export interface PartRow {
  readonly name: string
  readonly address: string
  /** 0 where it does not run. */
  readonly pid: number
  readonly state: string
  readonly sockets: number
}

export class RunningCluster {
  readonly url: string
  readonly #child: ChildProcess
  readonly #heard: { text: string }

  private constructor(child: ChildProcess, heard: { text: string }, url: string) {
    this.#child = child
    this.#heard = heard
    this.url = url
  }

  /** Resolves when it has shown its table; rejects with what it said where it ends before. */
  static async start(args: readonly string[]): Promise<RunningCluster> {
    const child = spawn(process.execPath, [SCRIPT, '--port', '0', '--no-web', ...args], {
      cwd: ROOT,
      env: { ...process.env, ...SETTINGS },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const heard = { text: '' }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        heard.text += piece
      })
    }
    const url = await eventually(() => {
      const found = /^Open (http:\S+) /m.exec(heard.text)?.[1]
      if (found !== undefined) return found
      // An ended process will say nothing more: no use in waiting on.
      if (child.exitCode !== null) return ''
      throw new Error(`no address in:\n${heard.text}`)
    }, 90_000)
    if (url === '') throw new Error(`it ended with ${child.exitCode}:\n${heard.text}`)
    return new RunningCluster(child, heard, url)
  }

  get output(): string {
    return this.#heard.text
  }

  /** Types a line, and resolves to what came after it as soon as that fits. */
  async type(line: string, fits: RegExp): Promise<string> {
    const from = this.#heard.text.length
    this.#child.stdin?.write(`${line}\n`)
    return eventually(() => {
      const answer = this.#heard.text.slice(from)
      if (!fits.test(answer)) throw new Error(`"${line}" was answered with "${answer}"`)
      return answer
    })
  }

  /** The table as it is now. */
  async rows(): Promise<readonly PartRow[]> {
    const text = await this.type('status', /^nginx .*\n(?:\S+ {2}.*\n)*\S+ .*\.log\n$/m)
    return text
      .split('\n')
      .filter((line) => line.endsWith('.log'))
      .map(rowOf)
  }

  /** Sends a signal, and resolves to the exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit')
      this.#child.kill(signal)
      await gone
    }
    return this.#child.exitCode
  }
}

function rowOf(line: string): PartRow {
  // Cells are two spaces or more apart; "load balancer" has one inside.
  const [name = '', , address = '', pid = '', state = '', sockets = ''] = line.split(/ {2,}/)
  return { name, address, pid: Number(pid) || 0, state, sockets: Number(sockets) || 0 }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
