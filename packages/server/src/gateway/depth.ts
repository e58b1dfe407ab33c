/** Measures how deeply a client's value is nested. */

/** Whether arrays and objects are nested more than `depthMax` deep. Looks no further down than that, whatever the value. */
export function deeperThan(value: unknown, depthMax: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depthMax === 0) return true
  return Object.values(value).some((inner) => deeperThan(inner, depthMax - 1))
}
