/** The shape of a table of states and events that is run cell by cell, and printed in the specification. */

/** What becomes of a state, and what is done or changed, in order. */
export interface Cell<State extends string, Deed extends string> {
  readonly to: State
  readonly does: readonly Deed[]
}

/** A cell that is left out does not compile. */
export type Table<State extends string, Event extends string, Deed extends string> = Readonly<
  Record<State, Readonly<Record<Event, Cell<State, Deed>>>>
>

/** One table, and the reducer that it describes. */
export interface TableCase {
  /** The first cell of its head in the specification. */
  readonly name: string
  readonly table: Table<string, string, string>
  /** Runs the reducer; throws where the sample is not in the state whose name it has. */
  run(state: string, event: string): Cell<string, string>
}

/** What a reducer is to a table: a sample of each state, what each event does to one, and how a state and a change are told. */
export interface Reducer<S, State extends string, Event extends string, Deed extends string> {
  readonly name: string
  readonly table: Table<State, Event, Deed>
  readonly samples: Readonly<Record<State, S>>
  readonly events: Readonly<Record<Event, (before: S) => S | readonly [S, readonly Deed[]]>>
  stateOf(state: S): State
  /** What has changed between the two, for reducers that have no effects of their own. */
  changes?(before: S, after: S): readonly Deed[]
}

export function tableCase<S, State extends string, Event extends string, Deed extends string>(
  reducer: Reducer<S, State, Event, Deed>,
): TableCase {
  const { name, table, samples, events, stateOf, changes } = reducer
  return {
    name,
    table,
    run(state, event) {
      const before = samples[state as State]
      if (stateOf(before) !== state) throw new Error(`the sample of ${state} is ${stateOf(before)}`)
      const result = events[event as Event](before)
      const [after, does] = isStep(result) ? result : [result, changes?.(before, result) ?? []]
      return { to: stateOf(after), does }
    },
  }
}

function isStep<S, Deed>(
  result: S | readonly [S, readonly Deed[]],
): result is readonly [S, readonly Deed[]] {
  return Array.isArray(result)
}

/** Named cells: `to('open', 'sync')`. */
export const cells =
  <State extends string, Deed extends string>() =>
  (to: State, ...does: readonly Deed[]): Cell<State, Deed> => ({ to, does })

/** The rows of the table as the specification has them: events down, states across; a dot where nothing changes. */
export function printed({ name, table }: TableCase): readonly string[] {
  const states = Object.keys(table)
  const events = Object.keys(Object.values(table)[0] ?? {})
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  const cellOf = (state: string, event: string): string => {
    const { to, does } = table[state]?.[event] ?? { to: '?', does: [] }
    return `${to === state ? '·' : to}${does.length > 0 ? ` [${does.join(', ')}]` : ''}`
  }
  return [
    line([name, ...states]),
    `|${'---|'.repeat(states.length + 1)}`,
    ...events.map((event) => line([words(event), ...states.map((state) => cellOf(state, event))])),
  ]
}

const words = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
