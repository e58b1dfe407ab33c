/** The table of methods: what a node asks of the process that keeps its truth. A method that a store gets is a row here and nothing else. */
import { logMethods } from './methods/log.ts'
import { nodeMethods } from './methods/nodes.ts'
import { peopleMethods } from './methods/people.ts'
import { placeMethods } from './methods/places.ts'
import { statsMethods } from './methods/stats.ts'
import type { Method, MethodName } from './row.ts'

export const METHODS: Readonly<Record<MethodName, Method>> = {
  ...logMethods,
  ...peopleMethods,
  ...placeMethods,
  ...nodeMethods,
  ...statsMethods,
}

export const methodNames: readonly MethodName[] = Object.keys(METHODS).filter(isMethodName)

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name)
}
