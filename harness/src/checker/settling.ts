/** The check of what is left when everybody has gone: I14. */
import { type Check, Findings } from './invariant.ts'

/** I14: every gauge of load is back at nothing. */
export const settled: Check = ({ gauges }) => {
  const found = new Findings()
  for (const gauge of gauges) {
    const { node, name, value } = gauge
    found.look(
      value !== 0 && `${node} still has ${name} at ${value} when everybody has gone`,
      gauge,
    )
  }
  return found
}
