/** What a key means while the focus is on the list of messages, or on one of them. Pure. */

export type MessageKey = 'older' | 'newer' | 'edit' | 'delete' | 'leave'

export type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'
>

export function messageKey(pressed: Pressed): MessageKey | undefined {
  if (pressed.shiftKey || pressed.altKey || pressed.ctrlKey || pressed.metaKey) return undefined
  switch (pressed.key) {
    case 'ArrowUp':
      return 'older'
    case 'ArrowDown':
      return 'newer'
    case 'Escape':
      return 'leave'
    case 'Delete':
    case 'Backspace':
      return 'delete'
    default:
      // By the key's place: on a Korean keyboard it writes another letter.
      return pressed.code === 'KeyE' ? 'edit' : undefined
  }
}
