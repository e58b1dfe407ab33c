/** What happened, as lines of CSV: one value a line, so that a spreadsheet can turn it as it likes. RFC 4180. */
import type { Stats } from '@madang/protocol'

const HEAD = ['at', 'node', 'name', 'value']

export function statsLines({ hours, samples }: Stats): string {
  const lines = [HEAD]
  for (const { at, messages, events } of hours) {
    for (const [kind, count] of Object.entries(messages)) {
      lines.push([instant(at), '', `messages.${kind}`, String(count)])
    }
    for (const [kind, count] of Object.entries(events)) {
      lines.push([instant(at), '', `events.${kind}`, String(count)])
    }
  }
  for (const { at, node, ...values } of samples) {
    for (const [name, value] of Object.entries(values)) {
      lines.push([instant(at), node, name, String(value)])
    }
  }
  return lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

const instant = (at: number): string => new Date(at).toISOString()

/** A text that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
