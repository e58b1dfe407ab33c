/** Finds out whether a place would be left without an owner. */
import type { Id } from '@madang/protocol'
import { LIMITS } from '@madang/protocol'
import type { MembersPage, MembersRequest } from '../store/store.ts'
import { Refusal } from './refusal.ts'

/** Who else is there: `owner`: another owner; `others`: nobody who owns; `nobody`: no other member at all. */
export type Company = 'owner' | 'others' | 'nobody'

/** Reads the members page by page, and stops at the first other owner. */
export async function companyOf(
  personId: Id,
  members: (page: MembersRequest) => Promise<MembersPage>,
): Promise<Company> {
  let company: Company = 'nobody'
  let after: string | undefined
  do {
    const request = { limit: LIMITS.membersPageMax, ...(after !== undefined && { after }) }
    const page = await members(request)
    const others = page.members.filter(({ person }) => person.id !== personId)
    if (others.some(({ role }) => role === 'owner')) return 'owner'
    if (others.length > 0) company = 'others'
    after = page.next
  } while (after !== undefined)
  return company
}

export const lastOwnerStays = (): Refusal => new Refusal('limit_reached', { limit: 'ownersMin' })
