/** What a key means in a field that sends. Pure. */

export type KeyAction = 'send' | 'cancel' | 'editLast' | 'none'

export type Key = Pick<
  KeyboardEvent,
  'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey' | 'isComposing' | 'keyCode'
>

/** Safari ends a composition before it tells of the Enter that ended it, but still under this code. */
const COMPOSING_KEY_CODE = 229

/** While a Korean, Japanese or Chinese syllable is being composed, Enter and Escape belong to the input method. */
export function keyAction(key: Key): KeyAction {
  if (key.isComposing || key.keyCode === COMPOSING_KEY_CODE) return 'none'
  if (key.shiftKey || key.altKey || key.ctrlKey || key.metaKey) return 'none'
  switch (key.key) {
    case 'Enter':
      return 'send'
    case 'Escape':
      return 'cancel'
    case 'ArrowUp':
      return 'editLast'
    default:
      return 'none'
  }
}
