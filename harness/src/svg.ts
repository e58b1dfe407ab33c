/** Pictures for the documentation, which can be read on light and on dark pages. */

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 15px; }
  .axis { stroke: #8a8a8a; }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } }
`

/** Of Okabe and Ito, told apart by people of all colour visions, and seen on white and on black. */
export const COLOURS = ['#d55e00', '#8a8a8a', '#0a9e73', '#4a90d9']

export interface Canvas {
  readonly title: string
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** The text of a file. The title stands at the top, 22 pixels from it, and is what screen readers say. */
export function svg({ title, width, height }: Canvas, parts: readonly string[]): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="20" y="22">${escaped(title)}</text>`,
    ...parts,
    '</svg>',
  ].join('\n')}\n`
}

export function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${fill}"/>`
}

export function text(
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end',
): string {
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escaped(words)}</text>`
}

const px = (value: number): string => value.toFixed(1)

export function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
