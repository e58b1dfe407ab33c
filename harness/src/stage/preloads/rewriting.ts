/** Makes the code of a later version out of today's: a constant in a source file is one greater. */
import { registerHooks } from 'node:module'

/** `path`: how the file's address ends. Throws, when the file is loaded, where it does not declare the constant. */
export function raise(path: string, constant: string): void {
  const declared = new RegExp(`(export const ${constant} = )(\\d+)`)
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      if (!url.endsWith(path)) return loaded
      const { source } = loaded
      const text =
        typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString()
      if (!declared.test(text)) throw new Error(`${path} declares no ${constant}`)
      const raised = text.replace(declared, (_, head, number) => `${head}${Number(number) + 1}`)
      return { ...loaded, source: raised }
    },
  })
}
