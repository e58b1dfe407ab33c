/** Columns for people's eyes. */

const isWide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u
const isMark = /\p{Mn}|\p{Me}|\p{Cf}/u

/** In cells of a terminal: Korean letters take two. */
export function widthOf(text: string): number {
  let width = 0
  for (const letter of text) width += isMark.test(letter) ? 0 : isWide.test(letter) ? 2 : 1
  return width
}

/** What people call themselves must not move the cursor. */
export function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, '?')
}

/** Cells that look like numbers are put to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((cells) => cells.map(harmless))
  const widths = head.map((_, at) => Math.max(...all.map((cells) => widthOf(cells[at] ?? ''))))
  const isRight = head.map((_, at) =>
    rows.every((cells) => /^[\d.,-]*( ?[a-zA-Z%µ/]+)?$/.test(cells[at] ?? '')),
  )
  return all
    .map((cells) => {
      const padded = cells.map((cell, at) => {
        const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)))
        return isRight[at] ? space + cell : cell + space
      })
      return `${padded.join('  ').trimEnd()}\n`
    })
    .join('')
}
