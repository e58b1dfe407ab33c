// The rule that every relative link in Markdown leads somewhere, its heading included.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lineAt, type Problem, ROOT, type SourceFile } from './tree.ts'

const LINK = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\[[^\]]+\]:\s*(\S+)/gm

export function brokenLinks(
  files: readonly SourceFile[],
  exists: (path: string) => boolean = (path) => existsSync(join(ROOT, path)),
): readonly Problem[] {
  const pages = new Map(files.map((file) => [file.path, file.text]))
  return files.flatMap(({ path, text }) => {
    if (!path.endsWith('.md')) return []
    const prose = withoutCode(text)
    return [...prose.matchAll(LINK)].flatMap((match) => {
      const link = match[1] ?? match[2] ?? ''
      if (/^[a-z][a-z0-9+.-]*:/i.test(link) || link.startsWith('//')) return []
      const message = broken(path, link, pages, exists)
      return message ? [{ path, line: lineAt(prose, match.index), message }] : []
    })
  })
}

function broken(
  from: string,
  link: string,
  pages: ReadonlyMap<string, string>,
  exists: (path: string) => boolean,
): string | undefined {
  const [file = '', heading] = decodeURI(link).split('#')
  const target = file === '' ? from : join(dirname(from), file).replace(/\/$/, '')
  if (target.startsWith('..')) return `${link} leaves the repository.`
  const page = pages.get(target)
  if (page === undefined && !exists(target)) return `${link} leads nowhere.`
  if (heading && page !== undefined && target.endsWith('.md') && !anchorsOf(page).has(heading)) {
    return `${link}: ${target} has no such heading.`
  }
  return undefined
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, title = ''] of withoutCode(page).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const base = plain.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-')
    let anchor = base
    for (let n = 1; anchors.has(anchor); n++) anchor = `${base}-${n}`
    anchors.add(anchor)
  }
  return anchors
}

/** Fenced blocks are blanked, and inline code loses what could pass for a link; every character keeps its line. */
function withoutCode(page: string): string {
  return page
    .replace(/^( *)(```|~~~)[\s\S]*?^\1\2/gm, (block) => block.replace(/[^\n]/g, ' '))
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[`[\]()]/g, ''))
}
