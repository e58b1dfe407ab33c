/** Our own typing as the server knows it, and that of the others as we do: what each event makes of them. */
import type { Author } from '@madang/protocol'
import { BOUNDS } from '../../bounds.ts'
import {
  type Composing,
  type ComposingInput,
  nobodyElse,
  notComposing,
  type Others,
  type OthersInput,
  stepComposing,
  stepOthers,
} from '../../typing.ts'
import { author } from '../model-log.ts'
import { cells, type Table, tableCase } from './table.ts'

const NOW = 1_000_000
const [ME, ANN, BOB] = [author(0), author(1), author(2)] as const

/** quiet: the server thinks that we do not type · said: it was told so · due: it was, so long ago that it has to be told again. */
export type ComposingState = 'quiet' | 'said' | 'due'

const COMPOSING: Record<ComposingState, Composing> = {
  quiet: notComposing,
  said: { saidAt: NOW - BOUNDS.typingRepeatMs + 1, timerAt: NOW + 1 },
  due: { saidAt: NOW - BOUNDS.typingRepeatMs, timerAt: NOW + 1 },
}

export type ComposingDeed = 'say yes' | 'say no' | 'wake later'

const composes = (kind: ComposingInput['kind']) => (at: Composing) => {
  const [after, effects] = stepComposing(at, { kind }, NOW)
  const said = effects.map(({ typing }): ComposingDeed => (typing ? 'say yes' : 'say no'))
  const isLater = after.timerAt === NOW + BOUNDS.typingIdleMs
  return [after, isLater ? [...said, 'wake later' as const] : said] as const
}

const COMPOSING_EVENTS = {
  key: composes('key'),
  done: composes('done'),
  timer: composes('timer'),
} as const satisfies Record<ComposingInput['kind'], unknown>

const toComposing = cells<ComposingState, ComposingDeed>()

export const COMPOSING_TABLE = {
  quiet: {
    key: toComposing('said', 'say yes', 'wake later'),
    done: toComposing('quiet'),
    timer: toComposing('quiet'),
  },
  said: {
    key: toComposing('said', 'wake later'),
    done: toComposing('quiet', 'say no'),
    timer: toComposing('quiet', 'say no'),
  },
  due: {
    key: toComposing('said', 'say yes', 'wake later'),
    done: toComposing('quiet', 'say no'),
    timer: toComposing('quiet', 'say no'),
  },
} as const satisfies Table<ComposingState, ComposingInput['kind'], ComposingDeed>

export const composingCase = tableCase<
  Composing,
  ComposingState,
  ComposingInput['kind'],
  ComposingDeed
>({
  name: 'own typing',
  table: COMPOSING_TABLE,
  samples: COMPOSING,
  events: COMPOSING_EVENTS,
  stateOf({ saidAt, timerAt }) {
    if (saidAt === undefined) return timerAt === undefined ? 'quiet' : 'said'
    return NOW - saidAt < BOUNDS.typingRepeatMs ? 'said' : 'due'
  },
})

/** nobody: and no timer is set · one, several: so many are shown, and forgotten when the timer comes. */
export type OthersState = 'nobody' | 'one' | 'several'

const told = (...people: Author[]): OthersInput => ({ kind: 'told', people, self: ME.id })
const [one] = stepOthers(nobodyElse, told(ANN), NOW - 1)
const [several] = stepOthers(nobodyElse, told(ANN, BOB), NOW - 1)

export type OthersDeed = 'wake later'

const hears = (input: OthersInput) => (at: Others) => {
  const [after] = stepOthers(at, input, NOW)
  const isLater = after.timerAt === NOW + BOUNDS.typingShownMsMax
  return [after, isLater ? (['wake later'] as const) : []] as const
}

const OTHERS_EVENTS = {
  toldNobody: hears(told()),
  toldOnlyOurselves: hears(told(ME)),
  toldOne: hears(told(ANN, ME)),
  toldSeveral: hears(told(ANN, BOB)),
  oneOfThemWrote: hears({ kind: 'wrote', personId: ANN.id }),
  anotherWrote: hears({ kind: 'wrote', personId: 'another' }),
  lost: hears({ kind: 'lost' }),
  timer: hears({ kind: 'timer' }),
} as const

const toOthers = cells<OthersState, OthersDeed>()

export const OTHERS_TABLE = {
  nobody: {
    toldNobody: toOthers('nobody'),
    toldOnlyOurselves: toOthers('nobody'),
    toldOne: toOthers('one', 'wake later'),
    toldSeveral: toOthers('several', 'wake later'),
    oneOfThemWrote: toOthers('nobody'),
    anotherWrote: toOthers('nobody'),
    lost: toOthers('nobody'),
    timer: toOthers('nobody'),
  },
  one: {
    toldNobody: toOthers('nobody'),
    toldOnlyOurselves: toOthers('nobody'),
    toldOne: toOthers('one', 'wake later'),
    toldSeveral: toOthers('several', 'wake later'),
    oneOfThemWrote: toOthers('nobody'),
    anotherWrote: toOthers('one'),
    lost: toOthers('nobody'),
    timer: toOthers('nobody'),
  },
  several: {
    toldNobody: toOthers('nobody'),
    toldOnlyOurselves: toOthers('nobody'),
    toldOne: toOthers('one', 'wake later'),
    toldSeveral: toOthers('several', 'wake later'),
    oneOfThemWrote: toOthers('one'),
    anotherWrote: toOthers('several'),
    lost: toOthers('nobody'),
    timer: toOthers('nobody'),
  },
} as const satisfies Table<OthersState, keyof typeof OTHERS_EVENTS, OthersDeed>

export const othersCase = tableCase<Others, OthersState, keyof typeof OTHERS_EVENTS, OthersDeed>({
  name: 'others’ typing',
  table: OTHERS_TABLE,
  samples: { nobody: nobodyElse, one, several },
  events: OTHERS_EVENTS,
  stateOf({ people, timerAt }) {
    if ((people.length === 0) !== (timerAt === undefined)) throw new Error('a timer for nobody')
    return people.length === 0 ? 'nobody' : people.length === 1 ? 'one' : 'several'
  },
})
