/** A message's text: links are links, code is code, everything else is text. */
import { Fragment, type ReactNode } from 'react'
import { useText } from '../../i18n/language.tsx'
import { blocksOf, isPicture, spansOf } from './blocks.ts'
import { tokenize } from './links.ts'
import styles from './message-text.module.css'

export function MessageText({ text, edited }: { text: string; edited: boolean }) {
  const words = useText()
  const mark = edited && <span className={styles.edited}> ({words.timeline.edited})</span>
  const blocks = blocksOf(text)
  const last = blocks.length - 1
  return keyed(blocks, (block, at) =>
    block.kind === 'code' ? (
      <pre className={styles.block}>
        <code>{block.text}</code>
        {at === last && mark}
      </pre>
    ) : (
      <p className={styles.text} dir="auto" data-picture={isPicture(block.text) || undefined}>
        {keyed(spansOf(block.text), (span) =>
          span.kind === 'code' ? (
            <code className={styles.code}>{span.text}</code>
          ) : (
            <Links text={span.text} />
          ),
        )}
        {at === last && mark}
      </p>
    ),
  )
}

function Links({ text }: { text: string }) {
  return keyed(tokenize(text), (token) =>
    token.kind === 'text' ? (
      token.text
    ) : (
      <a href={token.href} target="_blank" rel="noopener noreferrer nofollow">
        {token.text}
      </a>
    ),
  )
}

/** Parts of a text are known by where they begin. */
function keyed<T extends { readonly text: string }>(
  parts: readonly T[],
  draw: (part: T, at: number) => ReactNode,
): ReactNode {
  let begin = 0
  return parts.map((part, at) => {
    const key = `${begin} ${at}`
    begin += part.text.length
    return <Fragment key={key}>{draw(part, at)}</Fragment>
  })
}
