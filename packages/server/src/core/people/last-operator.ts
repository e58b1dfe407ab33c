/** Whether the installation would have no operator without somebody: then nobody could let them in again but the command line. */
import type { Id } from '@madang/protocol'
import type { PeopleStore } from '../../store/store.ts'

/** Operators that are looked through. */
const operatorsMax = 1_000

export async function isLastOperator(
  store: Pick<PeopleStore, 'persons'>,
  personId: Id,
): Promise<boolean> {
  const operators = await store.persons({ operators: true, limit: operatorsMax })
  const present = operators.filter(({ disabled }) => disabled !== true)
  return present.length === 1 && present[0]?.person.id === personId
}
