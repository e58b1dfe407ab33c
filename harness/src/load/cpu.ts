/** CPU time of another process. */
import { readFileSync } from 'node:fs'

/** User and system time so far, in ms, from Linux's /proc (clock ticks of 10 ms). Throws where there is no such process. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
