// The little Markdown that reference pages are made of.

/** `from`: the file that the page is made from, relative to the root of the repository. */
export function page(title: string, from: string, ...blocks: readonly string[]): string {
  const note = `Made from [${from}](../../${from}) by \`node scripts/docs.ts\`. Change it there, not here.`
  return `${[`# ${title}`, note, ...blocks.filter((block) => block !== '')].join('\n\n')}\n`
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

export function code(text: string): string {
  return `\`${text}\``
}

export function block(text: string): string {
  return `\`\`\`ts\n${text}\n\`\`\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
