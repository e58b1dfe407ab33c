/** Request bodies: JSON within bounds of size and depth, and nothing else. */
import { LIMITS } from '@madang/protocol'
import { Refusal } from '../core/refusal.ts'

/** Parses a body; no body at all is an empty object, so that a route whose body is optional can be called without. Throws `Refusal`. */
export function parseBody(text: string): unknown {
  if (text === '') return {}
  if (depthOf(text) > LIMITS.payloadDepthMax)
    throw new Refusal('too_deep', { limit: 'payloadDepthMax' })
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid', { field: 'body' })
  }
}

/** How deep the brackets of a JSON text nest, told before it is parsed. */
export function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]
    if (isInString) {
      if (letter === '\\') at += 1
      else if (letter === '"') isInString = false
    } else if (letter === '"') isInString = true
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, ++depth)
    else if (letter === '}' || letter === ']') depth -= 1
  }
  return deepest
}
