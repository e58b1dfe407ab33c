// The rules about words: leftovers, forbidden constructs, and names that mean something else here.
import { scan } from './scan.ts'
import { isCase, isScript, isTest, lineAt, type Problem, type SourceFile } from './tree.ts'

interface Ban {
  readonly what: RegExp
  /** Where it is looked for: code without strings and comments, comments alone, or everything that begins in code. */
  readonly where: 'code' | 'comments' | 'all'
  /** Which files it concerns. */
  readonly files: (path: string) => boolean
  /** What to do instead. */
  readonly instead: string
}

const isSource = (path: string): boolean =>
  /^(packages|harness|examples)\//.test(path) && isScript(path) && !isTest(path) && !isCase(path)
/** Where the real time and dice are handed in from. */
const isClock = (path: string): boolean => /(^|[/-])(clock|environment)\.ts$/.test(path)
/** Code that decides, and is handed the time and the dice. */
const isDeciding = (path: string): boolean =>
  isSource(path) &&
  !isClock(path) &&
  /^packages\/(server\/src\/(core|feed)|client\/src|protocol\/src)\//.test(path)
/** Code that speaks in the project's own words: other systems' words stay in the dialects. */
const isOurWords = (path: string): boolean =>
  isSource(path) &&
  /^packages\/(protocol|client|server)\/src\//.test(path) &&
  !path.includes('/dialects/')

export const BANS: readonly Ban[] = [
  {
    what: /\b(TODO|FIXME|XXX|HACK)\b/g,
    where: 'comments',
    files: isScript,
    instead: 'do it now, or leave it out.',
  },
  {
    what: /\b(TODO|FIXME)\b/g,
    where: 'all',
    files: (path) => path.endsWith('.md'),
    instead: 'do it now, or leave it out.',
  },
  {
    what: /@ts-(ignore|nocheck)\b/g,
    where: 'comments',
    files: isScript,
    instead: 'make the types true.',
  },
  {
    what: /\bas any\b|<any>|[:,<|&(]\s*any\b(?!\s*[:(?.=])/g,
    where: 'code',
    files: isScript,
    instead: 'write unknown, and look what it is.',
  },
  {
    what: /\bconsole\s*\./g,
    where: 'code',
    files: isScript,
    instead: 'use the logger; a script writes to process.stdout.',
  },
  { what: /\bdebugger\b/g, where: 'code', files: isScript, instead: 'remove it.' },
  {
    what: /(?<![.\w$])enum\s+[A-Z]/g,
    where: 'code',
    files: isScript,
    instead: 'Node strips types only: write a union of strings.',
  },
  {
    what: /(?<![.\w$])namespace\s+[A-Z]\w*\s*\{/g,
    where: 'code',
    files: isScript,
    instead: 'Node strips types only: a file is a module.',
  },
  {
    what: /\bconstructor\((?:[^)]*,)?\s*(private|public|protected|readonly)\s/g,
    where: 'code',
    files: isScript,
    instead: 'Node strips types only: declare a #private field.',
  },
  {
    what: /\b(dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b/g,
    where: 'code',
    files: (path) => /^packages\/(web|client)\//.test(path) && isScript(path),
    instead: 'make elements: what people write is never HTML.',
  },
  {
    what: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/g,
    where: 'code',
    files: isDeciding,
    instead: 'take the time from the clock that is handed in.',
  },
  {
    what: /\bMath\.random\(/g,
    where: 'code',
    files: isDeciding,
    instead: 'take the dice that are handed in.',
  },
  {
    what: /(?<![.\w$])set(Timeout|Interval|Immediate)\(/g,
    where: 'code',
    files: isDeciding,
    instead: 'ask the clock that is handed in: after or every.',
  },
  {
    what: /\b(test|it|describe|suite)\.(only|skip|todo)\(|\b(only|todo): true\b/g,
    where: 'code',
    files: isScript,
    instead: 'run it or delete it; a part that a machine lacks is skipped through tests/services.',
  },
  {
    what: /\b(test|it)\(\s*(['"`])(?:(?!\2).)*\bshould\b/g,
    where: 'all',
    files: isTest,
    instead: 'state the fact, in the present tense.',
  },
  ...synonyms([
    ['roomId|chatRoom', 'channelId, channel'],
    ['workspaceId|tenantId|guildId', 'communityId'],
    ['instanceId|serverId', 'nodeId'],
    ['lastOffset|messageOffset|lastEventId', 'cursor or seq'],
    ['messageQueue', 'broker'],
  ]),
]

/** ARCHITECTURE.md says which word means what; here are the ones that a search can tell. */
function synonyms(rows: readonly (readonly [string, string])[]): readonly Ban[] {
  return rows.map(([words, word]) => ({
    what: new RegExp(`\\b(${words})\\b`, 'g'),
    where: 'code',
    files: isOurWords,
    instead: `the word here is ${word}.`,
  }))
}

export function bannedWords(
  files: readonly SourceFile[],
  bans: readonly Ban[] = BANS,
): readonly Problem[] {
  return files.flatMap(({ path, text }) => {
    const mine = bans.filter((ban) => ban.files(path))
    if (mine.length === 0) return []
    const { code, comments } = isScript(path) ? scan(text) : { code: text, comments: text }
    const parts = { code, comments, all: text }
    return mine.flatMap((ban) =>
      [...parts[ban.where].matchAll(ban.what)]
        .filter((match) => ban.where !== 'all' || code[match.index] !== ' ')
        .map((match) => ({
          path,
          line: lineAt(text, match.index),
          message: `"${match[0].trim()}": ${ban.instead}`,
        })),
    )
  })
}

/** Names that say nothing of what is in a file. */
export function badNames(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap(({ path }) => {
    if (!isScript(path) && !path.endsWith('.css')) return []
    const name = path.slice(path.lastIndexOf('/') + 1)
    const found: Problem[] = []
    if (/^(.*-)?(utils?|helpers?|common|manager|misc|stuff)(\.[\w.]+)$/.test(name)) {
      found.push({ path, message: 'name it after the one noun that it holds.' })
    }
    if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)+$/.test(name)) {
      found.push({ path, message: 'file names are kebab-case.' })
    }
    if (/\/(utils?|helpers?|common|misc)\//.test(path)) {
      found.push({ path, message: 'name the folder after what is in it.' })
    }
    if (path.endsWith('.tsx') && !path.startsWith('packages/web/')) {
      found.push({ path, message: 'Node does not run .tsx: views live in packages/web.' })
    }
    return found
  })
}
