/** What the keys do wherever one is on the page. Pure. */

export type Shortcut =
  | 'help'
  | 'switcher'
  | 'previous'
  | 'next'
  | 'previousUnread'
  | 'nextUnread'
  | 'members'

export type Stroke = Pick<
  KeyboardEvent,
  'key' | 'code' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey' | 'isComposing'
>

/** `writing`: the focus is in a field, where a question mark is a question mark. */
export function shortcutOf(stroke: Stroke, writing: boolean): Shortcut | undefined {
  const { key, code, shiftKey, altKey, isComposing } = stroke
  if (isComposing) return undefined
  const command = stroke.ctrlKey !== stroke.metaKey
  if (command && !altKey) return withCommand(code, shiftKey)
  if (command || stroke.ctrlKey) return undefined
  if (altKey && key === 'ArrowUp') return shiftKey ? 'previousUnread' : 'previous'
  if (altKey && key === 'ArrowDown') return shiftKey ? 'nextUnread' : 'next'
  return key === '?' && !altKey && !writing ? 'help' : undefined
}

/** By the key's place, so that it works where the keyboard writes Korean. */
function withCommand(code: string, shift: boolean): Shortcut | undefined {
  if (code === 'KeyK' && !shift) return 'switcher'
  if (code === 'Slash' && !shift) return 'help'
  return code === 'KeyM' && shift ? 'members' : undefined
}

/** The keys of a shortcut as they are written on the keyboard in front of the reader. */
export const KEYS = (mac: boolean) => {
  const command = mac ? '⌘' : 'Ctrl'
  const alt = mac ? '⌥' : 'Alt'
  return {
    switcher: [command, 'K'],
    next: [alt, '↓'],
    previous: [alt, '↑'],
    nextUnread: [alt, '⇧', '↓'],
    previousUnread: [alt, '⇧', '↑'],
    members: [command, '⇧', 'M'],
    send: ['Enter'],
    newLine: ['⇧', 'Enter'],
    editLast: ['↑'],
    intoMessages: ['⇧', 'Tab'],
    throughMessages: ['↑', '↓'],
    editMessage: ['E'],
    deleteMessage: ['Delete'],
    backToComposer: ['Esc'],
    help: [command, '/'],
  } as const
}

export type Described = keyof ReturnType<typeof KEYS>

export const isMac = (platform: string): boolean => /mac|iphone|ipad/i.test(platform)

/** The one before or after in a list that goes round; the first or last where the present one is not in it. */
export function step<T>(all: readonly T[], at: number, by: 1 | -1): T | undefined {
  if (all.length === 0) return undefined
  const from = at === -1 && by === -1 ? 0 : at
  return all[(from + by + all.length) % all.length]
}
