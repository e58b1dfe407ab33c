// Which test files a command means. Pure.

/** Every test of the repository. */
export const TEST_GLOBS = [
  'packages/*/{src,test}/**/*.test.ts',
  'tests/**/*.test.ts',
  'scripts/**/*.test.ts',
  'harness/**/*.test.ts',
  'examples/**/*.test.ts',
]

/** Files, folders, or any part of a path. Nothing wanted is everything; what fits nothing is named. */
export function selectTests(
  all: readonly string[],
  wanted: readonly string[],
): { readonly files: readonly string[]; readonly unknown: readonly string[] } {
  const clean = wanted.map((one) => one.replace(/^\.\//, '').replace(/\/$/, ''))
  const matchesOf = (one: string): readonly string[] => {
    const exact = all.filter((path) => path === one || path.startsWith(`${one}/`))
    return exact.length > 0 ? exact : all.filter((path) => path.includes(one))
  }
  const files = clean.length === 0 ? all : [...new Set(clean.flatMap(matchesOf))].sort()
  return { files, unknown: clean.filter((one) => matchesOf(one).length === 0) }
}

/** Whether any of these may open the web app. */
export function opensWeb(files: readonly string[]): boolean {
  return files.some(
    (path) => !/^(scripts|tests\/(tidy|services)|packages\/(protocol|fanout|client))\//.test(path),
  )
}
