/** A message's text: links are links, everything else is text. */
import { useText } from '../../i18n/language.tsx'
import { tokenize } from './links.ts'
import styles from './message-text.module.css'

export function MessageText({ text, edited }: { text: string; edited: boolean }) {
  const words = useText()
  let at = 0
  return (
    <p className={styles.text} dir="auto">
      {tokenize(text).map((token) => {
        const key = at
        at += token.text.length
        if (token.kind === 'text') return token.text
        return (
          <a key={key} href={token.href} target="_blank" rel="noopener noreferrer nofollow">
            {token.text}
          </a>
        )
      })}
      {edited && <span className={styles.edited}> ({words.timeline.edited})</span>}
    </p>
  )
}
