/** Who types in one channel: we, and the others. Pure. */
import type { Author, Id } from '@madang/protocol'
import { BOUNDS } from './bounds.ts'
import type { Step } from './machine.ts'

/** What the server knows of our own typing. */
export interface Composing {
  /** When we last said that we type; undefined: it thinks that we do not. */
  readonly saidAt: number | undefined
  /** When we stop by ourselves. */
  readonly timerAt: number | undefined
}

export type ComposingInput =
  | { readonly kind: 'key' }
  /** The message was sent, or nobody looks any more. */
  | { readonly kind: 'done' }
  | { readonly kind: 'timer' }

export interface ComposingEffect {
  readonly kind: 'say'
  readonly typing: boolean
}

export const notComposing: Composing = { saidAt: undefined, timerAt: undefined }

export function stepComposing(
  state: Composing,
  input: ComposingInput,
  now: number,
): Step<Composing, ComposingEffect> {
  if (input.kind !== 'key') {
    return [notComposing, state.saidAt === undefined ? [] : [{ kind: 'say', typing: false }]]
  }
  const timerAt = now + BOUNDS.typingIdleMs
  const { saidAt } = state
  if (saidAt !== undefined && now - saidAt < BOUNDS.typingRepeatMs) {
    return [{ saidAt, timerAt }, []]
  }
  return [{ saidAt: now, timerAt }, [{ kind: 'say', typing: true }]]
}

/** Who else types, as the server tells it. */
export interface Others {
  readonly people: readonly Author[]
  readonly timerAt: number | undefined
}

export type OthersInput =
  | { readonly kind: 'told'; readonly people: readonly Author[]; readonly self: Id | undefined }
  /** Whoever wrote has stopped typing, though the server says so a moment later. */
  | { readonly kind: 'wrote'; readonly personId: Id }
  | { readonly kind: 'lost' }
  | { readonly kind: 'timer' }

export const nobodyElse: Others = { people: [], timerAt: undefined }

export function stepOthers(state: Others, input: OthersInput, now: number): Step<Others, never> {
  switch (input.kind) {
    case 'told':
      return [othersOf(without(input.people, input.self), now + BOUNDS.typingShownMsMax), []]
    case 'wrote':
      return [othersOf(without(state.people, input.personId), state.timerAt), []]
    case 'lost':
    case 'timer':
      return [nobodyElse, []]
  }
}

function othersOf(people: readonly Author[], timerAt: number | undefined): Others {
  return people.length === 0 ? nobodyElse : { people, timerAt }
}

function without(people: readonly Author[], personId: Id | undefined): readonly Author[] {
  return people.some((person) => person.id === personId)
    ? people.filter((person) => person.id !== personId)
    : people
}
