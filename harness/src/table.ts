/** A table as text: for a terminal, and for a page of Markdown. */

export type Cell = string | number

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** Numbers to the right with three significant digits or none after the point, words to the left. */
export function textTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map(show))
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)),
  )
  const line = (row: readonly string[], numeric: readonly boolean[]) =>
    row
      .map((cell, index) =>
        numeric[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const numeric = columns.map((_, index) => typeof rows[0]?.[index] === 'number')
  return [line(columns, numeric), ...cells.map((row) => line(row, numeric))].join('\n')
}

export function show(cell: Cell): string {
  if (typeof cell === 'string') return cell
  if (!Number.isFinite(cell)) return '-'
  return Math.abs(cell) >= 100 || Number.isInteger(cell)
    ? Math.round(cell).toLocaleString('en')
    : cell.toPrecision(3)
}
