/** Forks workers through node:cluster, so that they share the port: the primary takes connections and gives them out in turn, unread. */
import cluster from 'node:cluster'
import { isToPrimary, type ToPrimary, type ToWorker } from './words.ts'

/** One worker process, as the primary holds it. */
export interface Hand {
  readonly pid: number
  /** What it can no longer hear is dropped. */
  tell(word: ToWorker): void
  /** Ends it at once. */
  kill(): void
}

export interface HandEvents {
  onWord(word: ToPrimary): void
  /** Once, when the process is gone; null where a signal ended it. */
  onEnded(code: number | null): void
}

export interface Forker {
  fork(env: Readonly<Record<string, string | undefined>>, events: HandEvents): Hand
}

/** `exec` is the script that workers run, with the arguments `args`. */
export function clusterForker(exec: string, args: readonly string[]): Forker {
  cluster.setupPrimary({ exec, args: [...args] })
  return {
    fork(env, { onWord, onEnded }) {
      const worker = cluster.fork(env)
      worker.on('message', (said: unknown) => {
        if (isToPrimary(said)) onWord(said)
      })
      // The channel breaks when the process goes, and its going is told by `exit`.
      worker.on('error', () => {})
      worker.once('exit', (code: number | null) => onEnded(code))
      return {
        pid: worker.process.pid ?? 0,
        tell(word) {
          if (worker.isConnected()) worker.process.send?.(word, undefined, {}, () => {})
        },
        kill: () => void worker.process.kill('SIGKILL'),
      }
    },
  }
}

/** Whether somebody else (PM2's cluster mode) has made this process a worker, so that it cannot have any itself. */
export const isWorkerOfOthers = (): boolean => cluster.isWorker
