/** Times as people write them. */
import { Failure } from './command.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const daysMax = 365

/** `90s`, `15m`, `1h`, `30d` → ms. Throws `Failure`. */
export function durationOf(text: string): number {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const ms = Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN)
  if (ms > 0 && ms <= daysMax * 86_400_000) return ms
  throw new Failure(`${JSON.stringify(text)} is no time: 90s, 15m, 1h or 30d.`, 'usage')
}

/** ms → `3d 4h`, `5m 6s`. */
export function shortTime(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  const [days, hours, minutes] = [86_400, 3_600, 60].map((of) => Math.floor(seconds / of))
  if (days) return `${days}d ${(hours ?? 0) % 24}h`
  if (hours) return `${hours}h ${(minutes ?? 0) % 60}m`
  return minutes ? `${minutes}m ${seconds % 60}s` : `${seconds}s`
}
