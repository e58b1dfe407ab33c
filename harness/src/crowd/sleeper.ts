/**
 * A participant in a process of its own, which can be stopped where it stands, as a telephone does with an application in a pocket. It only listens: what
 * it writes down has the time at which this process learned of it, and nothing may depend on when it sent.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freeze } from '../../../tests/services/freeze.ts'
import type { Participant, ParticipantKind, ParticipantParts } from './participant.ts'
import type { SleeperAsked, SleeperGiven, SleeperState, SleeperTold } from './sleeper-words.ts'

const PROCESS = fileURLToPath(new URL('./sleeper-process.ts', import.meta.url))

export class Sleeper implements Participant {
  readonly kind: ParticipantKind
  readonly who: string
  readonly person: string
  readonly #parts: ParticipantParts
  readonly #child: ChildProcess
  #state: SleeperState = { isOnline: false, channels: [] }
  #isAsleep = false

  constructor(kind: ParticipantKind, parts: ParticipantParts) {
    this.kind = kind
    this.who = parts.who
    this.person = parts.person
    this.#parts = parts
    this.#child = fork(PROCESS, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#child.on('message', (told: SleeperTold) => {
      if (told.kind === 'note') parts.note(told.record)
      if (told.kind === 'state') this.#state = told.state
    })
  }

  async start(): Promise<void> {
    const { note: _, ...parts } = this.#parts
    const started = this.#told('started')
    const given: SleeperGiven = { ...parts, kind: this.kind }
    this.#child.send(given)
    await started
  }

  /** Resolves when none of its threads runs any more. */
  async sleep(): Promise<void> {
    this.#isAsleep = true
    await freeze(this.#child.pid ?? 0)
  }

  wake(): void {
    this.#isAsleep = false
    this.#child.kill('SIGCONT')
  }

  send(): void {}
  edit(): void {}
  delete(): void {}
  read(): void {}
  typing(): void {}
  join(): void {}
  leave(): void {}

  isMember(channel: string): boolean {
    return this.#place(channel)?.isMember === true
  }

  reconnect(): void {
    this.#ask('reconnect')
  }

  isOnline(): boolean {
    return this.#state.isOnline
  }

  waiting(): number {
    return 0
  }

  reached(channel: string): number {
    return this.#place(channel)?.reached ?? 0
  }

  async finish(): Promise<void> {
    const finished = this.#told('finished')
    this.#ask('finish')
    await finished
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  #place(channel: string) {
    return this.#state.channels.find((place) => place.channel === channel)
  }

  #ask(what: SleeperAsked): void {
    if (!this.#isAsleep && this.#child.connected) this.#child.send(what)
  }

  /** Rejects where the process ends before. */
  #told(kind: SleeperTold['kind']): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (told: SleeperTold) => {
        if (told.kind !== kind) return
        this.#child.off('message', look)
        resolve()
      }
      this.#child.on('message', look)
      this.#child.once('exit', () => reject(new Error(`the process of ${this.who} has ended`)))
    })
  }
}
